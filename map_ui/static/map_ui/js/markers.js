// Pictures for the map: the category's icon on a disc, the status as a shape at its edge.

import { theme } from "wardwise/basemap";
import { setup } from "wardwise/page";

const SIZE = 44;
const SCALE = 2;
let sprite = null;

/** Add the picture `id` of a category and status to `map`; the map redraws when it is there. */
export async function addMarker(map, id, category, status) {
  const picture = await paint(await drawing(setup.categories[category]?.icon ?? "map-pin", status));
  if (!map.hasImage(id)) map.addImage(id, picture, { pixelRatio: SCALE });
}

async function drawing(iconName, status) {
  const symbols = await spriteSymbols();
  const styles = getComputedStyle(document.documentElement);
  const colour = (name) => styles.getPropertyValue(name).trim();
  const edge = colour(`--${status.replace("_", "-")}`) || colour("--ink");
  const mark = symbols.get(`status-${status}`) ?? "";
  const disc = theme() === "dark" ? colour("--paper") : "#fff";
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE * SCALE}" height="${SIZE * SCALE}" viewBox="0 0 44 44">
    <circle cx="22" cy="22" r="17" fill="${disc}" stroke="${edge}" stroke-width="2.5"/>
    <svg x="11" y="11" width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="${colour("--ink")}" stroke-width="2"
      stroke-linecap="round" stroke-linejoin="round">${symbols.get(iconName) ?? symbols.get("map-pin") ?? ""}</svg>
    <circle cx="35" cy="35" r="8.5" fill="${disc}"/>
    <svg x="28.500" y="28.500" width="13" height="13" viewBox="0 0 24 24" color="${edge}">${mark.replaceAll("var(--paper, #fff)", disc)}</svg>
  </svg>`;
}

async function paint(svg) {
  const image = new Image(SIZE * SCALE, SIZE * SCALE);
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * SCALE;
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return context.getImageData(0, 0, SIZE * SCALE, SIZE * SCALE);
}

function spriteSymbols() {
  sprite ??= fetch(setup.sprite)
    .then((answer) => answer.text())
    .then((text) => new DOMParser().parseFromString(text, "image/svg+xml"))
    .then((tree) => new Map([...tree.querySelectorAll("symbol")].map((symbol) => [symbol.id, symbol.innerHTML])));
  return sprite;
}
