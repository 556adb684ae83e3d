// Keys of the operators' pages: each button or link names its own.

/** Click the control that names the key pressed, unless somebody is writing. */
export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!control) return;
    event.preventDefault();
    control.click();
  });
  document.documentElement.dataset.keys = "ready";
}
