// The public map: map, list, filters, search and card, each knowing nothing of the others.

import { createMap } from "wardwise/basemap";
import { boxAround, markCandidates } from "wardwise/candidate_marks";
import { bindCard } from "wardwise/card";
import { asQuery, asTimelessQuery, bindSheet, countFilters, readFilters, writeFilters } from "wardwise/filters";
import { bindList } from "wardwise/incident_list";
import { readAssets, showAssets, tellAsset } from "wardwise/map_assets";
import { dressMap, drawMarkersOf, filterTiles, scaleHeat, showLayers, SWITCHES } from "wardwise/map_layers";
import { fillShadingLegend, fillWardTable, readShading, shade } from "wardwise/map_shading";
import { calm, number, resting, say, setup } from "wardwise/page";
import { bindSearch } from "wardwise/search";
import { bindTimeSlider } from "wardwise/time_slider";

const $ = (id) => document.getElementById(id);
const filters = readFilters();
let map = null;
let drawing = null;
/** What is looked at whole: its middle is no place of its own. */
const WIDE = new Set(["area", "street", "stretch"]);
let place = null;
let clearMarks = () => undefined;

const showList = bindList({ list: $("incident-list"), summary: $("list-summary"), more: $("more-incidents") });
const card = bindCard($("card"), (filled) => aim(filled));
const listSoon = resting(() => showList(inView(), asQuery(filters)), 200);

const shadeSoon = resting(shadeWards, 150);
const assetsSoon = resting(gradeAssets, 200);
const showFilters = bindSheet($("filters"), $("open-filters"), filters, () => {
  changed();
  refreshTime();
});
const time = bindTimeSlider($("time-bar"), ({ since, until }) => {
  Object.assign(filters, { since, until, period: since ? "dates" : "" });
  showFilters();
  changed();
});
refreshTime();
bindSearch($("search"), { onPick: goTo, onCandidates: showCandidates, near: () => map && { lon: map.getCenter().lng, lat: map.getCenter().lat } });
bindListPanel();
showFilterCount();
start();

async function start() {
  const drawn = await createMap("map", { hash: true, describedBy: "map-hint", dress: (fresh) => dressMap(fresh, { query: asQuery(filters), shown: filters.layers }) }).catch((error) => {
    console.warn(error);
    return null;
  });
  if (!drawn) return withoutMap();
  map = drawn.map;
  drawing = drawn;
  map.addControl(new drawn.maplibre.NavigationControl({ showCompass: false }), "top-right");
  drawMarkersOf(map);
  map.on("load", () => ($("map-message").hidden = true));
  // A fresh style knows nothing of the wards' steps.
  map.on("style.load", shadeSoon);
  shadeSoon();
  map.on("moveend", () => {
    place = null;
    listSoon();
    assetsSoon();
    updateReportLink();
  });
  map.on("idle", updateLegend);
  bindClicks();
  listSoon();
  assetsSoon();
  updateReportLink();
  const open = document.querySelector(".card");
  if (open) aim(open, { jump: true });
  document.documentElement.dataset.map = "ready";
}

/** Other incidents or layers are asked for: show them, and keep them in the address. */
function changed() {
  writeFilters(filters);
  showFilterCount();
  if (map) {
    filterTiles(map, asQuery(filters));
    for (const name of Object.keys(SWITCHES)) showLayers(map, name, filters.layers.has(name));
    shadeSoon();
    assetsSoon();
  }
  listSoon();
}

function refreshTime() {
  const shown = filters.layers.has("time");
  time.show(shown);
  if (shown) time.refresh(asTimelessQuery(filters), filters.since);
}

async function shadeWards() {
  const wanted = filters.layers.has("shading");
  const told = wanted ? await readShading(asQuery(filters), filters.measure) : null;
  $("legend-shading").hidden = !wanted || !told;
  if (!told) return;
  shade(map, told);
  fillShadingLegend($("shading-steps"), told);
  const by = filters.measure;
  $("shading-title").textContent = say({ count: "shading_count", area: "shading_area", street: "shading_street", resident: "shading_resident" }[by]);
  const unit = by === "count" ? "" : say({ area: "measure_area", street: "measure_street", resident: "measure_resident" }[by]);
  fillWardTable({ rows: $("ward-rows"), heading: $("ward-measure") }, told, unit);
  for (const note of document.querySelectorAll("#legend-shading [data-measure]")) note.hidden = note.dataset.measure !== by;
}

/** Assets are an office's: nobody else has their part of the legend. */
async function gradeAssets() {
  const legend = $("legend-assets");
  if (!legend) return;
  const wanted = filters.layers.has("assets");
  const told = wanted ? await readAssets(asQuery(filters), inView()) : null;
  legend.hidden = !wanted;
  if (told) showAssets(map, told, { steps: $("asset-steps"), list: $("asset-list"), hint: $("asset-hint") });
}

function withoutMap() {
  document.body.classList.add("no-map");
  $("list-summary").before(Object.assign(document.createElement("p"), { className: "hint", textContent: say("no_webgl") }));
  document.documentElement.dataset.map = "none";
  listSoon();
}

function inView() {
  if (!map) return place?.box ?? setup.city.extent;
  const bounds = map.getBounds();
  return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
}

function goTo(found) {
  if (!map) {
    const reach = 0.01;
    place = { box: found.box ?? [found.lon - reach, found.lat - reach, found.lon + reach, found.lat + reach] };
    return listSoon();
  }
  clearMarks();
  clearMarks = markCandidates(drawing, [{ ...found, numbered: 0 }], () => undefined);
  if (found.box && WIDE.has(found.kind)) map.fitBounds(found.box, { padding: 48, maxZoom: 17, animate: !calm.matches });
  else map.easeTo({ center: [found.lon, found.lat], zoom: Math.max(map.getZoom(), found.accuracy > 150 ? 15 : 17), animate: !calm.matches });
}

/** Mark the places a text may mean, and move so far out that all are seen. */
function showCandidates(found, pick) {
  clearMarks();
  if (!map || !found.length) return;
  clearMarks = markCandidates(drawing, found, pick);
  map.fitBounds(boxAround(found), { padding: { top: innerWidth < 900 ? innerHeight * 0.5 : 96, bottom: 160, left: 48, right: 48 }, maxZoom: 16, animate: !calm.matches });
}

function bindClicks() {
  map.on("click", "assets", (event) => tellAsset(drawing, event));
  for (const layer of ["incidents", "clusters", "assets"]) {
    map.on("mouseenter", layer, () => (map.getCanvas().style.cursor = "pointer"));
    map.on("mouseleave", layer, () => (map.getCanvas().style.cursor = ""));
  }
  map.on("click", "incidents", ({ features }) => card.open(features[0].properties.id ?? features[0].id));
  map.on("click", "clusters", ({ features }) => {
    map.easeTo({ center: features[0].geometry.coordinates, zoom: Math.min(map.getZoom() + 2, 17), animate: !calm.matches });
  });
}

/** Bring the card's incident above the card. */
function aim(filled, { jump = false } = {}) {
  if (!map || !filled.dataset.lon) return;
  const narrow = innerWidth < 900;
  const offset = narrow ? [0, -Math.min(innerHeight * 0.25, 200)] : [0, 0];
  map.easeTo({ center: [Number(filled.dataset.lon), Number(filled.dataset.lat)], zoom: Math.max(map.getZoom(), 16), offset, duration: jump || calm.matches ? 0 : 400 });
}

function bindListPanel() {
  const panel = $("in-view");
  const toggle = $("toggle-list");
  const set = (open) => {
    panel.classList.toggle("open", open);
    toggle.setAttribute("aria-expanded", String(open));
    (open ? $("close-list") : toggle).focus();
  };
  toggle.addEventListener("click", () => set(true));
  $("close-list").addEventListener("click", () => set(false));
  $("incident-list").addEventListener("click", (event) => {
    const link = event.target.closest("a[data-incident]");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    if (map) panel.classList.remove("open");
    toggle.setAttribute("aria-expanded", "false");
    card.open(link.dataset.incident);
  });
}

function updateReportLink() {
  const { lng, lat } = map.getCenter();
  const link = new URL($("report-link").href);
  link.search = map.getZoom() >= 14 ? `?lat=${lat.toFixed(5)}&lon=${lng.toFixed(5)}` : "";
  $("report-link").href = link;
}

function showFilterCount() {
  const count = countFilters(filters);
  $("filter-count").hidden = !count;
  $("filter-count").textContent = count ? number(count) : "";
}

/** The legend tells the numbers of what is drawn: how many in all, and how full the fullest cell is. */
function updateLegend() {
  if (!map.getSource("incidents")) return;
  const bounds = map.getBounds();
  let total = 0;
  let most = 0;
  for (const { geometry, properties } of map.querySourceFeatures("incidents", { sourceLayer: "heat" })) {
    if (!bounds.contains(geometry.coordinates)) continue;
    total += properties.count;
    most = Math.max(most, properties.count);
  }
  // What no layer draws is not loaded, so that nothing is known of it.
  $("legend-total").hidden = !["heat", "clusters", "incidents"].some((name) => filters.layers.has(name));
  $("legend-total").textContent = say("total_in_view", { n: number(total) });
  $("heat-most").textContent = number(most);
  $("legend-heat").hidden = !filters.layers.has("heat") || most < 2;
  const grouped = filters.layers.has("clusters") && map.querySourceFeatures("incidents", { sourceLayer: "clusters" }).length;
  $("legend-clusters").hidden = !grouped;
  if (scaled !== most) scaleHeat(map, (scaled = most));
}
let scaled = 0;
