// The map itself: a plain ground at once, the city's basemap under it when it answers.

import { calm, dark, say, setup } from "wardwise/page";

const GROUND = { light: "#eef1ee", dark: "#161b19" };
const BASEMAP_PATIENCE_MS = 8000;
const NARROW_PX = 900;

export const theme = () => (dark.matches ? "dark" : "light");

/** Return whether this browser can draw the map. */
export function canDraw() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

/**
 * Draw a map in `container` and call `dress(map)` whenever a style is fresh.
 * Returns { map, maplibre }, or null where the browser cannot draw one.
 */
export async function createMap(container, { dress, describedBy, ...options }) {
  if (!canDraw()) return null;
  const [maplibre] = await Promise.all([import("maplibre-gl"), loadStyles()]);
  const [west, south, east, north] = setup.city.extent;
  const map = new maplibre.Map({
    container,
    style: plainStyle(),
    center: setup.city.centre,
    zoom: setup.city.zoom,
    maxBounds: [[west - 1, south - 1], [east + 1, north + 1]],
    maxZoom: 20,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    fadeDuration: calm.matches ? 0 : 200,
    locale: controlWords(),
    ...options,
  });
  if (describedBy) map.getCanvas().setAttribute("aria-describedby", describedBy);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.AttributionControl({ compact: innerWidth < NARROW_PX, customAttribution: setup.attribution }));
  if (innerWidth < NARROW_PX) map.once("load", () => foldAttribution(map));
  map.on("style.load", () => dress(map));
  dark.addEventListener("change", () => wear(map));
  wear(map);
  return { map, maplibre };
}

/** Put on the basemap of the theme; without one, or when it does not answer, the plain ground. */
async function wear(map) {
  const address = setup.basemap[theme()] || setup.basemap.light;
  const plain = plainStyle();
  if (map.isStyleLoaded() && map.getLayer("ground")) {
    map.setPaintProperty("ground", "background-color", GROUND[theme()]);
  }
  if (!address) {
    if (map.getLayer("wards-line")) map.setStyle(plain, { diff: false });
    return;
  }
  try {
    const answer = await fetch(address, { signal: AbortSignal.timeout(BASEMAP_PATIENCE_MS) });
    if (answer.ok) map.setStyle(await answer.json(), { diff: false });
  } catch {
    console.info("The basemap did not answer; the wards are the map.");
  }
}

/** On a phone the sources stand behind their button, so that they cover nothing. */
function foldAttribution(map) {
  const box = map.getContainer().querySelector(".maplibregl-ctrl-attrib");
  box?.classList.remove("maplibregl-compact-show");
  box?.removeAttribute("open");
}

function plainStyle() {
  return {
    version: 8,
    sources: {},
    layers: [{ id: "ground", type: "background", paint: { "background-color": GROUND[theme()] } }],
  };
}

function loadStyles() {
  if (document.getElementById("maplibre-styles")) return Promise.resolve();
  return new Promise((resolve) => {
    const link = document.createElement("link");
    Object.assign(link, { id: "maplibre-styles", rel: "stylesheet", href: setup.map_styles, onload: resolve, onerror: resolve });
    document.head.prepend(link);
  });
}

function controlWords() {
  return {
    "NavigationControl.ZoomIn": say("zoom_in"),
    "NavigationControl.ZoomOut": say("zoom_out"),
    "Map.Title": say("map"),
    "AttributionControl.ToggleAttribution": say("attribution"),
  };
}

/** Return an address for tiles: MapLibre's worker wants it whole. */
export function tileAddress(path, query = "") {
  return `${location.origin}${path}/{z}/{x}/{y}.mvt${query ? `?${query}` : ""}`;
}
