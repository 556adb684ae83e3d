// Requests to our own server, and the two ways in which they fail.

import { language, say } from "wardwise/page";

/** The server said no: a sentence in the reader's language, a stable code, the facts. */
export class Problem extends Error {
  constructor({ title, code, status, facts }) {
    super(title);
    this.code = code ?? "error";
    this.status = status;
    this.facts = facts ?? {};
  }

  /** True when the same request may go through later. */
  get passing() {
    return this.status >= 500 || this.status === 408 || this.status === 429;
  }
}

/** The server was not reached at all. */
export class NoConnection extends Error {
  get passing() {
    return true;
  }
}

/** Fetch `address` and return the answer; raises Problem, NoConnection or AbortError. */
export async function request(address, options = {}) {
  const url = new URL(address, location.origin);
  if (url.pathname.startsWith("/api/")) url.searchParams.set("lang", language);
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError" || error.name === "TimeoutError") throw error;
    throw new NoConnection(say("no_connection"));
  }
  if (answer.ok) return answer;
  throw await problemOf(answer);
}

export const json = async (address, options) => (await request(address, options)).json();

async function problemOf(answer) {
  const told = await answer.json().catch(() => ({}));
  return new Problem({
    title: told.title ?? say("server_trouble"),
    code: told.code,
    status: answer.status,
    facts: told.facts,
  });
}

/** Return a function that runs only its newest call: the one before it is aborted. */
export function newestOnly(act) {
  let running = null;
  return async (...facts) => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    try {
      return await act(mine.signal, ...facts);
    } catch (error) {
      if (error.name === "AbortError") return undefined;
      throw error;
    } finally {
      if (running === mine) running = null;
    }
  };
}
