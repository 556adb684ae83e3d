// The draft outlives a reload, a dead battery and a dead line: words here, photos in IndexedDB.

const NAME = "wardwise.draft";
const STORE = "photos";

/** A key that names this report at the server, so that a retry never makes a second one. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function readDraft() {
  try {
    return JSON.parse(localStorage.getItem(NAME)) ?? null;
  } catch {
    return null;
  }
}

export function keepDraft(draft) {
  try {
    localStorage.setItem(NAME, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

export async function forgetDraft() {
  try {
    localStorage.removeItem(NAME);
  } catch {
    // A browser without storage had nothing to forget.
  }
  await keepPhotos([]);
}

export const keepPhotos = (blobs) => inStore("readwrite", (store) => store.put(blobs, NAME)).catch(() => undefined);
export const readPhotos = async () => (await inStore("readonly", (store) => store.get(NAME)).catch(() => null)) ?? [];

function inStore(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("wardwise", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(STORE, mode);
      const asked = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(asked.result);
      };
      transaction.onabort = () => reject(transaction.error);
    };
  });
}
