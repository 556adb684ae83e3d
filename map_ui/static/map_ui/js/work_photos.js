// Photos of a step: made small and put back into the form's own input, so that it is sent as any form.

import { say, setup } from "wardwise/page";
import { preview, smaller } from "wardwise/photos";

/** Bind every photo field of `root`. */
export function bindWorkPhotos(root) {
  for (const field of root.querySelectorAll("[data-photos]")) bindField(field);
}

function bindField(field) {
  const gallery = field.querySelector("[data-gallery]");
  const trouble = field.querySelector("[data-trouble]");
  const chosen = [];
  let busy = Promise.resolve();

  async function add(file) {
    if (chosen.length >= setup.limits.photos) {
      trouble.textContent = say("too_many_photos", { n: setup.limits.photos });
      return;
    }
    const small = await smaller(file);
    chosen.push(new File([small], `photo-${chosen.length + 1}.jpg`, { type: "image/jpeg" }));
    show();
  }

  function show() {
    const files = new DataTransfer();
    for (const file of chosen) files.items.add(file);
    gallery.files = files.files;
    const list = field.querySelector("[data-previews]");
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...chosen.map((file, index) => preview(file, index, () => {
      chosen.splice(index, 1);
      show();
      gallery.focus();
    })));
  }

  function take(input) {
    trouble.textContent = "";
    const files = [...input.files];
    input.value = "";
    for (const file of files) busy = busy.then(() => add(file));
    // Until the last one is small the form still holds those that were there before.
    busy.then(show);
  }

  for (const input of field.querySelectorAll("[data-camera], [data-gallery]")) {
    input.addEventListener("change", () => take(input));
    if (input.files.length) take(input);
  }
  field.settled = () => busy;
  field.restore = (files) => {
    chosen.push(...files);
    show();
  };
}

/** Wait until every photo of a form was made small. */
export const settled = (form) => Promise.all([...form.querySelectorAll("[data-photos]")].map((field) => field.settled()));

/** Return the photos that a form holds, to be put into another by `restorePhotos`. */
export const photosOf = (form) => [...(form.querySelector("[data-gallery]")?.files ?? [])];

export const restorePhotos = (form, files) => files.length && form.querySelector("[data-photos]")?.restore(files);
