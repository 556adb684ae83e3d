// Possible duplicates: the next one comes without loading the page; every step works by key.

import { followQueue } from "wardwise/duplicates_live";
import { openMap } from "wardwise/duplicates_map";
import { make, number, say } from "wardwise/page";

const $ = (id) => document.getElementById(id);
const page = $("dup");
let map = null;
let going = false;

/** Ask for an address, or send a form, and show the list and the comparison that come back. */
async function go(address, options = {}, { quiet = false } = {}) {
  if (going) return;
  going = true;
  $("dup-work").setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { credentials: "same-origin", ...options });
    if (new URL(answer.url).pathname.startsWith("/login")) throw new Error(say("signed_out"));
    if (leavesThePage(answer)) return void location.assign(answer.url);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!fresh.getElementById("dup-work")) throw new Error(fresh.querySelector(".empty-state p")?.textContent ?? say("server_trouble"));
    put(fresh);
    if (answer.ok && !quiet) history.pushState(null, "", answer.url);
  } catch (error) {
    tell(error instanceof TypeError ? say("no_connection") : error.message);
  } finally {
    going = false;
    $("dup-work").removeAttribute("aria-busy");
  }
}

const leavesThePage = ({ ok, url }) => ok && new URL(url).pathname !== "/duplicates";

function put(fresh) {
  $("trouble")?.remove();
  for (const name of ["dup-list", "dup-work"]) $(name).replaceChildren(...document.importNode(fresh.getElementById(name), true).childNodes);
  page.dataset.asked = fresh.getElementById("dup").dataset.asked;
  settle();
  if (!askAgain()) {
    $("dup-work").scrollTop = 0;
    document.querySelector("#dup-work [data-focus]")?.focus({ preventScroll: true });
  }
}

/** After another comparison stands there: its map, its count, the line of the list in view. */
function settle() {
  map?.show(JSON.parse($("dup-places")?.textContent ?? "[]"));
  map?.map.resize();
  showChosen();
}

/** Bring the chosen line into the list's own view; the page around it stays where it is. */
function showChosen() {
  const list = $("dup-list");
  const row = list.querySelector(".dup-row.chosen")?.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  if (row && (row.top < frame.top || row.bottom > frame.bottom)) list.scrollTop += row.top - frame.top - frame.height / 3;
}

/** What was refused is asked over the page: agreement, a reason, or that it changed. */
function askAgain() {
  const trouble = $("dup-trouble");
  if (!trouble) return false;
  const dialog = make("dialog", { class: "act-dialog", id: "trouble", "aria-labelledby": "trouble-title" });
  dialog.append(trouble);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    $("work-title")?.focus({ preventScroll: true });
  });
  dialog.showModal();
  (dialog.querySelector("textarea[required]") ?? dialog.querySelector("[data-focus]")).focus();
  return true;
}

function tell(words) {
  document.querySelector("#dup-work .dup-told").replaceChildren(make("p", { class: "notice notice-calm" }, words));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.act) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  go(event.submitter?.getAttribute("formaction") ?? form.action, { method: "POST", body });
});

document.addEventListener("click", (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (event.target.closest("#open-help")) return void $("help").showModal();
  const close = event.target.closest("#trouble [data-close]");
  const link = event.target.closest('#dup a[href^="?"], .dup-back a');
  if (close) {
    event.preventDefault();
    $("trouble").close();
  } else if (link) {
    event.preventDefault();
    go(link.href);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches(".dup-member input")) counted();
});
addEventListener("popstate", () => go(location.href, {}, { quiet: true }));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.target.matches("textarea, select, input:not([type=checkbox])") || event.target.closest(".map")) return;
  if (event.key === "Escape" && page.dataset.asked === "yes") document.querySelector(".dup-back a")?.click();
  const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
});

function counted() {
  const many = document.querySelectorAll(".dup-member input:checked").length;
  $("chosen-count").textContent = say("selected", { n: number(many) });
}

/** Tick what the line was drawn around; what stands beside the group is compared with it. */
function lassoed(ids) {
  const boxes = new Map([...document.querySelectorAll(".dup-member")].map((member) => [Number(member.dataset.id), member.querySelector("input")]));
  if (boxes.size && ids.every((id) => boxes.has(id))) {
    for (const [id, box] of boxes) box.checked = ids.includes(id);
    counted();
  } else if (ids.length > 1) go(`?chosen=${ids.join(",")}`);
  else tell(say("lasso_needs_two"));
}

function picked(id) {
  const there = document.querySelector(`.dup-member[data-id="${id}"]`);
  there?.scrollIntoView({ block: "center" });
  there?.querySelector("input").focus({ preventScroll: true });
}

openMap({ onPick: picked, onLasso: lassoed }).then((drawn) => {
  map = drawn;
  if (!drawn) document.body.classList.add("no-map");
  settle();
  document.documentElement.dataset.map = drawn ? "ready" : "none";
});
askAgain();
followQueue();
document.documentElement.dataset.duplicates = "ready";
