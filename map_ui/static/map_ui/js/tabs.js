// A row of tabs that is wider than the screen is pushed to the one that is open.

function showCurrent() {
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
}

showCurrent();
document.addEventListener("htmx:afterSettle", showCurrent);
