// Choosing what is wrong: sectors that open, and a search that needs no marks.

import { folded, icon, setup } from "wardwise/page";

/** Bind the picker; `onChoose(code)` with "" when the choice is taken back. Returns choose(code). */
export function bindCategories(form, onChoose) {
  const picker = form.querySelector("#category-picker");
  const chosen = form.querySelector("#chosen-category");
  const search = form.querySelector("#category-search");
  const tiles = [...picker.querySelectorAll(".category-tile")];
  for (const tile of tiles) tile.folded = folded(`${tile.textContent} ${tile.dataset.words}`);

  function choose(code, { focus = false } = {}) {
    const input = tiles.map((tile) => tile.querySelector("input")).find(({ value }) => value === code);
    picker.hidden = Boolean(input);
    chosen.hidden = !input;
    showEmergency(form, input);
    if (input) {
      input.checked = true;
      form.querySelector("#chosen-icon").replaceChildren(icon(input.dataset.icon));
      form.querySelector("#chosen-name").textContent = setup.categories[code]?.name ?? code;
      if (focus) form.querySelector("#change-category").focus({ preventScroll: true });
    }
    onChoose(input ? code : "");
  }

  // Arrow keys walk through the radios without closing the grid; a click, Enter or Space decides.
  picker.addEventListener("click", (event) => {
    if (event.target.matches("input[type=radio]") && (event.detail > 0 || event.pointerType)) choose(event.target.value, { focus: true });
  });
  picker.addEventListener("change", (event) => event.target.matches("input[type=radio]") && onChoose(event.target.value));
  picker.addEventListener("keydown", (event) => {
    if (!event.target.matches("input[type=radio]") || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    choose(event.target.value, { focus: true });
  });
  form.querySelector("#change-category").addEventListener("click", () => {
    picker.hidden = false;
    chosen.hidden = true;
    search.focus();
  });
  search.addEventListener("input", () => filter(picker, tiles, folded(search.value)));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = search.value.trim() && tiles.find((tile) => !tile.hidden);
    if (first) choose(first.querySelector("input").value, { focus: true });
  });
  return choose;
}

function filter(picker, tiles, text) {
  const words = text.split(/\s+/).filter(Boolean);
  picker.classList.toggle("searching", words.length > 0);
  for (const tile of tiles) tile.hidden = !words.every((word) => tile.folded.includes(word));
  for (const sector of picker.querySelectorAll(".sector-choice")) {
    const any = sector.querySelector(".category-tile:not([hidden])") !== null;
    sector.hidden = !any;
    // Sectors share a name so that one opens at a time; while searching all with an answer are open.
    if (words.length) sector.removeAttribute("name");
    else sector.setAttribute("name", "sector");
    sector.open = words.length > 0 && any;
  }
  picker.querySelector("#category-none").hidden = !words.length || tiles.some((tile) => !tile.hidden);
}

function showEmergency(form, input) {
  const aside = form.querySelector("#emergency");
  aside.hidden = !input?.hasAttribute("data-danger");
  for (const line of aside.querySelectorAll("li")) {
    const only = line.dataset.categories.split(" ").filter(Boolean);
    line.hidden = only.length > 0 && !only.includes(input?.value);
  }
}
