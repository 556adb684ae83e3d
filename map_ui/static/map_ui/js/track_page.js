// One pin on a small map; the words beside it do not wait for it.

import { bindAnswering } from "wardwise/answering";
import { createMap } from "wardwise/basemap";
import { addWards } from "wardwise/map_layers";

const SVG = "http://www.w3.org/2000/svg";
const frame = document.getElementById("map");
if (frame) draw();
bindAnswering();

async function draw() {
  const [lon, lat] = [Number(frame.dataset.lon), Number(frame.dataset.lat)];
  const drawn = await createMap("map", { dress: addWards, center: [lon, lat], zoom: 15.5, cooperativeGestures: false, scrollZoom: false }).catch(() => null);
  document.documentElement.dataset.map = drawn ? "ready" : "none";
  if (!drawn) return document.body.classList.add("no-map");
  drawn.map.addControl(new drawn.maplibre.NavigationControl({ showCompass: false }), "top-right");
  drawn.map.on("load", () => (document.getElementById("map-message").hidden = true));
  return new drawn.maplibre.Marker({ element: pin(), anchor: "bottom" }).setLngLat([lon, lat]).addTo(drawn.map);
}

function pin() {
  const shape = (tag, attributes) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const svg = shape("svg", { class: "pin-marker", viewBox: "0 0 40 52", "aria-hidden": "true" });
  svg.append(
    shape("path", { d: "M20 1C9.5 1 1 9.3 1 19.5 1 33 20 50 20 50s19-17 19-30.5C39 9.3 30.5 1 20 1z" }),
    shape("circle", { cx: 20, cy: 19.5, r: 7 }),
  );
  return svg;
}
