// A row of links that is wider than the screen is pushed to the one that is open.

function showCurrent() {
  for (const row of document.querySelectorAll(".tabs, .site-header nav")) {
    const open = row.querySelector("[aria-current]")?.getBoundingClientRect();
    const seen = row.getBoundingClientRect();
    if (open) row.scrollLeft += open.left + open.width / 2 - seen.left - seen.width / 2;
  }
}

showCurrent();
document.addEventListener("htmx:afterSettle", showCurrent);
