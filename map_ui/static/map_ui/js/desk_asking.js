// How incidents stand now, asked for in turn: no older answer comes after a newer one, and what could
// not be asked is asked again.

import { json } from "wardwise/requests";

const AGAIN_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Return `ask(ids)`. `address(ids)` says where at most `most` of them are asked for now, `onTold(told, ids)`
 * gets each answer; one that came too late, since the list is another one by now, is asked for anew.
 */
export function askInTurn({ most, address, onTold }) {
  const waiting = new Set();
  let going = null;
  let wait = AGAIN_MS;

  async function one() {
    const ids = [...waiting].slice(0, most);
    const where = address(ids);
    for (const id of ids) waiting.delete(id);
    const told = await json(where).catch(() => null);
    if (told && where === address(ids)) onTold(told, ids);
    else for (const id of ids) waiting.add(id);
    if (!told) await pause(wait);
    wait = told ? AGAIN_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  async function all() {
    try {
      while (waiting.size) await one();
    } finally {
      going = null;
    }
  }

  return (ids) => {
    for (const id of ids) waiting.add(String(id));
    going ??= all();
    return going;
  };
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
