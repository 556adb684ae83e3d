"""So many rows of every kind, by a seed."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from tests.geocoding_rows.judging_book import JUDGING
from tests.geocoding_rows.last_book import LAST
from tests.geocoding_rows.spots import Spot, Spots
from tests.geocoding_rows.wording import Draft, Writer
from tests.geocoding_rows.working_book import WORKING

COLUMNS = (
    "id", "text", "form", "kind", "category", "lat", "lon", "tolerance_m", "ward_code",
    "ward_name", "accept_ward_codes", "old_ward_code", "old_ward", "old_district", "street",
    "street_in_gazetteer", "ambiguous_street", "tags", "source", "phrase",
)  # fmt: skip
SHARES = {
    "houses": 33, "alleys": 20, "crossings": 15, "cameras": 4, "landmarks": 9, "stretches": 7,
    "old_wards": 4, "new_wards": 3, "nothing": 5,
}  # fmt: skip
BOOKS = {200: LAST, 100: JUDGING, 0: WORKING}
"""The first seed of each book, the last book first."""

Row = dict[str, object]


def compose(
    data: Path, rows: int, seed: int, spots: Spots | None = None, *, only_houses: bool = False
) -> list[Row]:
    """Return ``rows`` rows of the form of the development file; the same ones for a seed.

    ``spots`` saves reading ``data`` again.
    """
    draw = random.Random(seed)
    spots = spots or Spots(data)
    book = next(BOOKS[first] for first in BOOKS if seed >= first)
    writer = Writer(book, (spots.now, spots.before), draw)
    shares = {"houses": 1} if only_houses else SHARES
    sources = draw.choices(list(shares), list(shares.values()), k=rows)
    known = {source: spots.of(source) for source in sorted({*sources} - {"nothing"})}
    return [
        _row(number, writer, None if source == "nothing" else draw.choice(known[source]))
        for number, source in enumerate(sources, 1)
    ]


def write(rows: list[Row], path: Path) -> None:
    """Write the rows as CSV, UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def _row(number: int, writer: Writer, spot: Spot | None) -> Row:
    draft = writer.write(spot) if spot else writer.nothing()
    return _said(number, draft) | (_true(spot) if spot else {"kind": "none"})


def _said(number: int, draft: Draft) -> Row:
    return dict.fromkeys(COLUMNS, "") | {
        "id": f"H{number:04d}", "text": draft.text, "form": draft.form,
        "category": draft.category, "tags": "|".join(dict.fromkeys(draft.tags)),
        "phrase": draft.phrase,
    }  # fmt: skip


def _true(spot: Spot) -> Row:
    lon, lat = spot.degrees
    before = spot.before
    return {
        "kind": spot.kind, "lat": lat, "lon": lon, "tolerance_m": spot.tolerance,
        "ward_code": spot.now.code, "ward_name": spot.now.full_name,
        "accept_ward_codes": "|".join(spot.accepted),
        "old_ward_code": before.code if before else "",
        "old_ward": before.full_name if before else "",
        "old_district": before.district if before else "",
        "street": spot.street, "street_in_gazetteer": int(bool(spot.street)) or "",
        "ambiguous_street": int(spot.ambiguous), "source": spot.source,
    }  # fmt: skip
