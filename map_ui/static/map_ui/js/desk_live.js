// Following events without a gap: the stream, a fresh permission when the old one is too old, and
// asking now and then while the stream is away.

import { json } from "wardwise/requests";

const GATHER_MS = 150;
const AWAY_POLL_MS = 15_000;
const RECHECK_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Follow `events` from the cursor `since` on. Calls `onChanges({ changed, gone })` with sets of ids,
 * `onState("live" | "away" | "asking")`, and `onLook()` when everything should be asked for again.
 */
export function follow({ events, token, since, fresh_token: freshToken }, { onChanges, onState, onLook }) {
  let last = since;
  let permission = token;
  let source = null;
  let wait = 1000;
  let polling = 0;
  let gathering = 0;
  let found = { changed: new Set(), gone: new Set() };

  const tell = () => {
    gathering = 0;
    const told = found;
    found = { changed: new Set(), gone: new Set() };
    onChanges(told);
  };
  const gather = (id, to, from) => {
    found[from].delete(id);
    found[to].add(id);
    gathering ||= setTimeout(tell, GATHER_MS);
  };

  function open() {
    const address = new URL(events);
    address.search = new URLSearchParams({ token: permission, after: last, mine: "1" });
    source = new EventSource(address);
    source.addEventListener("ready", (event) => {
      last = event.lastEventId || last;
      wait = 1000;
      away(false);
    });
    source.addEventListener("change", (event) => {
      last = event.lastEventId || last;
      gather(JSON.parse(event.data).id, "changed", "gone");
    });
    source.addEventListener("gone", (event) => {
      last = event.lastEventId || last;
      gather(JSON.parse(event.data).id, "gone", "changed");
    });
    source.addEventListener("error", () => {
      away(true);
      // The browser comes back by itself with the last id; refused, it gives up and we begin anew.
      if (source.readyState === EventSource.CLOSED) again();
    });
  }

  function again() {
    source.close();
    setTimeout(async () => {
      try {
        permission = (await json(freshToken)).token;
        open();
      } catch {
        again();
      }
    }, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function away(is) {
    onState(is ? "away" : "live");
    clearInterval(polling);
    polling = is ? setInterval(onLook, AWAY_POLL_MS) : 0;
  }

  if (events) open();
  else {
    onState("asking");
    setInterval(onLook, AWAY_POLL_MS);
  }
  setInterval(onLook, RECHECK_MS);
  return { stop: () => source?.close() };
}
