// The planners' workspace: the form shows what belongs to its method, the run tells how far it is,
// table and map show the same place.

import { bindForm } from "wardwise/analysis_form";
import { openMap } from "wardwise/analysis_map";
import { say, setup } from "wardwise/page";
import { json, Problem } from "wardwise/requests";

const ASK_AGAIN_MS = 700;
const $ = (id) => document.getElementById(id);
const table = $("ranked");
let map = null;

const rows = () => [...(table?.querySelectorAll("tbody tr") ?? [])];

/** Show a row's place on the map, and which row it is. */
function choose(row, { go = true } = {}) {
  for (const one of rows()) one.classList.toggle("chosen", one === row);
  if (row) map?.look({ lon: Number(row.dataset.lon), lat: Number(row.dataset.lat), rank: row.dataset.spot }, { go });
}

table?.addEventListener("click", (event) => choose(event.target.closest("tbody tr")));
table?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const row = event.target.closest("tbody tr");
  if (!step || !row) return;
  event.preventDefault();
  rows()[rows().indexOf(row) + step]?.querySelector(".place").focus();
});

/** From the map: bring the row of a place into view. */
function picked(spot) {
  const row = rows().find((one) => one.dataset.spot === String(spot));
  if (!row) return;
  choose(row, { go: false });
  row.querySelector(".place").focus();
}

async function follow() {
  try {
    const told = await json(setup.analysis.state);
    if (!told.goes_on) return void location.reload();
    $("bar").value = told.progress;
    if ($("state-words").textContent !== told.words) $("state-words").textContent = told.words;
  } catch (error) {
    if (error instanceof Problem && !error.passing) return void ($("state-words").textContent = error.message || say("server_trouble"));
  }
  setTimeout(follow, ASK_AGAIN_MS);
}

const form = bindForm($("ask"), { onDraw: (corners, drawing) => map?.draw(corners, drawing) });
if (setup.analysis.state) setTimeout(follow, ASK_AGAIN_MS);
openMap({ rows: rows(), onPick: picked, onCorner: form.corner }).then((drawn) => {
  map = drawn;
  document.body.classList.toggle("no-map", !drawn);
  form.draw();
  document.documentElement.dataset.map = drawn ? "ready" : "none";
});
$("form-error")?.focus();
document.documentElement.dataset.analysis = "ready";
