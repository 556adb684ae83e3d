// The forms of an answer: photos are shown before they are sent, and the parts speak of each other.

import { make, say, setup } from "wardwise/page";

/** Bind what there is of the answer's forms on this page. */
export function bindAnswering() {
  const input = document.getElementById("dispute-photos");
  if (input) bindPreviews(input, document.getElementById(input.dataset.previews));
  for (const form of document.querySelectorAll(".answering form, .rating form")) sendOnce(form);
}

function bindPreviews(input, list) {
  input.addEventListener("change", () => {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    const most = setup.limits.photos;
    const kept = [...input.files].slice(0, most);
    if (input.files.length > most) input.files = asFiles(kept);
    list.replaceChildren(...kept.map((file, index) => {
      const image = make("img", { src: URL.createObjectURL(file), alt: say("photo_n", { n: index + 1 }) });
      return make("li", {}, image);
    }));
  });
}

function asFiles(files) {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  return transfer.files;
}

/** A second press while the first is on its way would find the case changed. */
function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => delete form.dataset.sent);
}
