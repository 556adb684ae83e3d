// The report: one value per question, kept as a draft, sent until it has arrived.

import { createMap } from "wardwise/basemap";
import { boxAround, markCandidates } from "wardwise/candidate_marks";
import { bindCategories } from "wardwise/category_picker";
import { inCity, parseNumber, parsePair } from "wardwise/coordinates";
import { forgetDraft, keepDraft, keepPhotos, newKey, readDraft, readPhotos } from "wardwise/draft";
import { bindKnown } from "wardwise/known";
import { addWards } from "wardwise/map_layers";
import { make, resting, say, setup } from "wardwise/page";
import { bindPhotos } from "wardwise/photos";
import { bindPin, locate, mayLocate } from "wardwise/pin";
import { bindSearch } from "wardwise/search";
import { fieldOf, sendUntilArrived } from "wardwise/sending";
import { bindVerdict } from "wardwise/verdict";

const $ = (id) => document.getElementById(id);
const form = $("report");
const field = (name) => form.elements[name];
const WORDS = ["address", "text", "name", "phone", "email"];
const APART_M = 60;

let place = null;
let category = "";
let key = newKey();
let sending = null;
let moveTo = (found) => settle(found);

const showVerdict = bindVerdict($("verdict"), (problem) => showError("place", problem));
const known = bindKnown($("known"), () => drawing);
const askKnown = () => known.ask(place, category, field("text").value);
const choose = bindCategories(form, (code) => {
  category = code;
  if (code) showError("category", null);
  if (place) showVerdict(place, category);
  askKnown();
  save();
});
const photos = bindPhotos(form, {
  onChange: (blobs) => {
    keepPhotos(blobs);
    save();
  },
  onHint: offerPhotoPlace,
  onTrouble: (sentence) => ($("error-photos").textContent = sentence),
});
bindSearch($("search"), {
  onPick(found) {
    if (found.typed) moveTo({ lon: found.lon, lat: found.lat, accuracy: setup.accuracy.typed, method: "typed" });
    else if (found.kind === "area" && found.box) lookAt(found.box);
    else moveTo({ lon: found.lon, lat: found.lat, accuracy: found.accuracy, method: "geocoded" });
  },
  onCandidates: showCandidates,
  near: () => map && { lon: map.getCenter().lng, lat: map.getCenter().lat },
  onDone: () => map && map.panBy([0, 0], { duration: 0 }),
});
bindTyped();
bindLocate();
bindSending();
restore().then(takeEntered).then(startMap);

/** Take `found` as the place of the report. */
function settle(found) {
  place = found;
  field("lon").value = found.lon;
  field("lat").value = found.lat;
  field("accuracy").value = found.accuracy;
  field("method").value = found.method;
  showError("place", null);
  showVerdict(place, category);
  askKnown();
  save();
}

/** Mark the places a text may mean, and move so far out that all are seen; the pin stays where it is. */
function showCandidates(found, pick) {
  clearMarks();
  if (!drawing || !found.length) return;
  clearMarks = markCandidates(drawing, found, pick);
  map.fitBounds(boxAround(found), { padding: 48, maxZoom: 16, animate: false }, { quiet: true });
}

let map = null;
let drawing = null;
let clearMarks = () => undefined;
let lookAt = (box) => settle({ lon: (box[0] + box[2]) / 2, lat: (box[1] + box[3]) / 2, accuracy: 1000, method: "typed" });

async function startMap() {
  $("typed-place").open = false;
  const start = place ? { center: [place.lon, place.lat], zoom: 17 } : startingView();
  const drawn = await createMap("map", { dress: addWards, describedBy: "map-keys", ...start }).catch(() => null);
  document.documentElement.dataset.map = drawn ? "ready" : "none";
  if (!drawn) {
    document.body.classList.add("no-map");
    $("typed-place").open = true;
    return;
  }
  map = drawn.map;
  drawing = drawn;
  map.addControl(new drawn.maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.on("load", () => ($("map-message").hidden = true));
  moveTo = bindPin(map, $("pin-frame"), settle);
  // A ward is not a place yet: the map shows it, and the pin waits to be put.
  lookAt = (box) => map.fitBounds(box, { padding: 24, animate: false, maxZoom: 16 }, { quiet: true });
  if (!place && start.settled) settle(start.settled);
  else if (!place && (await mayLocate())) locate().then((found) => place || moveTo(found)).catch(() => undefined);
}

/** Start where the public map was left, when it was near enough to mean a place. */
function startingView() {
  const query = new URLSearchParams(location.search);
  const [lon, lat] = [parseNumber(query.get("lon") ?? ""), parseNumber(query.get("lat") ?? "")];
  if (!inCity({ lon, lat })) return { center: setup.city.centre, zoom: 12 };
  return { center: [lon, lat], zoom: 17, settled: { lon, lat, accuracy: setup.accuracy.pin, method: "pin" } };
}

function bindTyped() {
  for (const name of ["lat", "lon"]) field(name).addEventListener("change", takeTyped);
}

function takeTyped() {
  const pair = parsePair(field("lat").value);
  const [lat, lon] = pair ? [pair.lat, pair.lon] : [parseNumber(field("lat").value), parseNumber(field("lon").value)];
  if (Number.isNaN(lat) || Number.isNaN(lon)) return;
  const found = { lon, lat, accuracy: setup.accuracy.typed, method: "typed" };
  if (map && inCity(found)) moveTo(found);
  else settle(found);
}

/** Take what the form already held when this module arrived, late on a slow line. */
function takeEntered() {
  if (!place) takeTyped();
  if (!category && field("category").value) choose(field("category").value);
}

function bindLocate() {
  $("locate").addEventListener("click", async () => {
    $("locate").setAttribute("aria-busy", "true");
    try {
      moveTo(await locate());
    } catch (error) {
      showError("place", { message: say(error.code === 1 ? "location_denied" : "location_failed") });
    }
    $("locate").removeAttribute("aria-busy");
  });
}

function offerPhotoPlace(found) {
  if (place && metresBetween(place, found) < APART_M) return;
  $("photo-place").hidden = false;
  $("photo-place-text").textContent = say(place ? "photo_elsewhere" : "photo_has_place");
  $("use-photo-place").onclick = () => {
    moveTo({ ...found, accuracy: setup.accuracy.exif, method: "exif" });
    $("photo-place").hidden = true;
  };
  $("keep-pin").onclick = () => ($("photo-place").hidden = true);
}

function metresBetween(a, b) {
  const perDegree = 111_195;
  return Math.hypot((a.lat - b.lat) * perDegree, (a.lon - b.lon) * perDegree * Math.cos((a.lat * Math.PI) / 180));
}

// ---- sending ----

function bindSending() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (sending) stopSending();
    else send();
  });
  for (const name of WORDS) field(name).addEventListener("input", save);
  field("text").addEventListener("change", askKnown);
  field("address").addEventListener("input", () => showError("place", null));
  $("discard").addEventListener("click", async () => {
    await forgetDraft();
    location.replace(location.pathname);
  });
}

async function send() {
  if (!complete()) return;
  sending = new AbortController();
  const { signal } = sending;
  showSending(true);
  try {
    await photos.settled();
    save();
    const receipt = await sendUntilArrived({ key, body, signal, seen: known.seen(), onState: (text) => ($("send-state").textContent = text) });
    await forgetDraft();
    location.assign(`/t/${receipt.code}/receipt`);
  } catch (error) {
    if (signal.aborted) return;
    stopSending();
    refuse(error);
  }
}

function stopSending() {
  sending.abort();
  sending = null;
  showSending(false);
  save();
}

function showSending(going) {
  form.inert = false;
  $("send").classList.toggle("primary", !going);
  $("send").querySelector("span").textContent = say(going ? "stop_sending" : "send");
  if (!going) $("send-state").textContent = "";
}

function complete() {
  const missing = [];
  if (!place && !field("address").value.trim()) {
    showError("place", { message: say("place_missing") });
    missing.push(["place", map ? map.getCanvas() : field("lat")]);
  }
  if (!category) {
    showError("category", { message: say("category_missing") });
    missing.push(["category", $("category-search")]);
  }
  if (missing.length) point(...missing[0]);
  return missing.length === 0;
}

/** Lead to what is to be put right, with the sentence about it in view. */
function point(name, target) {
  target.focus({ preventScroll: true });
  $(`error-${name}`).scrollIntoView({ block: "center" });
}

function refuse(error) {
  // The server keeps a refusal under its key; what is corrected is another report.
  key = newKey();
  if (error.code === "report.maybe_known") return askFirst(error);
  const name = fieldOf(error.code ?? "");
  if (name === "contact") $("contact").open = true;
  showError(name, error);
  const target = { place: map?.getCanvas() ?? field("lat"), category: $("change-category"), photos: $("photos"), text: field("text"), contact: field("phone"), form: $("send") }[name];
  point(name, target);
}

/** Something alike is known that was not shown yet: show it; sent again, the report is taken. */
function askFirst({ facts }) {
  known.show(facts.candidates);
  $("send-state").textContent = say("known_first");
  known.focus();
  $("known").scrollIntoView({ block: "center" });
}

function body() {
  const data = new FormData();
  if (place) {
    data.append("lon", place.lon);
    data.append("lat", place.lat);
    data.append("accuracy", place.accuracy ?? 0);
    data.append("method", place.method);
  }
  data.append("category", category);
  for (const name of WORDS) data.append(name, field(name).value.trim());
  photos.blobs().forEach((blob, index) => data.append("photos", blob, `photo-${index + 1}.jpg`));
  return data;
}

function showError(name, error) {
  const line = $(`error-${name}`);
  line.replaceChildren(...(error ? [error.message, ...(error.code ? [" ", make("small", {}, error.code)] : [])] : []));
  const control = { text: "text", contact: "phone" }[name];
  if (control) field(control).toggleAttribute("aria-invalid", false);
  if (control && error) field(control).setAttribute("aria-invalid", "true");
}

// ---- the draft ----

function save() {
  const words = Object.fromEntries(WORDS.map((name) => [name, field(name).value]));
  const filled = place || category || photos.blobs().length || Object.values(words).some(Boolean);
  if (!filled) return;
  const kept = keepDraft({ place, category, key, pending: Boolean(sending), ...words });
  noteSoon(kept);
}

const noteSoon = resting((kept) => {
  $("draft-note").querySelector("span").textContent = say(kept ? "draft_kept" : "draft_not_kept");
  $("discard").hidden = !kept;
}, 400);

async function restore() {
  const draft = readDraft();
  if (!draft) return;
  key = draft.key ?? key;
  for (const name of WORDS) if (draft[name] && !field(name).value) field(name).value = draft[name];
  $("in-words").open ||= Boolean(draft.address);
  $("contact").open ||= Boolean(draft.name || draft.phone || draft.email);
  const blobs = await readPhotos();
  if (draft.place && !place) settle(draft.place);
  if (draft.category && !category) choose(draft.category);
  if (blobs.length) photos.restore(blobs);
  if (draft.pending) send();
}
