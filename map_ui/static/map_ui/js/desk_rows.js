// The desk's rows: which is looked at, which are ticked, and how one comes, changes or goes in place.

import { make } from "wardwise/page";

const list = () => document.getElementById("desk-rows");
const arrived = document.getElementById("arrived-rows");
const TICKS = "input[name=chosen]";
let before = null;

/** Return all rows in the order in which they are read. */
export const allRows = () => [...arrived.children, ...(list()?.children ?? [])];
export const rowOf = (id) => document.getElementById(`row-${id}`);
export const ticked = () => allRows().filter((row) => row.querySelector(TICKS).checked);
export const chosenRow = () => document.querySelector(".desk-row.chosen");

/** Mark a row as the one looked at, on the list alone. */
export function choose(row) {
  if (row === chosenRow()) return;
  for (const other of document.querySelectorAll(".desk-row.chosen")) {
    other.classList.remove("chosen");
    other.querySelector(".row-link").removeAttribute("aria-current");
  }
  row?.classList.add("chosen");
  row?.querySelector(".row-link").setAttribute("aria-current", "true");
}

/** Look at the row `by` places further on; the first where none is looked at. */
export function step(by) {
  const rows = allRows();
  if (!rows.length) return;
  const at = rows.indexOf(chosenRow());
  focusRow(rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)]);
}

export const focusRow = (row) => row?.querySelector(".row-link").focus();

/** Tick or untick a row; with `through`, all from the last one that was ticked on. */
export function tick(row, on, through = false) {
  const rows = allRows();
  const [from, to] = [rows.indexOf(before), rows.indexOf(row)].sort((a, b) => a - b);
  const meant = through && from >= 0 ? rows.slice(from, to + 1) : [row];
  for (const one of meant) one.querySelector(TICKS).checked = on;
  before = row;
}

/** Tick all rows, or none. */
export function tickAll(on) {
  for (const row of allRows()) row.querySelector(TICKS).checked = on;
}

/**
 * Put a row from the server's text where it belongs. What was ticked, looked at or focused stays so.
 * Returns "changed" for one that stood there, "new" for one that did not.
 */
export function putRow(html) {
  const row = read(html);
  const old = rowOf(row.dataset.id);
  if (!old) {
    row.classList.add("fresh");
    arrived.prepend(row);
    return "new";
  }
  row.querySelector(TICKS).checked = old.querySelector(TICKS).checked;
  const focused = old.contains(document.activeElement) ? document.activeElement.tagName : "";
  if (old.classList.contains("chosen")) {
    choose(null);
    row.classList.add("chosen");
    row.querySelector(".row-link").setAttribute("aria-current", "true");
  }
  const seen = old.dataset.order === row.dataset.order || old.parentElement === arrived;
  old.replaceWith(row);
  if (!seen) place(row);
  if (focused) row.querySelector(focused === "INPUT" ? TICKS : ".row-link").focus({ preventScroll: true });
  return "changed";
}

/** Take a row away; who stood on it stands on the next one. */
export function removeRow(id) {
  const row = rowOf(id);
  if (!row) return false;
  const rows = allRows();
  const next = rows[rows.indexOf(row) + 1] ?? rows[rows.indexOf(row) - 1];
  const focused = row.contains(document.activeElement);
  const looked = row.classList.contains("chosen");
  row.remove();
  if (focused) (next ? next.querySelector(".row-link") : document.getElementById("desk")).focus({ preventScroll: true });
  if (looked) choose(next ?? null);
  return true;
}

/** Move a row to its place: what is due first comes first; of what has ended, the newest. */
function place(row) {
  const ended = list().dataset.tab === "ended";
  const order = (one) => (ended ? one.dataset.order.replace(/^[^-]*-/, "") : one.dataset.order);
  const later = [...list().children].find((one) => one !== row && (ended ? order(one) < order(row) : order(one) > order(row)));
  if (later) later.before(row);
  else list().append(row);
}

function read(html) {
  const holder = make("template");
  holder.innerHTML = html;
  return holder.content.firstElementChild;
}
