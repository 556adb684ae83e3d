// The desk's map: the list as groups and single dots, the one looked at ringed, own areas outlined.

import { createMap, theme, tileAddress } from "wardwise/basemap";
import { addWards, drawMarkersOf, fontOf } from "wardwise/map_layers";
import { calm, language, make, setup } from "wardwise/page";
import { json } from "wardwise/requests";

const COLOURS = {
  light: { group: "#00665c", onGroup: "#ffffff", halo: "#ffffff", late: "#b3261e", area: "#7a32d1" },
  dark: { group: "#5fd6c2", onGroup: "#00211d", halo: "#101412", late: "#ff9a91", area: "#cba3ff" },
};
const RELOAD_MS = 1000;
const NEAR = 15;

/** Draw the map; returns null where it cannot be drawn, else what moves and marks it. */
export async function openDeskMap({ query, onPick }) {
  let asked = query;
  let turn = 0;
  let areas = { type: "FeatureCollection", features: [] };
  let shownArea = new URLSearchParams(query).get("area");
  const tiles = () => tileAddress("/tiles/desk", `${asked}${asked ? "&" : ""}turn=${turn}`);
  const dress = (map) => {
    addWards(map);
    map.addSource("own-areas", { type: "geojson", data: areas });
    map.addSource("incidents", { type: "vector", tiles: [tiles()], minzoom: 0, maxzoom: 16 });
    for (const layer of layers(fontOf(map))) map.addLayer(layer);
    showArea(map);
  };
  const drawn = await createMap("map", { describedBy: "map-hint", dress }).catch(() => null);
  if (!drawn) return null;
  const { map, maplibre } = drawn;
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  drawMarkersOf(map);
  map.on("load", () => (document.getElementById("map-message").hidden = true));
  if (setup.desk.box) map.fitBounds(setup.desk.box, { padding: 32, animate: false });
  const ring = new maplibre.Marker({ element: make("span", { class: "chosen-dot", "aria-hidden": "true" }) });
  bindPicking(map, onPick);
  loadAreas();

  async function loadAreas() {
    areas = await json(setup.desk.areas).catch(() => areas);
    map.getSource("own-areas")?.setData(areas);
    const chosen = areas.features.find(({ id }) => String(id) === shownArea);
    if (chosen) map.fitBounds(boxOf(chosen.geometry), { padding: 48, animate: false });
  }
  function showArea(on) {
    for (const layer of ["own-area-fill", "own-area-line"]) on.getLayer(layer) && on.setFilter(layer, ["==", ["to-string", ["id"]], shownArea ?? ""]);
  }
  let soon = 0;
  const reload = () => {
    soon ||= setTimeout(() => {
      soon = 0;
      turn += 1;
      map.getSource("incidents")?.setTiles([tiles()]);
    }, RELOAD_MS);
  };
  return {
    map,
    reload,
    narrow(to) {
      asked = to;
      shownArea = new URLSearchParams(to).get("area");
      map.getSource("incidents")?.setTiles([tiles()]);
      showArea(map);
    },
    /** Ring the place of a row; bring it into view where it is not. */
    look(row, { go = true } = {}) {
      if (!row) return ring.remove();
      const place = [Number(row.dataset.lon), Number(row.dataset.lat)];
      ring.setLngLat(place).addTo(map);
      if (!go) return undefined;
      if (!map.getBounds().contains(place) || map.getZoom() < NEAR - 1) map.easeTo({ center: place, zoom: Math.max(map.getZoom(), NEAR), animate: !calm.matches, duration: 300 });
      return undefined;
    },
  };
}

function bindPicking(map, onPick) {
  for (const layer of ["incidents", "clusters"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  map.on("click", "incidents", ({ features }) => onPick(features[0].properties.id ?? features[0].id));
  map.on("click", "clusters", ({ features }) => {
    map.easeTo({ center: features[0].geometry.coordinates, zoom: Math.min(map.getZoom() + 2, 17), animate: !calm.matches });
  });
}

function layers(font) {
  const colour = COLOURS[theme()];
  return [
    { id: "own-area-fill", type: "fill", source: "own-areas", paint: { "fill-color": colour.area, "fill-opacity": 0.08 } },
    { id: "own-area-line", type: "line", source: "own-areas", paint: { "line-color": colour.area, "line-width": 3, "line-dasharray": [2, 1] } },
    {
      id: "clusters", type: "circle", source: "incidents", "source-layer": "clusters",
      paint: {
        "circle-color": colour.group, "circle-opacity": 0.92,
        "circle-stroke-width": ["case", [">", ["get", "late"], 0], 4, 2],
        "circle-stroke-color": ["case", [">", ["get", "late"], 0], colour.late, colour.halo],
        "circle-radius": ["step", ["get", "count"], 12, 10, 16, 100, 20, 1000, 26],
      },
    },
    {
      id: "cluster-counts", type: "symbol", source: "incidents", "source-layer": "clusters",
      layout: {
        "text-field": ["concat", ["number-format", ["get", "count"], { locale: language, "max-fraction-digits": 0 }], ["case", [">", ["get", "late"], 0], " !", ""]],
        "text-font": font, "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true,
      },
      paint: { "text-color": colour.onGroup },
    },
    {
      id: "incidents", type: "symbol", source: "incidents", "source-layer": "incidents",
      layout: {
        "icon-image": ["concat", "incident:", ["get", "category"], ":", ["get", "status"]],
        "icon-allow-overlap": true, "icon-ignore-placement": true,
        "symbol-sort-key": ["case", ["get", "late"], 1, 0],
      },
    },
    {
      // Late is said by a sign of its own, not by a colour alone.
      id: "late-signs", type: "symbol", source: "incidents", "source-layer": "incidents", filter: ["get", "late"],
      layout: { "text-field": "!", "text-font": font, "text-size": 20, "text-offset": [0.75, -0.6], "text-allow-overlap": true, "text-ignore-placement": true },
      paint: { "text-color": colour.late, "text-halo-color": colour.halo, "text-halo-width": 2 },
    },
  ];
}

/** Return the box around a geometry of polygons. */
export function boxOf(geometry) {
  const corners = geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 2);
  const [lons, lats] = [corners.map(([lon]) => lon), corners.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
