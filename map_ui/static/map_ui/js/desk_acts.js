// Doing one thing to those ticked, or to the one looked at: asked for what it needs, told what became of it.

import { allRows, chosenRow, rowOf, tick, tickAll, ticked } from "wardwise/desk_rows";
import { number, say, setup } from "wardwise/page";
import { request } from "wardwise/requests";

const $ = (id) => document.getElementById(id);
const bar = $("bulk-bar");
const outcome = $("outcome");
/** What needs no step of the workflow. */
const ALWAYS = new Set(["note"]);

/** Bind bar, dialogs and ticks; `onDone(ids)` after something was done. Returns { act(kind), show() }. */
export function bindActs(onDone) {
  let before = null;
  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("input[name=chosen]");
    if (box) {
      tick(box.closest(".desk-row"), box.checked, event.shiftKey);
      show();
    }
  });
  $("select-all").addEventListener("click", () => all(true));
  $("select-none").addEventListener("click", () => all(false));
  for (const button of bar.querySelectorAll("[data-act]")) button.addEventListener("click", () => act(button.dataset.act));
  for (const dialog of document.querySelectorAll(".act-dialog")) {
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => before?.isConnected && before.focus({ preventScroll: true }));
    dialog.querySelector("form[action]")?.addEventListener("submit", (event) => {
      event.preventDefault();
      send(dialog);
    });
  }

  function all(on) {
    tickAll(on);
    show();
  }

  function show() {
    const rows = ticked();
    bar.hidden = !rows.length;
    $("bulk-count").textContent = say("selected", { n: number(rows.length) });
    for (const button of bar.querySelectorAll("[data-act]")) button.hidden = !rows.some((row) => may(row, button.dataset.act));
  }

  /** Begin an act on the ticked rows, else on the one looked at. */
  function act(kind) {
    const dialog = $(`act-${kind}`);
    const rows = meant();
    if (!dialog || !rows.length) return;
    if (!rows.some((row) => may(row, kind))) return void tell(say("not_possible"));
    before = document.activeElement;
    dialog.querySelector(".act-count").textContent = say("of_selected", { n: number(rows.length) });
    if (dialog.querySelector(".field")) {
      dialog.showModal();
      dialog.querySelector("select, textarea")?.focus();
    } else send(dialog);
  }

  async function send(dialog) {
    const rows = meant().slice(0, setup.desk.most);
    const form = new FormData(dialog.querySelector("form"));
    for (const { dataset } of rows) form.append("chosen", `${dataset.id}:${dataset.version}`);
    const button = dialog.querySelector(".primary");
    button.disabled = true;
    try {
      const answer = await request(setup.desk.act, { method: "POST", body: form, headers: { "X-CSRFToken": form.get("csrfmiddlewaretoken") } });
      const told = await answer.text();
      dialog.close();
      dialog.querySelector("form").reset();
      const ids = rows.map(({ dataset }) => dataset.id);
      for (const id of ids) rowOf(id)?.querySelector("input[name=chosen]") && (rowOf(id).querySelector("input[name=chosen]").checked = false);
      show();
      report(told, ids.length);
      onDone(ids);
    } catch (error) {
      dialog.close();
      tell(error.message);
    } finally {
      button.disabled = false;
    }
  }

  /** One that went well is only said; several, or one that did not, are shown. */
  function report(html, many) {
    const body = $("outcome-body");
    body.innerHTML = html;
    const said = body.querySelector("h2").textContent.trim();
    if (many === 1 && !body.querySelector("[data-failed]")) return tell(said);
    outcome.showModal();
    return body.querySelector("h2").focus();
  }

  return { act, show };
}

const meant = () => {
  const rows = ticked();
  return rows.length ? rows : [chosenRow()].filter((row) => row && allRows().includes(row));
};
const may = (row, kind) => ALWAYS.has(kind) || row.dataset.steps.split(" ").includes(kind);

/** Say something to whoever listens, and show it for a while. */
export function tell(words) {
  const news = $("live-news");
  news.textContent = words;
  news.classList.remove("unseen");
  clearTimeout(telling);
  telling = setTimeout(() => news.classList.add("unseen"), 6000);
}
let telling = 0;
