// Alerts: the ward that was chosen leads to its feed; the device may say where the circle lies.

import { say } from "wardwise/page";
import { locate } from "wardwise/pin";

const ward = document.getElementById("ward");
if (ward) {
  ward.addEventListener("input", showFeed);
  document.getElementById("here").addEventListener("click", useLocation);
  showFeed();
}

function showFeed() {
  const link = document.getElementById("feed-link");
  const chosen = [...document.querySelectorAll("#wards option")].find((one) => one.value === ward.value);
  if (chosen) link.href = link.dataset.pattern.replace("CODE", encodeURIComponent(chosen.dataset.code));
  document.getElementById("feed-line").hidden = !chosen;
}

async function useLocation() {
  const state = document.getElementById("here-state");
  state.textContent = say("looking");
  try {
    const place = await locate();
    document.getElementById("lat").value = place.lat;
    document.getElementById("lon").value = place.lon;
    ward.value = "";
    showFeed();
    state.textContent = say("located");
  } catch (error) {
    state.textContent = say(error.code === 1 ? "location_denied" : "location_failed");
  }
}
