// A ranked table and its map show the same place: by pointer and by keys.

/** Bind the table; `map()` is the map, or null. Returns { rows, picked(spot) }. */
export function bindTable(table, map) {
  const rows = () => [...(table?.querySelectorAll("tbody tr") ?? [])];

  /** Show a row's place on the map, and which row it is. */
  function choose(row, { go = true } = {}) {
    for (const one of rows()) one.classList.toggle("chosen", one === row);
    if (row) map()?.look({ lon: Number(row.dataset.lon), lat: Number(row.dataset.lat), rank: row.dataset.spot }, { go });
  }

  table?.addEventListener("click", (event) => choose(event.target.closest("tbody tr")));
  table?.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("tbody tr");
    if (!step || !row) return;
    event.preventDefault();
    rows()[rows().indexOf(row) + step]?.querySelector(".place").focus();
  });

  return {
    rows,
    /** From the map: bring the row of a place into view. */
    picked(spot) {
      const row = rows().find((one) => one.dataset.spot === String(spot));
      if (!row) return;
      choose(row, { go: false });
      row.querySelector(".place").focus();
    },
  };
}
