// Reports without a place: candidates as numbered marks, keys for each, an own pin under the map.

import { createMap } from "wardwise/basemap";
import { boxAround, markCandidates } from "wardwise/candidate_marks";
import { listenForKeys } from "wardwise/console_keys";
import { addWards } from "wardwise/map_layers";
import { bindPin } from "wardwise/pin";

const $ = (id) => document.getElementById(id);
const frame = $("pin-frame");
let drawing = null;
let clearMarks = () => undefined;
let pin = null;

listenForKeys();
document.addEventListener("htmx:afterSwap", () => {
  pinning(false);
  bindCard();
  document.querySelector("#queue h1")?.focus();
});
$("put-pin").addEventListener("click", putPin);
frame.addEventListener("keydown", (event) => {
  if (!frame.classList.contains("pinning")) return;
  if (event.key === "Enter") putPin();
  else if (event.key === "Escape") {
    pinning(false);
    $("own-pin").focus();
  } else return;
  event.preventDefault();
});
start();

async function start() {
  drawing = await createMap("map", { dress: addWards, describedBy: "map-keys" }).catch(() => null);
  if (!drawing) document.body.classList.add("no-map");
  else {
    const { map, maplibre } = drawing;
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    map.on("load", () => ($("map-message").hidden = true));
    bindPin(map, frame, (place) => (pin = place));
  }
  bindCard();
  document.documentElement.dataset.map = drawing ? "ready" : "none";
}

/** Draw the candidates of the card that is shown, and listen to it. */
function bindCard() {
  clearMarks();
  const lines = [...document.querySelectorAll("#candidates li")];
  $("own-pin")?.addEventListener("click", () => pinning(!frame.classList.contains("pinning")));
  if (!drawing || !lines.length) return;
  const places = lines.map(({ dataset }) => ({ lon: Number(dataset.lon), lat: Number(dataset.lat), numbered: Number(dataset.number) }));
  clearMarks = markCandidates(drawing, places, ({ numbered }) => lines[numbered - 1].querySelector("button").click());
  const marks = [...document.querySelectorAll(".candidate-mark")];
  for (const [index, line] of lines.entries()) {
    const look = (on) => () => marks[index].classList.toggle("looked-at", on);
    for (const [begin, end] of [["pointerenter", "pointerleave"], ["focusin", "focusout"]]) {
      line.addEventListener(begin, look(true));
      line.addEventListener(end, look(false));
    }
  }
  drawing.map.fitBounds(boxAround(places), { padding: 72, maxZoom: 16, animate: false }, { quiet: true });
}

function pinning(on) {
  frame.classList.toggle("pinning", on);
  $("pinning-bar").hidden = !on;
  $("own-pin")?.setAttribute("aria-pressed", String(on));
  if (on) drawing?.map.getCanvas().focus();
}

/** Send where the pin stands, as the card's own form does. */
function putPin() {
  const { map } = drawing;
  const { lng, lat } = map.getCenter();
  $("lat").value = (pin?.lat ?? lat).toFixed(6);
  $("lon").value = (pin?.lon ?? lng).toFixed(6);
  $("accuracy-m").value = pin?.accuracy ?? "";
  $("put-typed").click();
}
