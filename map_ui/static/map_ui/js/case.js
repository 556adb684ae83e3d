// The panel of one incident: its steps are sent without leaving the page, and nothing typed is lost.

import { createMap } from "wardwise/basemap";
import { addWards } from "wardwise/map_layers";
import { say } from "wardwise/page";
import { bindPin, locate } from "wardwise/pin";
import { bindWorkPhotos, photosOf, restorePhotos, settled } from "wardwise/work_photos";

/**
 * Bind the panel in `root`, whose `.case` is replaced with each answer; `how` is "page" or "desk".
 * Says "case:changed" with { id, version, status } when a step was taken.
 */
export function bindCase(root, how = "desk") {
  root.addEventListener("submit", (event) => {
    if ("leaves" in event.target.dataset) return;
    event.preventDefault();
    send(root, event.target, event.submitter, how);
  });
  bindParts(root);
}

/** Show what others did meanwhile; where something was typed, only say that they did. */
export async function refreshCase(root, how) {
  const shown = root.querySelector(".case");
  const address = how === "page" ? `/case/${shown.dataset.case}` : `/desk/incidents/${shown.dataset.case}`;
  const found = await fetch(address, { credentials: "same-origin", headers: { "X-Wardwise-Panel": how } }).then(panelOf).catch(() => null);
  if (!found?.taken || !shown.isConnected || found.panel.dataset.version === shown.dataset.version) return;
  if (shown.querySelector("[aria-busy=true]")) return;
  if (isBegun(shown)) {
    shown.querySelector(".case-told").textContent = say("changed_meanwhile");
    return;
  }
  const open = shown.querySelector("details[open][data-step]")?.dataset.step;
  put(root, { panel: found.panel, taken: false }, null, []);
  found.panel.querySelector(`details[data-step="${open}"]`)?.setAttribute("open", "");
}

/** Whether somebody has begun to fill in a form. */
function isBegun(panel) {
  const written = [...panel.querySelectorAll("form textarea, form input:not([type=hidden]):not([type=radio])")];
  return written.some((field) => (field.type === "file" ? field.files.length : field.value !== field.defaultValue));
}

/** Bind what stands in the forms: photos, ready-made sentences, check-in, pin, copying. */
export function bindParts(root) {
  bindWorkPhotos(root);
  for (const choice of root.querySelectorAll("[data-reply]")) choice.addEventListener("change", () => fill(choice));
  for (const part of root.querySelectorAll("[data-check-in]")) bindCheckIn(part);
  for (const frame of root.querySelectorAll("[data-pin]")) bindPlace(frame);
  const copy = root.querySelector("[data-copy]");
  copy?.addEventListener("click", async () => {
    await navigator.clipboard.writeText(root.querySelector("[data-link]").href);
    copy.querySelector("span").textContent = say("copied");
  });
}

async function send(root, form, submitter, how) {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  await settled(form);
  const photos = photosOf(form);
  try {
    const body = new FormData(form, submitter);
    const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin", headers: { "X-Wardwise-Panel": how } });
    put(root, await panelOf(answer), form.dataset.step, photos);
  } catch (error) {
    form.removeAttribute("aria-busy");
    complain(form, error instanceof TypeError ? say("no_connection") : error.message);
  }
}

/** Return the panel that an answer holds; whatever else came back is trouble. */
async function panelOf(answer) {
  if (new URL(answer.url).pathname.startsWith("/login")) throw new Error(say("signed_out"));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const panel = page.querySelector(".case");
  if (!panel) throw new Error(page.querySelector(".empty-state p")?.textContent ?? say("server_trouble"));
  return { panel: document.importNode(panel, true), taken: answer.ok };
}

function put(root, { panel, taken }, step, photos) {
  const map = root.querySelector("[data-case-map]");
  root.querySelector(".case").replaceWith(panel);
  // The map of the page stays as it is, unless the pin was moved.
  const again = panel.querySelector("[data-case-map]");
  if (map && again && step !== "move") again.closest(".small-map").replaceWith(map.closest(".small-map"));
  else if (again) drawCaseMap(again, panel.dataset);
  bindParts(panel);
  const form = taken ? null : panel.querySelector(`.case-form[data-step="${step}"]`);
  if (form) restorePhotos(form, photos);
  panel.querySelector("[data-focus]")?.focus();
  const { case: id, version, status } = panel.dataset;
  if (taken) root.dispatchEvent(new CustomEvent("case:changed", { bubbles: true, detail: { id: Number(id), version: Number(version), status } }));
}

function complain(form, sentence) {
  const line = form.querySelector(".field-error") ?? form.closest(".case").querySelector(".case-told");
  line.textContent = sentence;
}

function fill(choice) {
  const words = choice.closest("form").elements.words;
  if (choice.value) words.value = [words.value.trim(), choice.value].filter(Boolean).join(" ");
  choice.value = "";
  words.focus();
}

function bindCheckIn(part) {
  const button = part.querySelector("[data-here]");
  const told = part.querySelector("[data-here-told]");
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      const { lat, lon, accuracy } = await locate();
      for (const [name, value] of Object.entries({ lat, lon, accuracy })) part.querySelector(`[name=here_${name}]`).value = value;
      told.textContent = say("checked_in", { metres: Math.round(accuracy) });
    } catch (error) {
      told.textContent = say(error.code === 1 ? "location_denied" : "location_failed");
    }
    button.removeAttribute("aria-busy");
  });
}

/** Draw the map under the pin when its form is opened: most people never open it. */
function bindPlace(frame) {
  const form = frame.closest("form");
  const opened = frame.closest("details");
  const draw = async () => {
    if (!opened.open || frame.dataset.drawn) return;
    frame.dataset.drawn = "yes";
    const { lat, lon, accuracy } = form.elements;
    const center = [Number(lon.value), Number(lat.value)];
    const drawn = await createMap(frame.querySelector("[data-map]"), { dress: addWards, describedBy: "pin-keys", center, zoom: 17.5 }).catch(() => null);
    if (!drawn) return document.body.classList.add("no-map");
    drawn.map.getCanvas().setAttribute("aria-label", say("map_of_pin"));
    bindPin(drawn.map, frame, (found) => {
      [lat.value, lon.value, accuracy.value] = [found.lat, found.lon, found.accuracy];
    });
  };
  opened.addEventListener("toggle", draw);
  draw();
}

/** Draw one pin on the small map. */
export async function drawCaseMap(frame, { lon, lat }) {
  const center = [Number(lon), Number(lat)];
  const drawn = await createMap(frame, { dress: addWards, center, zoom: 16, cooperativeGestures: false, scrollZoom: false }).catch(() => null);
  document.documentElement.dataset.map = drawn ? "ready" : "none";
  if (!drawn) return document.body.classList.add("no-map");
  drawn.map.addControl(new drawn.maplibre.NavigationControl({ showCompass: false }), "top-right");
  drawn.map.on("load", () => frame.parentElement.querySelector(".map-message")?.remove());
  return new drawn.maplibre.Marker({ color: getComputedStyle(document.documentElement).getPropertyValue("--accent").trim() }).setLngLat(center).addTo(drawn.map);
}
