// Photos: made small before they travel, shown before they are sent, their place offered as a hint.

import { icon, make, say, setup } from "wardwise/page";
import { json } from "wardwise/requests";

const LONG_EDGE_PX = 1600;
const QUALITY = 0.82;
// The position stands in the first part of the file; the picture itself need not travel for it.
const HEAD_BYTES = 256 * 1024;

/** Bind the photo inputs. `onChange(blobs)`, `onHint({ lon, lat })`, `onTrouble(sentence)`. */
export function bindPhotos(form, { onChange, onHint, onTrouble }) {
  const list = form.querySelector("#photo-previews");
  const photos = [];

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

  for (const input of form.querySelectorAll("#camera, #photos")) {
    input.addEventListener("change", async () => {
      onTrouble("");
      const files = [...input.files];
      input.value = "";
      for (const file of files) await add(file);
    });
  }
  return {
    blobs: () => [...photos],
    put(blobs) {
      photos.splice(0, photos.length, ...blobs);
      changed();
    },
  };
}

function preview(blob, index, remove) {
  const button = make("button", { type: "button", class: "button icon-button" }, icon("x"), make("span", { class: "unseen" }, say("remove_photo", { n: index + 1 })));
  button.addEventListener("click", remove);
  return make("li", {}, make("img", { src: URL.createObjectURL(blob), alt: say("photo_n", { n: index + 1 }) }), button);
}

/** Return the photo as a JPEG of at most 1600 px, or the file itself where it cannot be read here. */
async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONG_EDGE_PX / Math.max(picture.width, picture.height));
    const canvas = make("canvas", { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return blob && (blob.size < file.size || scale < 1) ? blob : file;
  } catch {
    return file;
  }
}

async function hintOf(file) {
  const body = new FormData();
  body.append("photo", file.slice(0, HEAD_BYTES, file.type), file.name || "photo.jpg");
  const place = await json("/api/v1/photo-hint", { method: "POST", body }).catch(() => null);
  return place && Number.isFinite(place.lon) && Number.isFinite(place.lat) ? place : null;
}
