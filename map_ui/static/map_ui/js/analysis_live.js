// While sliders move: the whole area's statistic as a picture over the map, one request at a time.

import { make, number, say, setup } from "wardwise/page";
import { NoConnection, Problem, request } from "wardwise/requests";

const MOST_PIXELS = 1200;
const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";

/** Ask for the surface whenever the form changes; `atOnce`: also before. `view` is an open map. */
export function bindSurface(form, view, { atOnce }) {
  const { address, methods } = setup.analysis.live;
  const panel = $("live");
  let wanted = atOnce;
  let busy = false;
  let asked = "";

  function query() {
    const fields = new URLSearchParams(new FormData(form));
    for (const name of ["csrfmiddlewaretoken", "file"]) fields.delete(name);
    const side = view.map.getCanvas();
    fields.set("bbox", view.map.getBounds().toArray().flat().map((degrees) => degrees.toFixed(6)).join());
    fields.set("pixels", Math.min(MOST_PIXELS, Math.max(side.clientWidth, side.clientHeight)));
    return fields.toString();
  }

  const may = () => methods.includes($("method").value) && ($("area").value !== "shape" || $("shape").value !== "");

  async function ask() {
    if (!wanted || busy) return;
    panel.hidden = !may();
    if (panel.hidden) return void hide();
    const now = query();
    if (now === asked) return;
    [busy, asked] = [true, now];
    try {
      const answer = await request(`${address}?${now}`);
      const facts = JSON.parse(answer.headers.get("Wardwise-Surface"));
      view.lay(await createImageBitmap(await answer.blob()), facts.box);
      tell(facts);
    } catch (error) {
      if (!(error instanceof Problem || error instanceof NoConnection)) throw error;
      hide();
      asked = now;
      $("live-words").textContent = error.message;
    } finally {
      busy = false;
    }
    // What moved meanwhile is asked now: the last place of a slider is always shown.
    ask();
  }

  function hide() {
    asked = "";
    view.lay(null);
    $("live-steps").replaceChildren();
  }

  function tell({ incidents, ms, legend }) {
    $("live-words").textContent = say("live_told", { n: number(incidents), ms: number(ms) });
    $("live-steps").replaceChildren(...legend.map((step) => make("li", {}, swatch(step.colour), ` ${step.name} `, make("span", { class: "hint" }, `(${step.places})`))));
    panel.dataset.asked = asked;
  }

  const changed = () => {
    wanted = true;
    ask();
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  view.map.on("moveend", ask);
  ask();
}

function swatch(colour) {
  const svg = document.createElementNS(SVG, "svg");
  const rect = document.createElementNS(SVG, "rect");
  set(svg, { class: "swatch", viewBox: "0 0 20 14", "aria-hidden": "true" });
  set(rect, { x: 0.5, y: 0.5, width: 19, height: 13, rx: 2, fill: colour, stroke: "currentColor" });
  svg.append(rect);
  return svg;
}

const set = (element, attributes) => Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
