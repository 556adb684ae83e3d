// Drawing an area of one's own, corner by corner, by pointer or by keys.

import { createMap, theme } from "wardwise/basemap";
import { addWards } from "wardwise/map_layers";
import { number, say, setup } from "wardwise/page";

const $ = (id) => document.getElementById(id);
const COLOURS = { light: "#7a32d1", dark: "#cba3ff" };
let corners = restored();
let map = null;

start();
$("undo-corner").addEventListener("click", () => set(corners.slice(0, -1)));
$("clear-corners").addEventListener("click", () => set([]));
$("add-corner").addEventListener("click", addMiddle);
$("draw-frame").addEventListener("keydown", (event) => {
  if (event.key === " ") addMiddle();
  else if (event.key === "Backspace") set(corners.slice(0, -1));
  else return;
  event.preventDefault();
});

async function start() {
  const drawn = await createMap("map", { describedBy: "draw-keys", dress }).catch(() => null);
  document.documentElement.dataset.map = drawn ? "ready" : "none";
  if (!drawn) return document.body.classList.add("no-map");
  map = drawn.map;
  map.addControl(new drawn.maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.on("load", () => ($("map-message").hidden = true));
  if (setup.desk.box) map.fitBounds(setup.desk.box, { padding: 32, animate: false });
  map.doubleClickZoom.disable();
  map.on("click", ({ lngLat }) => set([...corners, [lngLat.lng, lngLat.lat]]));
  return set(corners);
}

function dress(on) {
  const colour = COLOURS[theme()];
  addWards(on);
  on.addSource("drawn", { type: "geojson", data: shape() });
  on.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": colour, "fill-opacity": 0.15 } });
  on.addLayer({ id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": colour, "line-width": 3 } });
  on.addLayer({ id: "drawn-corners", type: "circle", source: "drawn", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": colour, "circle-radius": 6, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } });
}

function addMiddle() {
  if (!map) return;
  const { lng, lat } = map.getCenter();
  set([...corners, [lng, lat]]);
}

function set(to) {
  corners = to.map(([lon, lat]) => [round(lon), round(lat)]);
  map?.getSource("drawn")?.setData(shape());
  $("drawn").value = corners.length >= 3 ? JSON.stringify(polygon()) : "";
  $("corner-count").textContent = say(corners.length < 3 ? "corners_needed" : "corners", { n: number(corners.length) });
}

const round = (degrees) => Math.round(degrees * 1e6) / 1e6;
const polygon = () => ({ type: "Polygon", coordinates: [[...corners, corners[0]]] });

function shape() {
  const geometries = corners.map((corner) => ({ type: "Point", coordinates: corner }));
  if (corners.length >= 3) geometries.push(polygon());
  else if (corners.length === 2) geometries.push({ type: "LineString", coordinates: corners });
  return { type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}

/** What was drawn before the server said no. */
function restored() {
  try {
    return JSON.parse($("drawn").value).coordinates[0].slice(0, -1);
  } catch {
    return [];
  }
}
