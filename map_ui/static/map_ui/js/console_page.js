// Keys for the operators' queue: each button or link names its own.

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
});

// After each decision the next card is read out from its title.
document.addEventListener("htmx:afterSwap", () => document.querySelector("#queue h1")?.focus());

document.documentElement.dataset.keys = "ready";
