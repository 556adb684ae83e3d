// The contractor's page: its forms are sent as any form; photos are made small before.

import { bindParts, drawCaseMap } from "wardwise/case";
import { settled } from "wardwise/work_photos";

bindParts(document.body);
const frame = document.querySelector("[data-case-map]");
drawCaseMap(frame, frame.dataset);

for (const form of document.querySelectorAll(".case-form")) {
  form.addEventListener("submit", async (event) => {
    if (form.dataset.ready) return;
    event.preventDefault();
    await settled(form);
    form.dataset.ready = "yes";
    form.requestSubmit(event.submitter);
  });
}
