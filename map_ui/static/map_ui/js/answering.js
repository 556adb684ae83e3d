// The forms of an answer: photos are made small before they are sent, and each is sent once.

import { bindWorkPhotos, settled } from "wardwise/work_photos";

/** Bind what there is of the answer's forms on this page. */
export function bindAnswering() {
  for (const form of document.querySelectorAll(".answering form, .rating form")) sendOnce(form);
  bindWorkPhotos(document);
}

/** Wait for the photos; a second press while the first is on its way would find the case changed. */
function sendOnce(form) {
  let state = "";
  form.addEventListener("submit", async (event) => {
    if (state === "ready") return;
    event.preventDefault();
    if (state) return;
    state = "waiting";
    await settled(form);
    // A form cannot be submitted from within its own submission.
    await new Promise((resolve) => setTimeout(resolve));
    state = "ready";
    form.requestSubmit(event.submitter);
  });
  addEventListener("pageshow", () => (state = ""));
}
