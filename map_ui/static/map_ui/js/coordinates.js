// Coordinates as people type them: "10.7769, 106.7009", "10,7769 106,7009", longitude first or not.

import { setup } from "wardwise/page";

const NUMBER = "(-?\\d+(?:[.,]\\d+)?)";
// A comma without a space divides two numbers only where both have a point: "10,5" is ten and a half.
const PAIRS = [new RegExp(`^${NUMBER}[,;]?\\s+${NUMBER}$`), new RegExp(`^${NUMBER};${NUMBER}$`), /^(-?\d+\.\d+),(-?\d+\.\d+)$/];

/** Return { lon, lat } of a typed pair, or null when the text is no pair of numbers. */
export function parsePair(text) {
  const plain = text.replace(/[°()]/g, " ").trim();
  const found = PAIRS.map((pair) => plain.match(pair)).find(Boolean);
  return found ? oriented(parseNumber(found[1]), parseNumber(found[2])) : null;
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
