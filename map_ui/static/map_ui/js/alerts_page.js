// Alerts: the ward that was chosen leads to its feed; a circle is put on the map, or by the device.

import { bindCircle } from "wardwise/circle_map";
import { say } from "wardwise/page";
import { locate } from "wardwise/pin";

const ward = document.getElementById("ward");
if (ward) {
  const circle = bindCircle(document.querySelector("details.circle"), () => {
    ward.value = "";
    showFeed();
  });
  ward.addEventListener("input", showFeed);
  document.getElementById("here").addEventListener("click", () => useLocation(circle));
  showFeed();
}

function showFeed() {
  const link = document.getElementById("feed-link");
  const chosen = [...document.querySelectorAll("#wards option")].find((one) => one.value === ward.value);
  if (chosen) link.href = link.dataset.pattern.replace("CODE", encodeURIComponent(chosen.dataset.code));
  document.getElementById("feed-line").hidden = !chosen;
}

async function useLocation(circle) {
  const state = document.getElementById("here-state");
  state.textContent = say("looking");
  try {
    circle.put(await locate());
    state.textContent = say("located");
  } catch (error) {
    state.textContent = say(error.code === 1 ? "location_denied" : "location_failed");
  }
}
