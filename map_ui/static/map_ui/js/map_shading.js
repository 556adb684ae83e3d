// Wards coloured by how much there is: steps reckoned by the server, numbers in the legend.

import { theme } from "wardwise/basemap";
import { make, number, say } from "wardwise/page";

// ColorBrewer's YlGnBu, safe for colour-blind eyes and apart from the heat's YlOrBr: https://colorbrewer2.org
const RAMP = {
  light: ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"],
  dark: ["#253494", "#2c7fb8", "#41b6c4", "#a1dab4", "#ffffcc"],
};
const NOTHING = "rgba(0, 0, 0, 0)";
const HATCHED = { light: [79, 91, 86], dark: [159, 176, 170] };
const UNKNOWN = -2;

/** Return how many colours of the ramp stand for `many` steps, its ends always among them. */
const spread = (many) => Array.from({ length: many }, (_, at) => (many === 1 ? 2 : Math.round((at * 4) / (many - 1))));

/** Add the layer; wards have no colour until `shade` gives them one. */
export function addShading(map) {
  const colours = RAMP[theme()];
  map.addLayer({
    id: "shading", type: "fill", source: "areas", "source-layer": "wards",
    paint: {
      "fill-color": ["match", ["coalesce", ["feature-state", "step"], -1], ...colours.flatMap((colour, step) => [step, colour]), NOTHING],
      "fill-opacity": 0.62,
    },
  }, "wards-line");
  if (!map.hasImage("hatched")) map.addImage("hatched", hatched(HATCHED[theme()]), { pixelRatio: 2 });
  map.addLayer({
    id: "shading-unknown", type: "fill", source: "areas", "source-layer": "wards",
    paint: { "fill-pattern": "hatched", "fill-opacity": ["case", ["==", ["feature-state", "step"], UNKNOWN], 0.7, 0] },
  }, "wards-line");
}

/** Return a picture of slanting lines that goes on in all directions. */
function hatched(colour) {
  const size = 16;
  const data = new Uint8ClampedArray(size * size * 4);
  for (let at = 0; at < size * size; at++) {
    const line = ((at % size) + Math.floor(at / size)) % size < 3;
    data.set([...colour, line ? 255 : 0], at * 4);
  }
  return new ImageData(data, size, size);
}

/** Ask the server for the steps of `query` and `measure`; null when another question came after. */
let asked = 0;
export async function readShading(query, measure) {
  const mine = ++asked;
  const address = new URLSearchParams(query);
  address.set("measure", measure);
  const answer = await fetch(`/map/wards.json?${address}`).catch(() => null);
  if (mine !== asked || !answer?.ok) return null;
  return answer.json();
}

/** Colour the wards as `told` has it. */
export function shade(map, told) {
  if (!map.getSource("areas")) return;
  map.removeFeatureState({ source: "areas", sourceLayer: "wards" });
  const steps = spread(told.steps.length - (told.empty ? 1 : 0));
  for (const [code, [step]] of Object.entries(told.wards)) {
    const at = told.empty ? step - 1 : step;
    if (at >= 0) setStep(map, code, steps[at]);
  }
  for (const code of Object.keys(told.unknown)) setStep(map, code, UNKNOWN);
}

const setStep = (map, code, step) => map.setFeatureState({ source: "areas", sourceLayer: "wards", id: code }, { step });

/** Fill the legend: a colour and the numbers that it stands for, a line a step. */
export function fillShadingLegend(list, told) {
  const steps = spread(told.steps.length - (told.empty ? 1 : 0));
  const rows = told.steps.map((said, number) => {
    const at = told.empty ? number - 1 : number;
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = at < 0 ? "transparent" : RAMP[theme()][steps[at]];
    return make("li", {}, swatch, said);
  });
  const unknown = Object.keys(told.unknown).length;
  if (unknown) {
    const swatch = make("span", { class: "swatch unknown", "aria-hidden": "true" });
    rows.push(make("li", {}, swatch, say("wards_not_known", { n: number(unknown) })));
  }
  list.replaceChildren(...rows);
}

/** Fill the table: a ward a row, the highest value first; `unit` is that of the value, if it is not the count itself. */
export function fillWardTable({ rows, heading }, told, unit) {
  const name = new Intl.Collator(document.documentElement.lang).compare;
  const known = Object.entries(told.wards).map(([code, [, count, value]]) => ({ name: told.names[code], count, value }));
  known.sort((one, other) => other.value - one.value || name(one.name, other.name));
  heading.hidden = !unit;
  heading.textContent = unit;
  const cell = (text) => make("td", { hidden: !unit }, text);
  const row = (ward, ...cells) => make("tr", {}, make("th", { scope: "row" }, ward), ...cells);
  rows.replaceChildren(
    ...known.map((ward) => row(ward.name, make("td", {}, number(ward.count)), cell(number(ward.value, 2, 2)))),
    ...Object.entries(told.unknown).map(([code, count]) => row(told.names[code], make("td", {}, number(count)), cell(say("not_known")))),
  );
}
