"use strict";
// Words are put in as text: what people wrote is never markup.
window.labelled = (layer, label) => {
  if (!label) return layer;
  const words = document.createElement("span");
  words.textContent = label;
  return layer.bindTooltip(words, {sticky: true});
};

// The names of areas, seen when one is near: without tiles they tell where one is.
window.named = (layer, told) => {
  const words = document.createElement("span");
  words.textContent = told.label;
  const name = L.tooltip({permanent: true, direction: "center", className: "name", pane: "shadowPane"})
    .setLatLng([told.at[1], told.at[0]]).setContent(words);
  layer.on("add", (event) => event.target._map.addLayer(name));
  layer.on("remove", () => name.remove());
};

// From near on, those that cover no other one.
const showNames = (map) => {
  const frame = map.getContainer(), taken = [];
  frame.classList.toggle("near", map.getZoom() >= 12);
  for (const name of frame.querySelectorAll(".name")) {
    const box = name.getBoundingClientRect();
    const free = taken.every((one) =>
      box.right < one.left || box.left > one.right || box.bottom < one.top || box.top > one.bottom);
    name.style.visibility = free ? "" : "hidden";
    if (free) taken.push(box);
  }
};

// Above the heat; a second canvas there would take the pointer from the areas underneath.
window.dots = L.svg({pane: "markerPane"});

window.finish = (map, layers, words) => {
  L.control.zoom({zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out}).addTo(map);
  L.control.scale({imperial: false}).addTo(map);
  map.on("zoomend overlayadd", () => showNames(map));
  showNames(map);
  if (window.matchMedia("(max-width: 700px)").matches) {
    map.removeControl(layers);
    layers.options.collapsed = true;
    layers.addTo(map);
    document.querySelector("details").open = false;
  }
  let kept = null;
  window.addEventListener("beforeprint", () => {
    kept = map.getBounds();
    document.documentElement.classList.add("printing");
    map.invalidateSize({animate: false});
    map.fitBounds(kept, {animate: false});
  });
  window.addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    map.invalidateSize({animate: false});
    if (kept) map.fitBounds(kept, {animate: false});
  });
};
