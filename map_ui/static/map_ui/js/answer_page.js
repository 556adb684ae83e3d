// The page behind a one-time link: the answer's forms, nothing else.

import { bindAnswering } from "wardwise/answering";

bindAnswering();
