// Wards coloured by how much there is: steps reckoned by the server, numbers in the legend.

import { theme } from "wardwise/basemap";
import { make } from "wardwise/page";

// ColorBrewer's YlGnBu, safe for colour-blind eyes and apart from the heat's YlOrBr: https://colorbrewer2.org
const RAMP = {
  light: ["#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494"],
  dark: ["#253494", "#2c7fb8", "#41b6c4", "#a1dab4", "#ffffcc"],
};
const NOTHING = "rgba(0, 0, 0, 0)";

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
    if (at >= 0) map.setFeatureState({ source: "areas", sourceLayer: "wards", id: code }, { step: steps[at] });
  }
}

/** Fill the legend: a colour and the numbers that it stands for, a line a step. */
export function fillShadingLegend(list, told) {
  const steps = spread(told.steps.length - (told.empty ? 1 : 0));
  const rows = told.steps.map((said, number) => {
    const at = told.empty ? number - 1 : number;
    const swatch = make("span", { class: "swatch", "aria-hidden": "true" });
    swatch.style.background = at < 0 ? "transparent" : RAMP[theme()][steps[at]];
    return make("li", {}, swatch, said);
  });
  list.replaceChildren(...rows);
}
