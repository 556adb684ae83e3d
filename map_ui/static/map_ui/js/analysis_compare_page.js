// Two periods compared: the table of changes beside their map.

import { openMap } from "wardwise/analysis_map";
import { bindTable } from "wardwise/analysis_table";

let map = null;
const table = bindTable(document.getElementById("ranked"), () => map);

openMap({ rows: table.rows(), onPick: () => undefined, onCorner: () => undefined }).then((drawn) => {
  map = drawn;
  document.body.classList.toggle("no-map", !drawn);
  document.documentElement.dataset.map = drawn ? "ready" : "none";
});
document.documentElement.dataset.analysis = "ready";
