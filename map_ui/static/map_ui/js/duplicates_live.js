// The queue follows what happens: lines that came or went are told of; the list changes when asked to.

import { follow } from "wardwise/desk_live";
import { make, number, say, setup } from "wardwise/page";

const REST_MS = 10_000;
const SETTLES_MS = [1_500, 9_000];
const $ = (id) => document.getElementById(id);
let asked = 0;
let waiting = [];
let fresh = null;

/** Follow events, and look soon after one, and once more: what is moved or merged is compared a little later. */
export function followQueue() {
  const soon = () => {
    waiting.forEach(clearTimeout);
    waiting = SETTLES_MS.map((ms) => setTimeout(look, Math.max(ms, asked + REST_MS - Date.now())));
  };
  follow(setup.live, { onChanges: soon, onState: () => {}, onLook: () => look() });
}

/** Fetch the list once more, unless nobody looks; nothing that is shown is touched. */
async function look() {
  if (document.hidden || Date.now() - asked < 1_000) return;
  asked = Date.now();
  const list = $("dup-list").firstElementChild;
  const answer = await fetch(location.href, { credentials: "same-origin", headers: { "X-Wardwise-Part": "list" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Where the list was put in place anew meanwhile, that one knows more.
  if (list !== $("dup-list").firstElementChild) return;
  fresh = page.body;
  tell();
}

function tell() {
  const [shown, now] = [lines($("dup-list")), lines(fresh)];
  const came = [...now].filter(([line, told]) => shown.get(line) !== told).length;
  const went = [...shown.keys()].filter((line) => !now.has(line)).length;
  const words = [came && say("queue_new", { n: number(came) }), went && say("queue_gone", { n: number(went) })].filter(Boolean);
  const button = words.length ? make("button", { type: "button", class: "button", "data-key": "r" }, words.join(" · "), " ", make("kbd", {}, "r")) : null;
  button?.addEventListener("click", () => show(button === document.activeElement));
  if ($("dup-news").textContent !== (button?.textContent ?? "")) $("dup-news").replaceChildren(...(button ? [button] : []));
}

/** What comes after the page's address names a line; a group that grew is told like a new one. */
const name = (link) => link.getAttribute("href").split("&")[0];
const lines = (list) => new Map([...list.querySelectorAll(".dup-link")].map((link) => [name(link), link.querySelector(".dup-small").textContent.trim()]));

/** Put the new list in place of the old one; the comparison stays, and so does the focus. */
function show(hadFocus) {
  const chosen = $("dup-list").querySelector(".dup-row.chosen .dup-link");
  const key = chosen && name(chosen);
  const typed = $("by-hand").value;
  const top = $("dup-list").scrollTop;
  $("dup-list").replaceChildren(...document.importNode(fresh, true).childNodes);
  fresh = null;
  $("by-hand").value = typed;
  for (const link of $("dup-list").querySelectorAll(".dup-link")) mark(link, name(link) === key);
  $("dup-list").scrollTop = top;
  if (hadFocus) $("dup-list").querySelector(".dup-link")?.focus({ preventScroll: true });
}

function mark(link, is) {
  link.closest(".dup-row").classList.toggle("chosen", is);
  if (is) link.setAttribute("aria-current", "true");
  else link.removeAttribute("aria-current");
}
