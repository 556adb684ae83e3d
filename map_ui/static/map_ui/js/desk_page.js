// The desk: list, map, filters, acts, the case beside them and the stream that keeps them true.

import { bindActs, tell } from "wardwise/desk_acts";
import { askInTurn } from "wardwise/desk_asking";
import { openCase } from "wardwise/desk_case";
import { bindDeskFilters } from "wardwise/desk_filters";
import { follow } from "wardwise/desk_live";
import { openDeskMap } from "wardwise/desk_map";
import { allRows, choose, chosenRow, focusRow, putRow, removeRow, rowOf, step, tick } from "wardwise/desk_rows";
import { icon, number, say, setup } from "wardwise/page";
import { newestOnly, request } from "wardwise/requests";

const $ = (id) => document.getElementById(id);
const desk = $("desk");
let map = null;

const acts = bindActs((ids) => refresh(ids));
const panel = openCase({ onStep: (id) => refresh([id]) });
const filters = bindDeskFilters($("desk-filters"), (query) => {
  load(query);
  map?.narrow(query);
  $("map-note").hidden = new URLSearchParams(query).get("tab") !== "ended";
});

const load = newestOnly(async (signal, query) => {
  $("desk-rows").setAttribute("aria-busy", "true");
  try {
    const answer = await request(`${setup.desk.list}?${query}`, { signal });
    $("desk-list").innerHTML = await answer.text();
    $("arrived-rows").replaceChildren();
    settle();
  } catch (error) {
    if (error.name === "AbortError") throw error;
    $("desk-rows").removeAttribute("aria-busy");
    tell(error.message);
  }
});

const ask = askInTurn({ most: setup.desk.most, address: rowsOf, onTold: putRows });

/** Take away what is gone, and ask how some incidents stand now: also those, since one may have come back. */
function refresh(ids, gone = []) {
  for (const id of gone) removeRow(id);
  return ask([...ids, ...gone]);
}

function rowsOf(ids) {
  const query = new URLSearchParams(filters.query());
  query.delete("cursor");
  query.set("ids", ids.join(","));
  return `${setup.desk.rows}?${query}`;
}

/** Put incidents where they belong as they stand now; tells how many are new. */
function putRows(told, asked) {
  let fresh = 0;
  const there = new Set(told.rows.map((row) => String(row.id)));
  for (const id of asked) if (!there.has(id)) removeRow(id);
  for (const row of told.rows) if (putRow(row.html) === "new") fresh += 1;
  const at = document.activeElement?.closest?.("#desk-tabs a")?.dataset.tab;
  $("desk-tabs").outerHTML = told.tabs;
  if (at) $("desk-tabs").querySelector(`[data-tab=${at}]`).focus();
  settle();
  map?.reload();
  panel.renew(new Set(asked));
  if (fresh) tell(say(fresh === 1 ? "one_new" : "many_new", { n: number(fresh) }));
}

/** After rows came or went: the empty state, the strip of arrivals, the ring on the map. */
function settle() {
  const here = $("arrived-rows").children.length;
  $("arrived").hidden = !here;
  $("arrived-count").textContent = number(here);
  $("desk-empty").hidden = allRows().length > 0;
  acts.show();
  map?.look(chosenRow(), { go: false });
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest(".desk-row");
  if (!row) return;
  choose(row);
  map?.look(row);
});
document.addEventListener("click", async (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest(".row-link");
  const following = event.target.closest("#following");
  if (link) {
    event.preventDefault();
    choose(link.closest(".desk-row"));
    panel.open(link.closest(".desk-row").dataset.id);
  } else if (following) {
    event.preventDefault();
    await more(following);
  }
});

async function more(link) {
  const query = new URLSearchParams(filters.query());
  query.set("cursor", link.dataset.cursor);
  const answer = await request(`${setup.desk.list}?${query}`).catch((error) => void tell(error.message));
  if (!answer) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const rows = [...page.getElementById("desk-rows").children].filter((row) => !rowOf(row.dataset.id));
  $("desk-rows").append(...rows);
  $("more-rows").replaceChildren(...page.getElementById("more-rows").children);
  focusRow(rows[0]);
}

for (const button of desk.querySelectorAll(".desk-switch button")) {
  button.addEventListener("click", () => {
    desk.dataset.side = button.dataset.side;
    for (const one of desk.querySelectorAll(".desk-switch button")) one.setAttribute("aria-pressed", String(one === button));
    map?.map.resize();
  });
}
$("reload").addEventListener("click", () => load(filters.query()).then(() => tell(say("loaded"))));
$("open-help").addEventListener("click", () => $("help").showModal());

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  a: () => acts.act("accept"),
  d: () => acts.act("decline"),
  r: () => acts.act("claim_done"),
  x: () => pick(false),
  X: () => pick(true),
  "?": () => $("help").showModal(),
  Escape: () => panel.close(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const writing = event.target.matches("textarea, select, input:not([type=checkbox])") || event.target.closest(".map, #desk-case");
  if (!(event.key in KEYS) || (writing && event.key !== "Escape")) return;
  event.preventDefault();
  KEYS[event.key]();
});

function pick(through) {
  const row = chosenRow();
  if (!row) return;
  tick(row, through || !row.querySelector("input[name=chosen]").checked, through);
  acts.show();
}

function showState(state) {
  const sign = $("live-sign");
  if (sign.dataset.state === state) return;
  sign.dataset.state = state;
  sign.replaceChildren(icon(state === "live" ? "plug-connected" : "plug-connected-x"), say({ live: "live", away: "stream_away", asking: "asking_now_and_then" }[state]));
}

/** Whether those that are shown are still ours, and how they stand. */
const look = () => refresh(allRows().map(({ dataset }) => dataset.id));

follow(setup.desk, { onChanges: ({ changed, gone }) => refresh(changed, gone), onState: showState, onLook: () => (new URLSearchParams(filters.query()).has("cursor") ? look() : lookForNew()) });

/** While the stream is away the list itself tells what is new. */
async function lookForNew() {
  if ($("live-sign").dataset.state === "live") return look();
  const answer = await request(`${setup.desk.list}?${filters.query()}`).catch(() => null);
  if (!answer) return undefined;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const ids = [...page.querySelectorAll(".desk-row")].map(({ dataset }) => dataset.id);
  return refresh(new Set([...ids, ...allRows().map(({ dataset }) => dataset.id)]));
}

openDeskMap({
  query: filters.query(),
  onPick: (id) => {
    const row = rowOf(id);
    if (row) row.scrollIntoView({ block: "nearest" });
    choose(row);
    panel.open(id);
  },
}).then((drawn) => {
  map = drawn;
  if (!drawn) document.body.classList.add("no-map");
  document.documentElement.dataset.map = drawn ? "ready" : "none";
  map?.look(chosenRow(), { go: false });
});
acts.show();
document.documentElement.dataset.desk = "ready";
