// A line drawn around things on a map: by pointer; whoever uses keys has ticks beside the map.

/** Return whether the screen point lies in the polygon of screen points. */
export function inside([x, y], polygon) {
  let within = false;
  for (let here = 0, before = polygon.length - 1; here < polygon.length; before = here, here += 1) {
    const [[x1, y1], [x2, y2]] = [polygon[here], polygon[before]];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) within = !within;
  }
  return within;
}

/** Bind the drawing over a map; `onDrawn(polygon)` gets screen points. Returns { toggle(), stop() }. */
export function bindLasso(sheet, button, onDrawn) {
  const line = sheet.querySelector("polygon");
  let points = null;

  const at = (event) => {
    const box = sheet.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  sheet.addEventListener("pointerdown", (event) => {
    sheet.setPointerCapture(event.pointerId);
    points = [at(event)];
    event.preventDefault();
  });
  sheet.addEventListener("pointermove", (event) => {
    if (!points) return;
    points.push(at(event));
    line.setAttribute("points", points.map((point) => point.join(",")).join(" "));
  });
  sheet.addEventListener("pointerup", () => {
    const drawn = points ?? [];
    stop();
    if (drawn.length > 2) onDrawn(drawn);
  });
  sheet.addEventListener("pointercancel", stop);
  button.addEventListener("click", toggle);

  function toggle() {
    const on = button.getAttribute("aria-pressed") !== "true";
    stop();
    sheet.classList.toggle("drawing", on);
    button.setAttribute("aria-pressed", String(on));
  }

  function stop() {
    points = null;
    line.setAttribute("points", "");
    sheet.classList.remove("drawing");
    button.setAttribute("aria-pressed", "false");
  }

  return { toggle, stop };
}
