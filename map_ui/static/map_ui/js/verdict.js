// The sentence under the map: ward, agency, why; asked anew whenever the map rests.

import { make, number, resting, say } from "wardwise/page";
import { json, newestOnly } from "wardwise/requests";

const REST_MS = 250;

/** Bind the sentence in `box`; returns show(place, category). `onRefused` gets a Problem or null. */
export function bindVerdict(box, onRefused) {
  const ask = newestOnly(async (signal, place, category) => {
    const [answer, words] = await Promise.all([json(address(place, category), { signal }), inWords(place, signal)]);
    fill(box, answer, place, words);
    onRefused(null);
  });
  const asking = resting((place, category) => ask(place, category).catch((error) => refuse(error)), REST_MS);

  function refuse(error) {
    box.className = "verdict";
    box.replaceChildren(make("p", { class: "verdict-empty" }, error.status ? error.message : say("preview_offline")));
    if (error.status && !error.passing) {
      box.classList.add("refused");
      onRefused(error);
    }
  }

  return (place, category) => {
    box.classList.add("stale");
    asking(place, category);
  };
}

function address({ lon, lat, accuracy }, category) {
  const query = new URLSearchParams({ lon, lat, accuracy: accuracy || 0 });
  if (category) query.set("category", category);
  return `/api/v1/preview?${query}`;
}

/** The place as people would say it; nothing where that is not known or not answered. */
const inWords = ({ lon, lat }, signal) => json(`/api/v1/reverse?${new URLSearchParams({ lon, lat })}`, { signal }).catch(() => ({ text: "", attribution: [] }));

function fill(box, answer, place, words) {
  const { ward, district, agency, because, question, needs_triage: triage, edition } = answer;
  const where = [ward?.full_name ?? say("no_ward"), district && (district.former ? say("former_district", { name: district.full_name }) : district.full_name)];
  box.className = "verdict";
  box.replaceChildren(...[
    words.text && make("p", { class: "place-in-words" }, words.text),
    make("p", { class: "ward" }, where.filter(Boolean).join(" · ")),
    triage ? make("p", {}, question || say("operator_decides")) : agency && make("p", {}, say("will_answer", { agency: agency.name })),
    because && !triage && make("p", { class: "because small" }, because),
    !agency && !triage && make("p", { class: "small" }, say("choose_category")),
    place.accuracy > 60 && make("p", { class: "small hint" }, say("zoom_closer", { metres: number(place.accuracy) })),
    words.attribution.length > 0 && make("p", { class: "small hint" }, words.attribution.join(" · ")),
    edition?.approximate && make("p", { class: "small hint" }, say("approximate")),
  ].filter(Boolean));
}
