// The page of one incident: its panel, the map beside it, and what others do meanwhile.

import { bindCase, drawCaseMap, refreshCase } from "wardwise/case";
import { follow } from "wardwise/desk_live";
import { setup } from "wardwise/page";

const root = document.querySelector("[data-case-root]");
const panel = () => root.querySelector(".case");
const look = () => document.visibilityState === "visible" && refreshCase(root, "page");

bindCase(root, "page");
drawCaseMap(root.querySelector("[data-case-map]"), panel().dataset);
document.addEventListener("visibilitychange", look);
follow(setup.live, {
  onChanges: ({ changed }) => changed.has(Number(panel().dataset.case)) && look(),
  onState: () => undefined,
  onLook: look,
});
