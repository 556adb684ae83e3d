// The case beside the list: fetched as a fragment, worked on without leaving the desk.

import { bindCase, bindParts } from "wardwise/case";
import { make } from "wardwise/page";
import { request } from "wardwise/requests";

/** Bind the panel; returns { open(id), close(), renew(ids) }. `onStep(id)` after a step was taken in it. */
export function openCase({ onStep }) {
  const panel = document.getElementById("desk-case");
  const body = document.getElementById("case-body");
  let before = null;
  bindCase(body, "desk");
  body.addEventListener("case:changed", ({ detail }) => onStep(String(detail.id)));

  async function open(id) {
    if (panel.hidden) before = document.activeElement;
    panel.hidden = false;
    panel.dataset.case = id;
    document.getElementById("case-link").href = `/case/${id}`;
    body.replaceChildren(make("div", { class: "skeleton-row" }), make("div", { class: "skeleton-row" }));
    try {
      body.innerHTML = await (await request(`/desk/incidents/${id}`)).text();
      bindParts(body);
    } catch (error) {
      body.replaceChildren(make("p", { class: "field-error", role: "alert" }, error.message));
    }
    (body.querySelector("#case-title") ?? panel).focus({ preventScroll: true });
    panel.scrollTop = 0;
  }

  function close() {
    if (panel.hidden) return;
    panel.hidden = true;
    body.replaceChildren();
    const row = document.getElementById(`row-${panel.dataset.case}`);
    (row?.querySelector(".row-link") ?? before)?.focus({ preventScroll: true });
  }

  /** Show how the open case stands now, where it changed and nobody is writing in it. */
  async function renew(ids) {
    const id = panel.dataset.case;
    if (panel.hidden || !ids.has(id) || body.querySelector("details[open]")) return;
    const answer = await request(`/desk/incidents/${id}`).catch(() => null);
    if (!answer) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".case");
    const shown = body.querySelector(".case");
    if (!fresh || !shown || fresh.dataset.version === shown.dataset.version || body.querySelector("details[open]")) return;
    const focused = shown.contains(document.activeElement);
    shown.replaceWith(fresh);
    bindParts(body);
    if (focused) body.querySelector("#case-title")?.focus({ preventScroll: true });
  }

  document.getElementById("close-case").addEventListener("click", close);
  return { open, close, renew };
}
