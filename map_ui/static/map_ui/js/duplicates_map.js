// The map beside the comparison: those compared as letters or numbers, all else that is open around.

import { createMap, theme, tileAddress } from "wardwise/basemap";
import { boxAround } from "wardwise/candidate_marks";
import { bindLasso, inside } from "wardwise/lasso";
import { addWards, drawMarkersOf } from "wardwise/map_layers";
import { make, setup } from "wardwise/page";

const LINE = { light: "#17201d", dark: "#edf2f0" };
const $ = (id) => document.getElementById(id);

/** Draw the map; `onPick(id)` for a mark, `onLasso(ids)` for what was drawn around. Null where it cannot be drawn. */
export async function openMap({ onPick, onLasso }) {
  let places = [];
  let marks = [];
  const dress = (map) => {
    addWards(map);
    map.addSource("incidents", { type: "vector", tiles: [tileAddress("/tiles/desk", "tab=open")], minzoom: 0, maxzoom: 16 });
    map.addLayer({
      id: "incidents", type: "symbol", source: "incidents", "source-layer": "incidents",
      layout: { "icon-image": ["concat", "incident:", ["get", "category"], ":", ["get", "status"]], "icon-allow-overlap": true, "icon-ignore-placement": true, "icon-size": 0.75 },
      paint: { "icon-opacity": 0.75 },
    });
    map.addSource("between", { type: "geojson", data: between(places) });
    map.addLayer({ id: "between", type: "line", source: "between", paint: { "line-color": LINE[theme()], "line-width": 2, "line-dasharray": [2, 2] } });
  };
  const drawn = await createMap("map", { describedBy: "map-hint", dress }).catch(() => null);
  if (!drawn) return null;
  const { map, maplibre } = drawn;
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  drawMarkersOf(map);
  map.on("load", () => ($("map-message").hidden = true));
  if (setup.desk.box) map.fitBounds(setup.desk.box, { padding: 32, animate: false });
  bindLasso($("lasso-line"), $("lasso"), (polygon) => onLasso(drawnAround(polygon)));

  /** Numbers of the incidents within the line: those compared, and single ones around. */
  function drawnAround(polygon) {
    const found = new Set(places.filter(({ lon, lat }) => inside(pixels([lon, lat]), polygon)).map(({ id }) => id));
    for (const feature of map.queryRenderedFeatures({ layers: ["incidents"] })) {
      if (inside(pixels(feature.geometry.coordinates), polygon)) found.add(Number(feature.properties.id ?? feature.id));
    }
    return [...found].sort((one, other) => one - other);
  }

  const pixels = (lonlat) => {
    const { x, y } = map.project(lonlat);
    return [x, y];
  };

  return {
    map,
    show(fresh) {
      places = fresh;
      marks.forEach((mark) => mark.remove());
      marks = gathered(places).map(({ ids, text, lon, lat }) => {
        const element = make("button", { type: "button", class: "dup-mark", "data-mark": text, tabindex: "-1", "aria-hidden": "true" }, text);
        element.addEventListener("click", () => onPick(ids[0]));
        return new maplibre.Marker({ element }).setLngLat([lon, lat]).addTo(map);
      });
      map.getSource("between")?.setData(between(places));
      if (places.length) map.fitBounds(boxAround(places), { padding: 72, maxZoom: 17.5, animate: false });
    },
  };
}

/** Those that stand on one point share a mark. */
function gathered(places) {
  const at = new Map();
  for (const place of places) {
    const key = `${place.lon.toFixed(5)},${place.lat.toFixed(5)}`;
    at.set(key, [...(at.get(key) ?? []), place]);
  }
  return [...at.values()].map((here) => ({
    ids: here.map(({ id }) => id),
    text: here.length > 2 ? `${here.length}×` : here.map(({ mark }) => mark).join(" "),
    lon: here[0].lon,
    lat: here[0].lat,
  }));
}

/** A line between two; nothing between more. */
function between(places) {
  const ends = places.length === 2 ? places.map(({ lon, lat }) => [lon, lat]) : [];
  return { type: "FeatureCollection", features: ends.length ? [{ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: ends } }] : [] };
}
