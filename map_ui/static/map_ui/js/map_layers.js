// Wards, heat, groups and single incidents, as MapLibre layers over our vector tiles.

import { theme, tileAddress } from "wardwise/basemap";
import { addAssets } from "wardwise/map_assets";
import { addShading } from "wardwise/map_shading";
import { addMarker } from "wardwise/markers";
import { language } from "wardwise/page";

const COLOURS = {
  light: { ward: "#3f5a52", wardFill: "#00665c", label: "#24352f", halo: "#ffffff", group: "#00665c", onGroup: "#ffffff" },
  dark: { ward: "#8fb0a6", wardFill: "#5fd6c2", label: "#d7e5df", halo: "#101412", group: "#5fd6c2", onGroup: "#00211d" },
};
// ColorBrewer's YlOrBr, safe for colour-blind eyes: https://colorbrewer2.org
const HEAT = {
  light: ["#fee391", "#fe9929", "#d94801", "#8c2d04"],
  dark: ["#662506", "#cc4c02", "#fe9929", "#fff7bc"],
};
const FONT = ["Noto Sans Regular"];

/** The basemap's server has the letters of its own labels; without one the system draws them. */
export const fontOf = (map) => map.getStyle().layers.map((layer) => layer.layout?.["text-font"]).find(Array.isArray) ?? FONT;

/** The layers of each switch in the sheet. */
export const SWITCHES = {
  wards: ["wards-fill", "wards-line", "ward-labels"],
  heat: ["heat"],
  clusters: ["clusters", "cluster-counts"],
  incidents: ["incidents"],
  shading: ["shading", "shading-unknown"],
  assets: ["assets-fill", "assets-line", "assets"],
};

/** Add sources and layers of the public map. */
export function dressMap(map, { query, shown }) {
  addWards(map);
  addShading(map);
  map.addSource("incidents", { type: "vector", tiles: [tileAddress("/tiles/incidents", query)], minzoom: 0, maxzoom: 16 });
  map.addLayer(heatLayer(), "ward-labels");
  addAssets(map);
  for (const layer of groupLayers(fontOf(map))) map.addLayer(layer);
  for (const [name, layers] of Object.entries(SWITCHES)) {
    for (const layer of layers) map.setLayoutProperty(layer, "visibility", shown.has(name) ? "visible" : "none");
  }
}

/** Add the wards alone: outline, name, and a touch of colour under a chosen one. */
export function addWards(map) {
  const colour = COLOURS[theme()];
  map.addSource("areas", { type: "vector", tiles: [tileAddress("/tiles/areas")], minzoom: 0, maxzoom: 14, promoteId: "code" });
  map.addLayer({ id: "wards-fill", type: "fill", source: "areas", "source-layer": "wards", paint: { "fill-color": colour.wardFill, "fill-opacity": 0.05 } });
  map.addLayer({
    id: "wards-line", type: "line", source: "areas", "source-layer": "wards",
    paint: { "line-color": colour.ward, "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.5, 12, 1.2, 16, 2.5], "line-opacity": 0.75 },
  });
  map.addLayer({
    id: "ward-labels", type: "symbol", source: "areas", "source-layer": "ward_labels", minzoom: 10.5,
    layout: { "text-field": ["get", "name"], "text-font": fontOf(map), "text-size": ["interpolate", ["linear"], ["zoom"], 10, 11, 14, 15, 17, 18], "text-max-width": 7, "text-padding": 6 },
    paint: { "text-color": colour.label, "text-halo-color": colour.halo, "text-halo-width": 1.6 },
  });
}

function heatLayer() {
  const ramp = HEAT[theme()];
  return {
    id: "heat", type: "heatmap", source: "incidents", "source-layer": "heat",
    paint: {
      "heatmap-weight": ["min", 1, ["/", ["get", "count"], 10]],
      "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 8, 12, 16, 28],
      "heatmap-intensity": 1,
      "heatmap-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0.7, 15, 0.55, 17, 0.3],
      "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"],
        0, `${ramp[0]}00`, 0.15, ramp[0], 0.4, ramp[1], 0.75, ramp[2], 1, ramp[3]],
    },
  };
}

/** Let the darkest colour stand for the fullest cell in view, as the legend says. */
export function scaleHeat(map, most) {
  if (map.getLayer("heat")) map.setPaintProperty("heat", "heatmap-weight", ["min", 1, ["/", ["get", "count"], Math.max(2, most)]]);
}

function groupLayers(font) {
  const colour = COLOURS[theme()];
  return [
    {
      id: "clusters", type: "circle", source: "incidents", "source-layer": "clusters",
      paint: {
        "circle-color": colour.group, "circle-opacity": 0.92, "circle-stroke-width": 2, "circle-stroke-color": colour.halo,
        "circle-radius": ["step", ["get", "count"], 12, 10, 16, 100, 20, 1000, 26],
      },
    },
    {
      id: "cluster-counts", type: "symbol", source: "incidents", "source-layer": "clusters",
      layout: {
        "text-field": ["number-format", ["get", "count"], { locale: language, "max-fraction-digits": 0 }],
        "text-font": font, "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true,
      },
      paint: { "text-color": colour.onGroup },
    },
    {
      id: "incidents", type: "symbol", source: "incidents", "source-layer": "incidents",
      layout: {
        "icon-image": ["concat", "incident:", ["get", "category"], ":", ["get", "status"]],
        "icon-allow-overlap": true, "icon-ignore-placement": true,
        "symbol-sort-key": ["to-number", ["id"], 0],
      },
    },
  ];
}

/** Draw the marker images of incidents as the map asks for them. */
export function drawMarkersOf(map) {
  map.setMissingStyleImageResolver((id) => {
    const [kind, category, status] = id.split(":");
    return kind === "incident" ? addMarker(map, id, category, status) : undefined;
  });
}

/** Ask for other incidents: the tiles of `query`. */
export function filterTiles(map, query) {
  map.getSource("incidents")?.setTiles([tileAddress("/tiles/incidents", query)]);
}

/** Show or hide the layers of one switch. */
export function showLayers(map, name, visible) {
  for (const layer of SWITCHES[name]) {
    if (map.getLayer(layer)) map.setLayoutProperty(layer, "visibility", visible ? "visible" : "none");
  }
}
