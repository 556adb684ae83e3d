// One search box: ward names without marks, and typed coordinates. A combobox for keys and readers.

import { inCity, parsePair } from "wardwise/coordinates";
import { folded, make, number, say } from "wardwise/page";
import { json } from "wardwise/requests";

const MOST_SHOWN = 8;

/** Bind the search form; `onPick({ lon, lat, box, label })` is called with what was chosen. */
export function bindSearch(form, onPick) {
  const input = form.querySelector("input");
  const results = form.querySelector("[role=listbox]");
  const nothing = form.querySelector(".search-none");
  let places = null;
  let found = [];
  let active = -1;

  const load = () => (places ??= json(form.dataset.places).catch(() => ((places = null), [])));

  async function look() {
    const text = input.value.trim();
    found = text ? answersTo(text, await load()) : [];
    if (text !== input.value.trim()) return;
    active = found.length ? 0 : -1;
    render(text);
  }

  function render(text) {
    results.replaceChildren(...found.map((place, index) =>
      make("li", { role: "option", id: `place-${index}`, "aria-selected": String(index === active) }, place.label)));
    results.hidden = !found.length;
    nothing.hidden = !text || found.length > 0;
    nothing.textContent = nothing.hidden ? "" : say("nothing_found");
    input.setAttribute("aria-expanded", String(found.length > 0));
    if (active >= 0) input.setAttribute("aria-activedescendant", `place-${active}`);
    else input.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    if (!found.length) return;
    active = (active + step + found.length) % found.length;
    render(input.value.trim());
    results.children[active].scrollIntoView({ block: "nearest" });
  }

  function pick(place) {
    input.value = place.label;
    close();
    onPick(place);
  }

  function close() {
    found = [];
    active = -1;
    render("");
  }

  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", look);
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      move(event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
    } else if (event.key === "Escape") close();
  });
  results.addEventListener("pointerdown", (event) => {
    const row = event.target.closest("li");
    if (row) pick(found[[...results.children].indexOf(row)]);
    event.preventDefault();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!found.length) await look();
    if (active >= 0) pick(found[active]);
  });
}

function answersTo(text, places) {
  const pair = parsePair(text);
  if (pair) return inCity(pair) ? [{ ...pair, label: `${number(pair.lat, 5)} · ${number(pair.lon, 5)}`, typed: true }] : [];
  const words = folded(text).split(/\s+/);
  const scored = [];
  for (const place of places) {
    place.folded ??= folded(place.label);
    if (!words.every((word) => place.folded.includes(word))) continue;
    const starts = place.folded.split(" ").some((part, index, parts) => parts.slice(index).join(" ").startsWith(folded(text)));
    scored.push([starts ? 0 : 1, place]);
  }
  return scored.sort((a, b) => a[0] - b[0]).slice(0, MOST_SHOWN).map(([, place]) => place);
}
