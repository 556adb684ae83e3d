// The fixed pin: the map moves under it. Every way to a place ends in one value.

import { calm } from "wardwise/page";

const THUMB_PX = 8;
const KEY_STEP_PX = 24;
const BIG_STEP_PX = 120;
const EQUATOR_M = 40_075_016.686;
const TILE_PX = 512;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Metres that one pixel covers at this zoom and latitude. */
export const metresPerPixel = (zoom, lat) => (EQUATOR_M * Math.cos((lat * Math.PI) / 180)) / (TILE_PX * 2 ** zoom);

/**
 * Bind the pin of `map`. `onRest({ lon, lat, accuracy, method })` is called when the map rests
 * after somebody moved it; returns moveTo({ lon, lat, accuracy, method, zoom }).
 */
export function bindPin(map, frame, onRest) {
  const circle = frame.querySelector("#accuracy circle");
  map.keyboard.disable();
  map.getCanvas().addEventListener("keydown", (event) => byKey(map, event));
  map.on("movestart", ({ quiet }) => quiet || frame.classList.add("moving"));
  map.on("move", () => drawAccuracy(map, circle, current));
  map.on("moveend", ({ quiet, found }) => {
    frame.classList.remove("moving");
    if (quiet) return;
    const { lng, lat } = map.getCenter();
    current = found ?? { lon: round(lng), lat: round(lat), accuracy: thumb(map), method: "pin" };
    drawAccuracy(map, circle, current);
    onRest(current);
  });
  let current = null;
  return (found) => {
    const zoom = found.zoom ?? Math.max(map.getZoom(), zoomFor(found));
    map.easeTo({ center: [found.lon, found.lat], zoom, duration: calm.matches ? 0 : 500 }, { found });
  };
}

const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

/** A pin is as exact as a thumb at this zoom. */
const thumb = (map) => Math.max(5, Math.round(THUMB_PX * metresPerPixel(map.getZoom(), map.getCenter().lat)));

const zoomFor = ({ accuracy }) => (accuracy > 200 ? 15 : 17.5);

function drawAccuracy(map, circle, place) {
  const radius = place && place.method !== "pin" ? place.accuracy / metresPerPixel(map.getZoom(), place.lat) : 0;
  circle.setAttribute("r", radius > 12 ? radius : 0);
}

function byKey(map, event) {
  const step = STEPS[event.key];
  if (step) {
    const by = event.shiftKey ? BIG_STEP_PX : KEY_STEP_PX;
    map.panBy([step[0] * by, step[1] * by], { duration: 0 });
  } else if (event.key === "+" || event.key === "=") map.zoomTo(map.getZoom() + 1, { duration: 0 });
  else if (event.key === "-") map.zoomTo(map.getZoom() - 1, { duration: 0 });
  else return;
  event.preventDefault();
}

/** Ask the device where it is; resolves to a place, rejects with the browser's error. */
export function locate() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) return reject(new Error("no geolocation"));
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lon: round(coords.longitude), lat: round(coords.latitude), accuracy: Math.round(coords.accuracy), method: "gps" }),
      reject,
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 30_000 },
    );
  });
}

/** Return whether the device may be asked without a question to the person. */
export async function mayLocate() {
  const answer = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  return answer?.state === "granted";
}
