// What may be known already: shown beside the form as soon as place and category are known, never in the way.

import { markCandidates } from "wardwise/candidate_marks";
import { icon, make, number, resting, say, setup, shortDate, statusMark } from "wardwise/page";
import { json, newestOnly } from "wardwise/requests";

const REST_MS = 600;

/**
 * Bind the list in `box`; `drawing()` returns the map to mark them on, or null. Returns
 * { ask(place, category, text), show(candidates), seen() }: seen() is what was shown, by number.
 */
export function bindKnown(box, drawing) {
  const list = box.querySelector("ol");
  const news = document.getElementById("known-news");
  const seen = new Set();
  let shown = "";
  let clearMarks = () => undefined;
  box.querySelector("[data-other]").addEventListener("click", () => fold(true));
  box.querySelector("[data-again]").addEventListener("click", () => fold(false));

  const look = newestOnly(async (signal, place, category, text) => {
    const query = new URLSearchParams({ lon: place.lon, lat: place.lat, accuracy: place.accuracy || 0, category, text });
    const found = await json(`${setup.similar}?${query}`, { signal }).catch((error) => {
      // Whoever reports is never stopped by what could not be looked up.
      if (error.name === "AbortError") throw error;
      return { incidents: [] };
    });
    show(found.incidents);
  });
  const asking = resting(look, REST_MS);

  function show(candidates) {
    const ids = candidates.map(({ id }) => id).join(",");
    if (ids === shown && !box.hidden === Boolean(ids)) return;
    shown = ids;
    candidates.forEach(({ id }) => seen.add(id));
    box.hidden = !candidates.length;
    list.replaceChildren(...candidates.map(line));
    news.textContent = candidates.length ? say("known_count", { n: number(candidates.length) }) : "";
    box.querySelector("[data-again] span").textContent = say("known_again", { n: number(candidates.length) });
    fold(false, { quiet: true });
    mark(candidates);
  }

  function mark(candidates) {
    clearMarks();
    const drawn = drawing();
    const placed = candidates.map((one, index) => ({ ...one.position, numbered: index + 1, id: one.id })).filter(({ lon }) => lon !== undefined);
    if (drawn && placed.length) clearMarks = markCandidates(drawn, placed, ({ id }) => box.querySelector(`[data-id="${id}"] a`)?.focus());
  }

  function fold(away, { quiet = false } = {}) {
    box.classList.toggle("folded", away);
    if (!quiet) box.querySelector(away ? "[data-again]" : "h2").focus();
    if (away) clearMarks();
  }

  return {
    ask: (place, category, text) => (place && category ? asking(place, category, text.trim()) : show([])),
    show,
    /** As the header says it: what was shown, else nothing. */
    seen: () => [...seen].slice(-20).join(","),
    focus: () => box.querySelector("h2").focus(),
  };
}

function line(one, index) {
  const category = setup.categories[one.category];
  const away = one.distance_m < 1000 ? say("metres_away", { metres: number(Math.round(one.distance_m)) }) : say("km_away", { km: number(one.distance_m / 1000, 1) });
  return make("li", { class: "known-one", "data-id": one.id },
    make("span", { class: "candidate-number", "aria-hidden": "true" }, number(index + 1)),
    make("span", { class: "place-words" },
      make("strong", {}, category?.name ?? one.category),
      make("span", { class: "place-detail" }, statusMark(one.status), ` ${away} · ${say("reported_on", { date: shortDate(one.since) })}`),
      make("span", { class: "known-ways" },
        ...ways(one).map(([address, words, drawn], at) => make("a", { class: at ? "known-look" : "button", href: address }, drawn && icon(drawn), words, make("span", { class: "unseen" }, ` ${number(index + 1)}`))),
      ),
    ),
  );
}

/** Whoever works on it opens the case; all others follow it. */
const ways = ({ id, office }) => (office ? [[`/case/${id}`, say("open_case"), "external-link"]] : [[`/i/${id}/follow`, say("follow_this"), "bell"], [`/i/${id}`, say("look_at_it")]]);
