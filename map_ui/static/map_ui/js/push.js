// A button with which this browser asks to be told of news, by web push.
//
// Each report has a registration of its own, by scope, so that one browser can follow several.

import { request } from "wardwise/requests";

const form = document.getElementById("push");
const possible = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
if (form && possible) begin(form);

async function begin(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    change(form).catch((fault) => tell(form, fault.message));
  });
  form.hidden = false;
  await show(form);
}

/** Show the sentence and the button of what holds now: told, not told, or refused. */
async function show(form) {
  const there = await subscription(form);
  const now = Notification.permission === "denied" ? "denied" : there ? "on" : "off";
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== now;
}

async function change(form) {
  tell(form, "");
  const there = await subscription(form);
  await (there ? end(form, there) : start(form));
  await show(form);
}

async function start(form) {
  if ((await Notification.requestPermission()) !== "granted") return;
  const registration = await navigator.serviceWorker.register(form.dataset.worker, { scope: form.dataset.scope });
  await awake(registration);
  const made = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(form.dataset.key),
  });
  const said = { ...made.toJSON(), code: form.dataset.code ?? "" };
  await post(form, form.action, said).catch(async (fault) => {
    await made.unsubscribe();
    throw fault;
  });
}

async function end(form, there) {
  await post(form, form.dataset.end, { endpoint: there.endpoint });
  await there.unsubscribe();
}

async function subscription(form) {
  const registration = await navigator.serviceWorker.getRegistration(form.dataset.scope);
  // A registration of a page above answers too, and is none of ours.
  const ours = registration && new URL(registration.scope).pathname === form.dataset.scope;
  return ours ? registration.pushManager.getSubscription() : null;
}

/** Wait until a new registration's worker runs: before that it takes no subscription. */
function awake(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (!worker || worker.state === "activated") return null;
  return new Promise((done) => {
    worker.addEventListener("statechange", () => worker.state === "activated" && done());
  });
}

const post = (form, address, said) =>
  request(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify(said),
  });

function tell(form, words) {
  form.querySelector("[role=status]").textContent = words;
}

function bytes(text) {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
}
