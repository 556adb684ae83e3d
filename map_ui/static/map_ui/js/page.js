// What the server put into the page, and numbers and dates in the page's language.

export const setup = JSON.parse(document.getElementById("setup")?.textContent ?? "{}");
export const language = document.documentElement.lang || "vi";
const locale = language === "vi" ? "vi-VN" : "en-GB";

/** Return the sentence `name` in the page's language, its %(places)s filled from `facts`. */
export function say(name, facts = {}) {
  const text = setup.words?.[name] ?? name;
  return text.replace(/%\((\w+)\)s/g, (_, key) => facts[key] ?? "");
}

export const number = (value, digits = 0, least = 0) =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits, minimumFractionDigits: least }).format(value);

export const shortDate = (iso) =>
  new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", year: "numeric", timeZone: setup.city?.time_zone }).format(new Date(iso));

/** Make an element; attributes by name, text and children appended, never parsed as HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** Make an icon of the sprite, hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${setup.sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Make the shape and the word of a status. */
export function statusMark(code) {
  const status = setup.statuses[code];
  return make("span", { class: `status status-${code}` }, icon(status?.icon ?? "status-received"), status?.name ?? code);
}

/** Call `act` once calls have stopped for `ms` milliseconds; `stop` takes the last call back. */
export function resting(act, ms) {
  let timer = 0;
  const soon = (...facts) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...facts), ms);
  };
  soon.stop = () => clearTimeout(timer);
  return soon;
}

/** Lower case without marks: "Điện Biên" and "dien bien" are the same word to a search. */
export const folded = (text) =>
  text.normalize("NFD").replace(/\p{Mn}/gu, "").replace(/[đĐ]/g, "d").toLowerCase().trim();

export const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const dark = matchMedia("(prefers-color-scheme: dark)");
