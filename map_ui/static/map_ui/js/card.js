// The card of one incident slides up over the map; the map stays where it is.

import { request } from "wardwise/requests";
import { make } from "wardwise/page";

/** Bind the card sheet; returns { open(id), close() }. `onOpen(card)` gets the filled element. */
export function bindCard(sheet, onOpen) {
  const body = sheet.querySelector("#card-body");
  let before = null;

  async function open(id, { remember = true } = {}) {
    if (sheet.hidden) before = document.activeElement;
    sheet.hidden = false;
    body.replaceChildren(make("div", { class: "skeleton-row" }), make("div", { class: "skeleton-row" }));
    if (remember) history.pushState({ card: id }, "", `/i/${id}${location.search}${location.hash}`);
    try {
      const answer = await request(`/i/${id}/card`);
      body.innerHTML = await answer.text();
      onOpen(body.firstElementChild);
    } catch (error) {
      body.replaceChildren(make("p", { role: "alert" }, error.message));
    }
    (body.querySelector("#card-title") ?? sheet).focus({ preventScroll: true });
  }

  function close({ remember = true } = {}) {
    if (sheet.hidden) return;
    sheet.hidden = true;
    body.replaceChildren();
    if (remember) history.pushState({}, "", `/${location.search}${location.hash}`);
    before?.isConnected && before.focus({ preventScroll: true });
  }

  /** "Me too" is counted without leaving the map. */
  async function sayToo(form) {
    try {
      const answer = await request(form.action, { method: "POST", body: new FormData(form), headers: { "X-Part": "card" } });
      body.innerHTML = await answer.text();
      body.querySelector("[data-too] button")?.focus();
    } catch (error) {
      form.after(make("p", { role: "alert", class: "field-error" }, error.message));
    }
  }

  sheet.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-too]")) return;
    event.preventDefault();
    sayToo(event.target);
  });
  sheet.addEventListener("click", (event) => event.target.closest("[data-close-card]") && close());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
  });
  addEventListener("popstate", () => {
    const id = location.pathname.match(/^\/i\/(\d+)/)?.[1];
    if (id) open(id, { remember: false });
    else close({ remember: false });
  });
  return { open, close };
}
