// Coordinates as people type them: "10.7769, 106.7009", "10,7769 106,7009", longitude first or not.

import { setup } from "wardwise/page";

/** Return { lon, lat } of a typed pair, or null when the text is no pair of numbers. */
export function parsePair(text) {
  const spaced = text.trim().replace(/[°()]/g, " ");
  const found = spaced.match(/^\s*(-?\d+(?:[.,]\d+)?)\s*(?:[,;\s]\s*)(-?\d+(?:[.,]\d+)?)\s*$/);
  if (!found) return null;
  const [first, second] = [parseNumber(found[1]), parseNumber(found[2])];
  return oriented(first, second);
}

/** Return a number written with a point or a comma; NaN for anything else. */
export function parseNumber(text) {
  const plain = String(text).trim().replace(",", ".");
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : NaN;
}

/** Latitude comes first, as maps on phones write it, unless only the other order is in the city. */
function oriented(first, second) {
  const asWritten = { lat: first, lon: second };
  const exchanged = { lat: second, lon: first };
  return !inCity(asWritten) && inCity(exchanged) ? exchanged : asWritten;
}

export function inCity({ lon, lat }) {
  const [west, south, east, north] = setup.city.extent;
  return lon >= west && lon <= east && lat >= south && lat <= north;
}
