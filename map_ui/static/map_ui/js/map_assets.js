// Assets by how many incidents were about each, for offices: steps and dates come from the server.

import { theme } from "wardwise/basemap";
import { make, number, say } from "wardwise/page";

// ColorBrewer's RdPu, safe for colour-blind eyes and apart from wards and heat: https://colorbrewer2.org
const RAMP = {
  light: ["#feebe2", "#fbb4b9", "#f768a1", "#c51b8a", "#7a0177"],
  dark: ["#7a0177", "#c51b8a", "#f768a1", "#fbb4b9", "#feebe2"],
};
const NONE = { light: "#ffffff", dark: "#2a312e" };
const EDGE = { light: "#49006a", dark: "#feebe2" };
const LISTED = 5;
const EMPTY = { type: "FeatureCollection", features: [] };
let shown = { steps: [], empty: false, shapes: EMPTY };

/** Return the colour of each step: the ramp's ends are used where steps are few. */
function colours() {
  const many = shown.steps.length - (shown.empty ? 1 : 0);
  const some = Array.from({ length: many }, (_, at) => RAMP[theme()][many === 1 ? 2 : Math.round((at * 4) / (many - 1))]);
  return shown.empty ? [NONE[theme()], ...some] : some;
}

/** Return the paint of a step; before anything was told there is none. */
function stepColour() {
  const pairs = colours().flatMap((one, step) => [step, one]);
  return pairs.length ? ["match", ["get", "step"], ...pairs, NONE[theme()]] : NONE[theme()];
}

/** Add the layers; `showAssets` fills them. */
export function addAssets(map) {
  map.addSource("assets", { type: "geojson", data: shown.shapes });
  map.addLayer({ id: "assets-fill", type: "fill", source: "assets", filter: ["!=", ["geometry-type"], "Point"], paint: { "fill-color": stepColour(), "fill-opacity": 0.6 } });
  map.addLayer({ id: "assets-line", type: "line", source: "assets", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": EDGE[theme()], "line-width": 1.2 } });
  map.addLayer({
    id: "assets", type: "circle", source: "assets", filter: ["==", ["geometry-type"], "Point"],
    layout: { "circle-sort-key": ["get", "count"] },
    paint: { "circle-color": stepColour(), "circle-radius": 7, "circle-stroke-width": 1.5, "circle-stroke-color": EDGE[theme()] },
  });
}

/** Ask for the assets of a box under `query`; null when another question came after. */
let asked = 0;
export async function readAssets(query, box) {
  const mine = ++asked;
  const address = new URLSearchParams(query);
  address.set("bbox", box.map((degree) => degree.toFixed(6)).join(","));
  const answer = await fetch(`/map/assets.json?${address}`).catch(() => null);
  if (mine !== asked || !answer?.ok) return null;
  return answer.json();
}

/** Draw what was told, and fill the legend's part: numbers, and the first of them as words. */
export function showAssets(map, told, { steps, list, hint }) {
  shown = told;
  map.getSource("assets")?.setData(told.shapes);
  if (map.getLayer("assets")) {
    map.setPaintProperty("assets", "circle-color", stepColour());
    map.setPaintProperty("assets-fill", "fill-color", stepColour());
  }
  const swatches = colours();
  steps.replaceChildren(...told.steps.map((said, at) => {
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = swatches[at];
    return make("li", {}, swatch, said);
  }));
  const points = told.shapes.features.filter(({ geometry }) => geometry.type === "Point");
  const first = points.filter(({ properties }) => properties.count).slice(0, LISTED);
  list.replaceChildren(...first.map(({ properties }) => make("li", {}, ...words(properties))));
  hint.textContent = told.too_many ? say("assets_too_many") : points.length ? "" : say("assets_none");
  hint.hidden = !hint.textContent;
}

/** Say what is known of an asset where it was clicked. */
export function tellAsset({ map, maplibre }, { lngLat, features: [{ properties }] }) {
  const body = make("div", { class: "asset-told" }, ...words(properties));
  new maplibre.Popup({ closeButton: false, maxWidth: "260px" }).setLngLat(lngLat).setDOMContent(body).addTo(map);
}

function words({ name, count, last }) {
  const told = count ? say("asset_told", { n: number(count), day: last }) : say("asset_nothing");
  return [make("strong", {}, name), make("span", {}, told)];
}
