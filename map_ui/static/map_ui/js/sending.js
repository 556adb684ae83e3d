// Sending a report until it has arrived: the same key each time, longer pauses in between.

import { say } from "wardwise/page";
import { json } from "wardwise/requests";

const PAUSES_S = [2, 4, 8, 15, 30, 60];

/**
 * Post `body()` with `key` until the server answers for good. Resolves to the receipt, rejects
 * with a Problem that no retry would cure, or with AbortError when `signal` stops it.
 */
export async function sendUntilArrived({ key, body, seen, signal, onState }) {
  for (let attempt = 0; ; attempt += 1) {
    onState(say("sending"));
    try {
      return await json("/api/v1/reports", { method: "POST", body: body(), headers: headers(key, seen), signal });
    } catch (error) {
      if (!error.passing) throw error;
      await pause(PAUSES_S[Math.min(attempt, PAUSES_S.length - 1)], signal, onState);
    }
  }
}

/** ``seen`` names what may be the same and was shown; without it the server may ask first. */
function headers(key, seen) {
  return { "Idempotency-Key": key, ...(seen ? { "X-Acknowledge-Duplicate": seen } : {}) };
}

/** Wait, counting down aloud; ends at once when the connection is back. */
function pause(seconds, signal, onState) {
  return new Promise((resolve, reject) => {
    let left = seconds;
    const stop = (settle, value) => {
      clearInterval(ticking);
      removeEventListener("online", back);
      settle(value);
    };
    const back = () => stop(resolve);
    const tick = () => {
      if (left <= 0) return stop(resolve);
      onState(say(navigator.onLine ? "waiting_server" : "waiting_line", { seconds: left }));
      left -= 1;
    };
    const ticking = setInterval(tick, 1000);
    addEventListener("online", back);
    signal.addEventListener("abort", () => stop(reject, new DOMException("stopped", "AbortError")), { once: true });
    tick();
  });
}

/** Return the field of the form that an error code speaks of. */
export function fieldOf(code) {
  const [subject] = code.split(".");
  return { position: "place", category: "category", photo: "photos", photos: "photos", text: "text", words: "text", contact: "contact" }[subject] ?? "form";
}
