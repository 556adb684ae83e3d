// What is in view, as a list: the map's other half, and all of it where no map can be drawn.

import { icon, make, number, say, setup, shortDate, statusMark } from "wardwise/page";
import { json, newestOnly } from "wardwise/requests";

const PAGE = 50;

/** Bind the list; returns show(bounds, query), which fills it with what lies in `bounds`. */
export function bindList({ list, summary, more }) {
  let cursor = null;
  let shown = 0;
  let asked = null;

  const load = newestOnly(async (signal, following) => {
    list.setAttribute("aria-busy", "true");
    const page = await json(address(asked, following ? cursor : null), { signal });
    if (!following) {
      list.replaceChildren();
      shown = 0;
    }
    list.append(...page.features.map(row));
    shown += page.features.length;
    cursor = page.next ?? null;
    more.hidden = !cursor;
    list.setAttribute("aria-busy", "false");
    summary.textContent = sentence(shown, Boolean(cursor));
  });

  const tell = (error) => {
    list.setAttribute("aria-busy", "false");
    list.replaceChildren();
    summary.textContent = error.message;
  };
  more.addEventListener("click", () => load(true).catch(tell));
  return (bounds, query) => {
    asked = { bounds, query };
    return load(false).catch(tell);
  };
}

function address({ bounds, query }, cursor) {
  const parts = new URLSearchParams(query);
  parts.set("bbox", bounds.map((degrees) => degrees.toFixed(5)).join(","));
  parts.set("limit", PAGE);
  if (cursor) parts.set("cursor", cursor);
  return `/api/v1/incidents?${parts}`;
}

function sentence(count, isMore) {
  if (!count) return say("none_in_view");
  return say(isMore ? "more_in_view" : "in_view", { n: number(count) });
}

function row({ id, properties }) {
  const facts = { ...properties, id: properties.id ?? id };
  const category = setup.categories[codeOf(facts.category)];
  const name = category?.name ?? codeOf(facts.category);
  const link = make("a", { href: `/i/${facts.id}`, "data-incident": facts.id },
    make("span", { class: "category-icon" }, icon(category?.icon ?? "map-pin")),
    make("span", {},
      make("strong", {}, name),
      make("span", { class: "row-facts" }, statusMark(facts.status), make("span", {}, facts.ward_name ?? ""), make("span", {}, shortDate(facts.opened ?? facts.opened_at)))));
  return make("li", {}, link);
}

const codeOf = (value) => value ?? "";
