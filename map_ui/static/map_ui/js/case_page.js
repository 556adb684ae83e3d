// The page of one incident: its panel, and the map beside it.

import { bindCase, drawCaseMap } from "wardwise/case";

const root = document.querySelector("[data-case-root]");
bindCase(root, "page");
drawCaseMap(root.querySelector("[data-case-map]"), root.querySelector(".case").dataset);
