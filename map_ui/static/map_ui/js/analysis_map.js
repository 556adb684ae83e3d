// The map of a result: its places by class, the first of them numbered, and the area being drawn.

import { createMap, theme } from "wardwise/basemap";
import { addWards } from "wardwise/map_layers";
import { calm, make, setup } from "wardwise/page";
import { json } from "wardwise/requests";

const NUMBERED = 10;
const NEAR = 14;
const EMPTY = { type: "FeatureCollection", features: [] };
const LINES = { light: { edge: "#17201d", drawn: "#7a32d1" }, dark: { edge: "#edf2f0", drawn: "#cba3ff" } };

/** Draw it; returns null where there is no map. `onPick(spot)`, `onCorner([lon, lat] or null)`. */
export async function openMap({ rows, onPick, onCorner }) {
  let result = EMPTY;
  let shape = EMPTY;
  let laid = null;
  const dress = (map) => {
    addWards(map);
    map.addSource("result", { type: "geojson", data: result });
    for (const layer of resultLayers()) map.addLayer(layer, "ward-labels");
    if (laid) layPicture(map, laid);
    map.addSource("drawn", { type: "geojson", data: shape });
    for (const layer of drawnLayers()) map.addLayer(layer);
  };
  const made = await createMap("map", { describedBy: "map-hint", dress }).catch(() => null);
  if (!made) return null;
  const { map, maplibre } = made;
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  const frame = document.getElementById("draw-frame");
  const marks = numbered(map, maplibre, rows);
  let drawing = false;

  map.on("load", () => (document.getElementById("map-message").hidden = true));
  map.on("click", ({ lngLat, point }) => {
    if (drawing) return onCorner([lngLat.lng, lngLat.lat]);
    const [found] = map.queryRenderedFeatures(point, { layers: ["result-fill", "result-line"] });
    return found?.properties.spot ? onPick(found.properties.spot) : undefined;
  });
  const middle = () => onCorner(map.getCenter().toArray());
  document.getElementById("add-corner")?.addEventListener("click", middle);
  frame.addEventListener("keydown", (event) => {
    if (!drawing || ![" ", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === " ") middle();
    else onCorner(null);
  });
  load();

  /** Show the picture, or the result that it stands before. */
  function show() {
    if (!map.getLayer("result-fill")) return;
    layPicture(map, laid);
    for (const layer of ["result-fill", "result-line", "result-edge"]) map.setLayoutProperty(layer, "visibility", laid ? "none" : "visible");
    for (const mark of marks.values()) mark.hidden = Boolean(laid);
    frame.dataset.surface = laid ? "yes" : "no";
  }

  async function load() {
    if (!setup.analysis.drawn) return;
    result = await json(setup.analysis.drawn).catch(() => EMPTY);
    map.getSource("result")?.setData(result);
    frame.dataset.places = result.features.length;
    const box = boxAround(rows);
    if (box) map.fitBounds(box, { padding: 56, maxZoom: NEAR, animate: false });
  }

  return {
    map,
    look({ lon, lat, rank }, { go }) {
      for (const [of, mark] of marks) mark.classList.toggle("chosen", of === rank);
      if (go) map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), NEAR), animate: !calm.matches, duration: 300 });
    },
    /** Lay a picture over a box in degrees, in place of the result; null takes it away. */
    lay(picture, box) {
      laid = picture ? pictureOf(picture, box) : null;
      show();
    },
    draw(corners, on) {
      drawing = on;
      frame.classList.toggle("drawing", on);
      shape = on ? shapeOf(corners) : EMPTY;
      map.getSource("drawn")?.setData(shape);
    },
  };
}

/** A page may not fetch what it made itself, so that a canvas holds the picture. */
function pictureOf(picture, [west, south, east, north]) {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [picture.width, picture.height];
  canvas.getContext("2d").drawImage(picture, 0, 0);
  return { canvas, coordinates: [[west, north], [east, north], [east, south], [west, south]] };
}

/** A source of a canvas keeps its size: each picture gets a new one. */
function layPicture(map, laid) {
  if (map.getLayer("surface")) map.removeLayer("surface");
  if (map.getSource("surface")) map.removeSource("surface");
  if (!laid) return;
  map.addSource("surface", { type: "canvas", ...laid, animate: false });
  map.addLayer({ id: "surface", type: "raster", source: "surface", paint: { "raster-opacity": 0.68, "raster-resampling": "nearest", "raster-fade-duration": 0 } }, "wards-line");
}

/** Put the ranks of the first places on the map; the table says the same. */
function numbered(map, maplibre, rows) {
  const marks = new Map();
  for (const row of rows.slice(0, NUMBERED).reverse()) {
    const mark = make("span", { class: "spot-mark", "aria-hidden": "true" }, row.dataset.spot);
    new maplibre.Marker({ element: mark }).setLngLat([Number(row.dataset.lon), Number(row.dataset.lat)]).addTo(map);
    // MapLibre names its markers for readers, who have the table instead.
    mark.removeAttribute("aria-label");
    mark.removeAttribute("role");
    marks.set(row.dataset.spot, mark);
  }
  return marks;
}

function boxAround(rows) {
  if (!rows.length) return null;
  const lons = rows.map((row) => Number(row.dataset.lon));
  const lats = rows.map((row) => Number(row.dataset.lat));
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

const AREAS = ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]];
const STREETS = ["in", ["geometry-type"], ["literal", ["LineString", "MultiLineString"]]];
const colour = () => ["match", ["get", "kind"], ...Object.entries(setup.analysis.colours).flat(), "#888888"];

function resultLayers() {
  return [
    { id: "result-fill", type: "fill", source: "result", filter: AREAS, paint: { "fill-color": colour(), "fill-opacity": 0.68, "fill-antialias": false } },
    { id: "result-line", type: "line", source: "result", filter: STREETS, paint: { "line-color": colour(), "line-width": ["interpolate", ["linear"], ["zoom"], 10, 2, 16, 7] } },
    { id: "result-edge", type: "line", source: "result", filter: ["all", AREAS, [">", ["get", "spot"], 0]], paint: { "line-color": LINES[theme()].edge, "line-width": 1, "line-opacity": 0.6 } },
  ];
}

function drawnLayers() {
  const line = LINES[theme()].drawn;
  return [
    { id: "drawn-fill", type: "fill", source: "drawn", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": line, "fill-opacity": 0.12 } },
    { id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": line, "line-width": 3 } },
    { id: "drawn-corners", type: "circle", source: "drawn", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": line, "circle-radius": 6 } },
  ];
}

function shapeOf(corners) {
  const geometries = corners.map((corner) => ({ type: "Point", coordinates: corner }));
  if (corners.length >= 3) geometries.push({ type: "Polygon", coordinates: [[...corners, corners[0]]] });
  else if (corners.length === 2) geometries.push({ type: "LineString", coordinates: corners });
  return { type: "FeatureCollection", features: geometries.map((geometry) => ({ type: "Feature", properties: {}, geometry })) };
}
