// One search box: places suggested while typing, the whole geocoder on Enter, typed coordinates.
// A combobox for keys and screen readers; the list is the map's marks in words.

import { inCity, parsePair } from "wardwise/coordinates";
import { folded, icon, make, number, resting, say } from "wardwise/page";
import { json, newestOnly } from "wardwise/requests";

const REST_MS = 150;
const SURE = 0.8;
const ICONS = { area: "building-community", street: "road", alley: "road", junction: "arrows-cross", landmark: "map-pin", stop: "bus-stop" };

/**
 * Bind the search form. `onPick(place)` gets { lon, lat, accuracy, box, label, kind, typed };
 * `onCandidates(places, pick)` the places a text may mean, an empty list when none is shown any
 * more; `near()` returns where the reader looks, or null; `onDone` is called by "Done" when
 * nothing was found and the place is put by hand.
 */
export function bindSearch(form, { onPick, onCandidates = () => undefined, near = () => null, onDone = null }) {
  const input = form.querySelector("input");
  const panel = form.querySelector(".search-panel");
  const list = form.querySelector("[role=listbox]");
  const note = form.querySelector(".search-note");
  const sources = form.querySelector(".search-sources");
  const status = form.querySelector("[role=status]");
  const done = form.querySelector(".search-done");
  let found = [];
  let active = -1;
  let awake = false;
  let typing = false;

  const suggest = newestOnly(async (signal, text) => {
    const { lon, lat } = near() ?? {};
    const query = new URLSearchParams({ q: text, ...(lon !== undefined && { lon: lon.toFixed(3), lat: lat.toFixed(3) }) });
    const answer = await json(`/api/v1/suggest?${query}`, { signal });
    if (!typing || text !== input.value.trim()) return;
    show(answer.suggestions.map(ofSuggestion), answer.attribution);
    if (!found.length) tell(say("keep_typing"));
  });
  const suggestSoon = resting((text) => suggest(text).catch((error) => tell(error.message)), REST_MS);

  const geocode = newestOnly(async (signal, text) => {
    const where = near();
    const body = JSON.stringify({ text, limit: 8, ...(where && { near: { lon: where.lon, lat: where.lat } }) });
    return json("/api/v1/geocode", { method: "POST", body, headers: { "Content-Type": "application/json" }, signal });
  });

  function typed() {
    const text = input.value.trim();
    onCandidates([]);
    if (!text) return close();
    typing = true;
    const pair = parsePair(text);
    if (pair) {
      suggestSoon.stop();
      show(inCity(pair) ? [{ ...pair, label: `${number(pair.lat, 5)} · ${number(pair.lon, 5)}`, kind: "landmark", typed: true }] : []);
      if (found.length) activate(0);
      else tell(say("outside"));
      return undefined;
    }
    if (!found.length) tell(say("looking"), { busy: true });
    return suggestSoon(text);
  }

  function show(places, attribution = []) {
    found = places;
    active = -1;
    list.replaceChildren(...found.map((place, index) => row(place, index)));
    list.hidden = !found.length;
    panel.hidden = !found.length;
    note.hidden = true;
    done.hidden = true;
    sources.textContent = attribution.join(" · ");
    sources.hidden = !attribution.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    input.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? say(places[0].numbered ? "candidates_count" : "suggestions_count", { n: number(found.length) }) : "";
  }

  /** Say something in place of the list. */
  function tell(sentence, { busy = false, byHand = false } = {}) {
    show([]);
    note.replaceChildren(...(busy ? [make("span", { class: "skeleton-line", "aria-hidden": "true" })] : []), sentence);
    note.hidden = false;
    panel.hidden = false;
    done.hidden = !byHand || !onDone;
    status.textContent = sentence;
  }

  function activate(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const line = list.children[active];
    line?.setAttribute("aria-selected", "true");
    line?.scrollIntoView({ block: "nearest" });
    if (line) input.setAttribute("aria-activedescendant", line.id);
    else input.removeAttribute("aria-activedescendant");
  }

  /** Arrows walk through the list and, between its ends, through the box itself. */
  const step = (by) => found.length && activate(((active + 1 + by + found.length + 1) % (found.length + 1)) - 1);

  async function pick(place) {
    input.value = place.label;
    typing = false;
    if (!place.text) return settle(place);
    tell(say("looking"), { busy: true });
    const answer = await geocode(place.text).catch(() => undefined);
    const [best] = answer?.features ?? [];
    return settle(best ? ofFeature(best) : place);
  }

  function settle(place) {
    close();
    onCandidates([]);
    onPick(place);
    status.textContent = say("went_to", { place: place.label });
  }

  async function ask() {
    const text = input.value.trim();
    if (!text) return undefined;
    const same = found.find((place) => !place.numbered && folded(place.label) === folded(text));
    if (same) return pick(same);
    suggestSoon.stop();
    typing = false;
    tell(say("looking"), { busy: true });
    try {
      const answer = await geocode(text);
      return answer && answered(answer);
    } catch (error) {
      return tell(error.message);
    }
  }

  function answered({ features, attribution }) {
    if (!features.length) return tell(say(onDone ? "place_by_hand" : "nothing_found"), { byHand: true });
    const places = features.map((feature, index) => ({ ...ofFeature(feature), numbered: index + 1 }));
    if (places.length === 1 || places[0].confidence >= SURE) return settle(places[0]);
    show(places, attribution);
    onCandidates(places, settle);
    return undefined;
  }

  function close() {
    suggestSoon.stop();
    typing = false;
    show([]);
    panel.hidden = true;
  }

  input.addEventListener("focus", () => {
    // The first question makes a worker read the names: before anybody waits for them.
    if (!awake) json("/api/v1/suggest?q=").catch(() => undefined);
    awake = true;
  });
  input.addEventListener("input", typed);
  form.addEventListener("focusout", ({ relatedTarget }) => form.contains(relatedTarget) || found[0]?.numbered || close());
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Escape" && !panel.hidden) {
      onCandidates([]);
      close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const line = event.target.closest("[role=option]");
    if (line) pick(found[[...list.children].indexOf(line)]);
  });
  done.addEventListener("click", () => {
    close();
    onDone();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (active >= 0) pick(found[active]);
    else ask();
  });
}

function row(place, index) {
  const mark = place.numbered ? make("span", { class: "candidate-number" }, number(place.numbered)) : icon(ICONS[place.kind] ?? "map-pin");
  const words = make("span", { class: "place-words" }, make("strong", {}, place.label), place.detail && make("span", { class: "place-detail" }, place.detail));
  return make("li", { role: "option", id: `place-${index}`, "aria-selected": "false" }, mark, words);
}

const ofSuggestion = ({ accuracy_m: accuracy, ...place }) => ({ ...place, accuracy });

/** A candidate of the geocoder as a place; what is an area has a box, and no point to stand on. */
export function ofFeature({ geometry, properties }) {
  const [lon, lat] = geometry.coordinates;
  const { label, accuracy_m: accuracy, confidence, means, why, shape } = properties;
  const detail = [say("known_to", { metres: number(accuracy) }), ...why].join(" · ");
  return { lon, lat, label, accuracy, confidence, detail, kind: means, box: shape ? boxOf(shape) : null };
}

function boxOf({ coordinates }) {
  const flat = coordinates.flat(Infinity);
  const lons = flat.filter((_, index) => index % 2 === 0);
  const lats = flat.filter((_, index) => index % 2 === 1);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
