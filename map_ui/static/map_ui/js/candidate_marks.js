// Numbered marks of the places that a text may mean; the list beside the map says the same.

import { make, number } from "wardwise/page";

/** Draw `places` on the map; `onPick(place)` when a mark is touched. Returns a function that removes them. */
export function markCandidates({ map, maplibre }, places, onPick) {
  const marks = places.map((place, index) => {
    // The list has the keyboard's way to each; the marks are its picture.
    const element = make("button", { type: "button", class: "candidate-mark", tabindex: "-1", "aria-hidden": "true" }, place.numbered === 0 ? "•" : number(place.numbered ?? index + 1));
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      onPick(place);
    });
    return new maplibre.Marker({ element, anchor: "bottom" }).setLngLat([place.lon, place.lat]).addTo(map);
  });
  return () => marks.forEach((mark) => mark.remove());
}

/** Return the box around all places, in degrees. */
export function boxAround(places) {
  const lons = places.map(({ lon }) => lon);
  const lats = places.map(({ lat }) => lat);
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}
