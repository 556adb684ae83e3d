// A circle on a map, whose middle and radius stand in fields that can be typed into as well.

import { createMap } from "wardwise/basemap";
import { addWards } from "wardwise/map_layers";

const DEGREE_M = 111_320;
const CORNERS = 64;
const DIGITS = 6;

/** Bind the circle's fields; its map is drawn when `details` opens. Returns { put({ lon, lat }) }. */
export function bindCircle(details, onPut) {
  const [lat, lon, radius] = ["lat", "lon", "radius"].map((name) => details.querySelector(`#${name}`));
  let drawn = null;

  const middle = () => {
    const [x, y] = [lon, lat].map((input) => Number.parseFloat(input.value.replace(",", ".")));
    return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : null;
  };

  async function draw() {
    if (drawn || !details.open) return;
    drawn = createMap("map", { dress, center: middle() ?? undefined, zoom: middle() ? 14 : undefined, cooperativeGestures: false });
    const made = await drawn.catch(() => null);
    if (!made) return details.querySelector(".circle-map").remove();
    made.map.addControl(new made.maplibre.NavigationControl({ showCompass: false }), "top-right");
    made.map.on("load", () => (document.getElementById("map-message").hidden = true));
    made.map.on("click", ({ lngLat }) => put({ lon: lngLat.lng, lat: lngLat.lat }));
    document.documentElement.dataset.map = "ready";
  }

  function dress(map) {
    addWards(map);
    map.addSource("circle", { type: "geojson", data: shape() });
    map.addLayer({ id: "circle", type: "fill", source: "circle", paint: { "fill-color": "#00897b", "fill-opacity": 0.25 } });
    map.addLayer({ id: "circle-edge", type: "line", source: "circle", paint: { "line-color": "#00897b", "line-width": 2 } });
  }

  function shape() {
    const here = middle();
    const rings = here ? [ring(here, Number(radius.value))] : [];
    return { type: "FeatureCollection", features: rings.map((coordinates) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [coordinates] } })) };
  }

  async function show() {
    const made = await drawn?.catch(() => null);
    made?.map.getSource("circle")?.setData(shape());
    return made;
  }

  async function put(place) {
    lon.value = place.lon.toFixed(DIGITS);
    lat.value = place.lat.toFixed(DIGITS);
    onPut();
    const made = await show();
    made?.map.easeTo({ center: middle(), zoom: Math.max(made.map.getZoom(), 14) });
  }

  details.addEventListener("toggle", draw);
  for (const input of [lat, lon, radius]) input.addEventListener("change", show);
  draw();
  return { put };
}

/** The corners of a circle around a place, in degrees: as round as a map of a city needs. */
function ring([lon, lat], metres) {
  const [dx, dy] = [metres / (DEGREE_M * Math.cos((lat * Math.PI) / 180)), metres / DEGREE_M];
  return Array.from({ length: CORNERS + 1 }, (_, corner) => {
    const angle = (2 * Math.PI * corner) / CORNERS;
    return [lon + dx * Math.cos(angle), lat + dy * Math.sin(angle)];
  });
}
