// The planners' workspace: the form shows what belongs to its method, the map redraws while a slider
// moves, a run tells how far it is, table and map show the same place.

import { bindForm } from "wardwise/analysis_form";
import { bindSurface } from "wardwise/analysis_live";
import { openMap } from "wardwise/analysis_map";
import { bindTable } from "wardwise/analysis_table";
import { say, setup } from "wardwise/page";
import { json, Problem } from "wardwise/requests";

const ASK_AGAIN_MS = 700;
const $ = (id) => document.getElementById(id);
let map = null;

async function follow() {
  try {
    const told = await json(setup.analysis.state);
    if (!told.goes_on) return void location.reload();
    if (told.blind) $("bar").removeAttribute("value");
    else $("bar").value = told.progress;
    if ($("state-words").textContent !== told.words) $("state-words").textContent = told.words;
  } catch (error) {
    if (error instanceof Problem && !error.passing) return void ($("state-words").textContent = error.message || say("server_trouble"));
  }
  setTimeout(follow, ASK_AGAIN_MS);
}

const table = bindTable($("ranked"), () => map);
const form = bindForm($("ask"), { onDraw: (corners, drawing) => map?.draw(corners, drawing) });
if (setup.analysis.state) setTimeout(follow, ASK_AGAIN_MS);
openMap({ rows: table.rows(), onPick: table.picked, onCorner: form.corner }).then((drawn) => {
  map = drawn;
  document.body.classList.toggle("no-map", !drawn);
  form.draw();
  if (drawn) bindSurface($("ask"), drawn, { atOnce: !setup.analysis.drawn && !setup.analysis.state });
  document.documentElement.dataset.map = drawn ? "ready" : "none";
});
$("form-error")?.focus();
document.documentElement.dataset.analysis = "ready";
