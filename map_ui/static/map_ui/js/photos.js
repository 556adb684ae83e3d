// Photos: made small before they travel, shown before they are sent, their place offered as a hint.

import { icon, make, say, setup } from "wardwise/page";
import { json } from "wardwise/requests";

const LONG_EDGE_PX = 1600;
const QUALITY = 0.82;
// The position stands in the first part of the file; the picture itself need not travel for it.
const HEAD_BYTES = 256 * 1024;

/**
 * Bind the photo inputs. `onChange(blobs)`, `onHint({ lon, lat })`, `onTrouble(sentence)`. Of what
 * is returned, `settled()` resolves when every photo chosen so far is among `blobs()`, and
 * `restore(blobs)` puts kept photos before those.
 */
export function bindPhotos(form, { onChange, onHint, onTrouble }) {
  const list = form.querySelector("#photo-previews");
  const photos = [];
  let settled = Promise.resolve();

  async function add(file) {
    if (photos.length >= setup.limits.photos) return onTrouble(say("too_many_photos", { n: setup.limits.photos }));
    hintOf(file).then((place) => place && onHint(place));
    photos.push(await smaller(file));
    changed();
  }

  function changed() {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...photos.map((blob, index) => preview(blob, index, () => {
      photos.splice(index, 1);
      changed();
      form.querySelector("#photos").focus();
    })));
    onChange([...photos]);
  }

  /** Take what an input holds: one after the other, so that order and number are kept. */
  function take(input) {
    onTrouble("");
    const files = [...input.files];
    input.value = "";
    for (const file of files) settled = settled.then(() => add(file));
  }

  for (const input of form.querySelectorAll("#camera, #photos")) {
    input.addEventListener("change", () => take(input));
    // On a slow line a photo may be chosen before this module has arrived.
    if (input.files.length) take(input);
  }
  return {
    blobs: () => [...photos],
    settled: () => settled,
    restore(blobs) {
      photos.unshift(...blobs);
      changed();
    },
  };
}

/** Make the list item of a chosen photo; `remove` is called by its button. */
export function preview(blob, index, remove) {
  const button = make("button", { type: "button", class: "button icon-button" }, icon("x"), make("span", { class: "unseen" }, say("remove_photo", { n: index + 1 })));
  button.addEventListener("click", remove);
  return make("li", {}, make("img", { src: URL.createObjectURL(blob), alt: say("photo_n", { n: index + 1 }) }), button);
}

/** Return the photo as a JPEG of at most 1600 px, or the file itself where it cannot be read here. */
export async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_EDGE_PX / Math.max(picture.width, picture.height));
    const canvas = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    // Not toBlob: it works only while the page idles, and beside a map that takes seconds.
    const small = blobOf(canvas.toDataURL("image/jpeg", QUALITY));
    return small.size && (small.size < file.size || scale < 1) ? small : file;
  } catch {
    return file;
  }
}

function blobOf(address) {
  const bytes = Uint8Array.from(atob(address.split(",")[1]), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type: "image/jpeg" });
}

async function hintOf(file) {
  const body = new FormData();
  body.append("photo", file.slice(0, HEAD_BYTES, file.type), file.name || "photo.jpg");
  const place = await json("/api/v1/photo-hint", { method: "POST", body }).catch(() => null);
  return place && Number.isFinite(place.lon) && Number.isFinite(place.lat) ? place : null;
}
