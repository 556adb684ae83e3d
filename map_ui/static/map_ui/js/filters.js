// Which incidents and layers are shown: read from the address bar, written back to it.

import { setup } from "wardwise/page";

const LISTS = ["sector", "category", "status"];
const CHOICES = ["agency", "ward"];
const SINGLE = [...CHOICES, "period", "since", "until"];
const DEFAULT_MEASURE = "count";
const DEFAULT_LAYERS = ["wards", "heat", "clusters", "incidents"];
const DAY_MS = 86_400_000;

/** Return the filters that the address names. */
export function readFilters(search = location.search) {
  const query = new URLSearchParams(search);
  const filters = {};
  for (const name of LISTS) filters[name] = (query.get(name) ?? "").split(",").filter(Boolean);
  for (const name of SINGLE) filters[name] = query.get(name) ?? "";
  if ((filters.since || filters.until) && !filters.period) filters.period = "dates";
  filters.measure = query.get("measure") || DEFAULT_MEASURE;
  filters.layers = new Set(query.has("layers") ? query.get("layers").split(",").filter(Boolean) : DEFAULT_LAYERS);
  return filters;
}

/** Return the filters as the query of tiles and lists, in one order so that caches agree. */
export function asQuery(filters) {
  const query = new URLSearchParams();
  for (const name of LISTS) if (filters[name].length) query.set(name, [...filters[name]].sort().join(","));
  for (const name of CHOICES) if (filters[name]) query.set(name, filters[name]);
  const { since, until } = period(filters);
  if (since) query.set("since", since);
  if (until) query.set("until", until);
  return query.toString();
}

/** Return the same without days: what the time slider's bars are counted of. */
export const asTimelessQuery = (filters) => asQuery({ ...filters, period: "", since: "", until: "" });

/** Put the filters into the address bar without a new entry in the history. */
export function writeFilters(filters) {
  const query = new URLSearchParams();
  for (const name of LISTS) if (filters[name].length) query.set(name, filters[name].join(","));
  for (const name of CHOICES) if (filters[name]) query.set(name, filters[name]);
  if (filters.period && filters.period !== "dates") query.set("period", filters.period);
  if (filters.period === "dates") for (const name of ["since", "until"]) if (filters[name]) query.set(name, filters[name]);
  if (filters.layers.has("shading") && filters.measure !== DEFAULT_MEASURE) query.set("measure", filters.measure);
  if (!sameLayers(filters.layers)) query.set("layers", [...filters.layers].join(","));
  const text = query.toString().replaceAll("%2C", ",");
  history.replaceState(history.state, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
}

const sameLayers = (layers) => layers.size === DEFAULT_LAYERS.length && DEFAULT_LAYERS.every((name) => layers.has(name));

function period(filters) {
  if (filters.period === "dates") return { since: filters.since, until: filters.until };
  const days = Number(filters.period);
  return days ? { since: cityDay(Date.now() - days * DAY_MS), until: "" } : { since: "", until: "" };
}

// As lists and files of the same period reckon it: where it is night in London the city's day has begun.
const cityDay = (moment) => new Intl.DateTimeFormat("sv-SE", { timeZone: setup.city?.time_zone }).format(moment);

/** Return how many filters narrow the map. */
export const countFilters = (filters) =>
  LISTS.reduce((sum, name) => sum + filters[name].length, 0) + [...CHOICES, "period"].filter((name) => filters[name]).length;

/** Bind the sheet to `filters`; `onChange(filters)` after each change. Returns what shows them anew. */
export function bindSheet(sheet, opener, filters, onChange) {
  const form = sheet.querySelector("form");
  fill(form, filters);
  opener.addEventListener("click", () => {
    sheet.showModal();
    opener.setAttribute("aria-expanded", "true");
  });
  sheet.addEventListener("close", () => {
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  });
  sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
  const changed = () => {
    take(form, filters);
    showCounts(form);
    onChange(filters);
  };
  form.addEventListener("change", changed);
  sheet.querySelector("#clear-filters").addEventListener("click", () => {
    form.reset();
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = DEFAULT_LAYERS.includes(box.value);
    for (const box of form.querySelectorAll("[name=period]")) box.checked = box.value === "";
    for (const box of form.querySelectorAll("[type=date]")) box.value = "";
    form.elements.measure.value = DEFAULT_MEASURE;
    changed();
  });
  showCounts(form);
  return () => fill(form, filters);
}

function fill(form, filters) {
  for (const name of LISTS) for (const box of form.querySelectorAll(`[name=${name}]`)) box.checked = filters[name].includes(box.value);
  for (const box of form.querySelectorAll("[name=layers]")) box.checked = filters.layers.has(box.value);
  for (const box of form.querySelectorAll("[name=period]")) box.checked = box.value === filters.period;
  for (const name of [...CHOICES, "since", "until"]) form.elements[name].value = filters[name];
  form.elements.measure.value = filters.measure;
  dressParts(form, filters);
}

/** Show what belongs to what was chosen. */
function dressParts(form, filters) {
  form.querySelector("#date-range").hidden = filters.period !== "dates";
  form.querySelector("#shading-measure").hidden = !filters.layers.has("shading");
}

function take(form, filters) {
  const chosen = new FormData(form);
  for (const name of LISTS) filters[name] = chosen.getAll(name);
  for (const name of SINGLE) filters[name] = chosen.get(name) ?? "";
  filters.layers = new Set(chosen.getAll("layers"));
  filters.measure = chosen.get("measure") || DEFAULT_MEASURE;
  dressParts(form, filters);
}

function showCounts(form) {
  for (const sector of form.querySelectorAll(".sector")) {
    const badge = sector.querySelector(".count-badge");
    const count = sector.querySelectorAll("input:checked").length;
    badge.hidden = !count;
    badge.textContent = count || "";
  }
}
