// The form of a question: what belongs to the method is shown, sliders say their number, and an
// area is drawn corner by corner.

import { number, say } from "wardwise/page";

const $ = (id) => document.getElementById(id);
const DIGITS = 3;

/** Bind the form; `onDraw(corners, drawing)` hears of the drawn area. Returns { corner, draw }. */
export function bindForm(form, { onDraw }) {
  let corners = restored();

  function settle() {
    const method = $("method").value;
    for (const one of form.querySelectorAll(".method")) one.toggleAttribute("data-off", one.dataset.method !== method);
    for (const one of form.querySelectorAll("[data-area]")) one.toggleAttribute("data-off", one.dataset.area !== $("area").value);
    $("own-days").toggleAttribute("data-off", $("period").value !== "free");
    $("guard").toggleAttribute("data-off", form.querySelector(".method:not([data-off])").dataset.tests !== "yes");
    $("rates").toggleAttribute("data-off", form.querySelector(".method:not([data-off])").dataset.rates !== "yes");
    for (const one of form.querySelectorAll("[data-when]")) {
      const deciding = $(one.dataset.when);
      one.toggleAttribute("data-off", deciding.value === deciding.dataset.usual);
    }
    for (const select of form.querySelectorAll("[data-explained]")) for (const one of $(`${select.id}-help`).children) one.toggleAttribute("data-off", one.dataset.of !== select.value);
    if ($("area").value === "wards") form.querySelector('[data-area="wards"]').open = true;
    draw();
  }

  const drawing = () => $("area").value === "shape";
  const draw = () => onDraw(corners, drawing());

  function set(to) {
    corners = to.map(([lon, lat]) => [round(lon), round(lat)]);
    $("shape").value = corners.length >= 3 ? JSON.stringify({ type: "Polygon", coordinates: [[...corners, corners[0]]] }) : "";
    form.dispatchEvent(new Event("change"));
    $("corner-count").textContent = say(corners.length < 3 ? "corners_needed" : "corners", { n: number(corners.length) });
    draw();
  }

  for (const select of form.querySelectorAll("select")) select.addEventListener("change", settle);
  for (const input of form.querySelectorAll("input[type=range]")) {
    const shown = form.querySelector(`output[for="${CSS.escape(input.id)}"]`);
    const tell = () => (shown.textContent = `${number(Number(input.value), DIGITS)} ${shown.dataset.unit}`.trim());
    input.addEventListener("input", tell);
    tell();
  }
  $("clear-corners").addEventListener("click", () => set([]));
  form.addEventListener("submit", () => ($("run").disabled = true));
  addEventListener("pageshow", () => ($("run").disabled = false));
  settle();
  return {
    draw,
    /** A corner was set on the map; null takes the last one back. */
    corner: (place) => drawing() && set(place ? [...corners, place] : corners.slice(0, -1)),
  };
}

const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

/** What was drawn before; an area of several parts stays as it is. */
function restored() {
  try {
    const told = JSON.parse($("shape").value);
    const rings = told.type === "MultiPolygon" ? told.coordinates.flat() : told.coordinates;
    return rings.length === 1 ? rings[0].slice(0, -1) : [];
  } catch {
    return [];
  }
}
