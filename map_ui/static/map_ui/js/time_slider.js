// Time as bars with a slider under them: a period at a time, by hand or played.

import { calm, icon, number, say, shortDate } from "wardwise/page";

const STEP_MS = 1200;
const DAY_MS = 86_400_000;
const SVG = "http://www.w3.org/2000/svg";

/**
 * Bind the bar. `onPeriod({ since, until })` after each move, both "" for all time.
 * Returns { show(visible), refresh(query, since) }.
 */
export function bindTimeSlider(bar, onPeriod) {
  const [range, play, all, said, bars] = ["time-at", "time-play", "time-all", "time-said", "time-bars"].map((id) => document.getElementById(id));
  let told = { starts: [], counts: [], by: "day" };
  let chosen = -1;
  let timer = 0;

  range.addEventListener("input", () => choose(Number(range.value)));
  all.addEventListener("click", () => choose(-1));
  // Nothing moves by itself for who asked for calm: each press is one step.
  play.addEventListener("click", () => (calm.matches ? choose(next()) : timer ? stop() : start()));
  document.addEventListener("visibilitychange", () => document.hidden && stop());

  const next = () => (chosen + 1) % Math.max(told.starts.length, 1);

  function start() {
    timer = setInterval(() => choose(next()), STEP_MS);
    dressPlay();
    choose(next());
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    dressPlay();
  }

  function dressPlay() {
    play.replaceChildren(icon(timer ? "player-pause" : "player-play"), unseen(say(timer ? "pause" : calm.matches ? "next_period" : "play")));
  }

  function choose(at) {
    if (at < 0) stop();
    chosen = at;
    mark();
    onPeriod(at < 0 ? { since: "", until: "" } : { since: told.starts[at], until: end(at) });
  }

  function end(at) {
    const after = told.starts[at + 1];
    const last = after ? Date.parse(after) - DAY_MS : lastDay(told.starts[at], told.by);
    return new Date(last).toISOString().slice(0, 10);
  }

  /** Say the period in words, and let its bar stand out. */
  function mark() {
    const total = told.counts.reduce((sum, one) => sum + one, 0);
    const text = chosen < 0 ? say("time_all", { n: number(total) }) : inWords(chosen);
    said.textContent = text;
    range.value = String(Math.max(chosen, 0));
    range.setAttribute("aria-valuetext", text);
    all.setAttribute("aria-pressed", String(chosen < 0));
    [...bars.children].forEach((one, at) => one.setAttribute("class", at === chosen ? "chosen" : ""));
  }

  function inWords(at) {
    const [from, to, n] = [shortDate(told.starts[at]), shortDate(end(at)), number(told.counts[at])];
    return from === to ? say("time_day", { day: from, n }) : say("time_one", { from, to, n });
  }

  function draw() {
    const most = Math.max(1, ...told.counts);
    const width = 100 / Math.max(told.counts.length, 1);
    bars.replaceChildren(...told.counts.map((count, at) => {
      const rect = document.createElementNS(SVG, "rect");
      const high = count ? Math.max(2, (count / most) * 100) : 0;
      for (const [name, value] of Object.entries({ x: at * width + width * 0.1, y: 100 - high, width: width * 0.8, height: high })) rect.setAttribute(name, value);
      return rect;
    }));
    range.max = String(Math.max(told.starts.length - 1, 0));
    range.disabled = play.disabled = told.starts.length < 2;
  }

  dressPlay();
  return {
    show(visible) {
      bar.hidden = !visible;
      document.body.classList.toggle("with-time", visible);
      if (!visible) stop();
    },
    /** Ask for the bars of `query`; the one that begins on `since` is chosen. */
    async refresh(query, since) {
      const answer = await fetch(`/map/days.json?${query}`).catch(() => null);
      if (!answer?.ok) return;
      told = await answer.json();
      chosen = told.starts.indexOf(since);
      draw();
      mark();
    },
  };
}

function lastDay(first, by) {
  const [year, month] = first.split("-").map(Number);
  return by === "month" ? Date.UTC(year, month, 0) : Date.parse(first) + (by === "week" ? 6 : 0) * DAY_MS;
}

function unseen(text) {
  return Object.assign(document.createElement("span"), { className: "unseen", textContent: text });
}
