// The operators' queues of words and of agencies.

import { listenForKeys } from "wardwise/console_keys";

listenForKeys();

// After each decision the next card is read out from its title.
document.addEventListener("htmx:afterSwap", () => document.querySelector("#queue h1")?.focus());
