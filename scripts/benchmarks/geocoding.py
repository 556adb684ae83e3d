"""Texts -> places, and places while typing: beside a trigram search over the same names.

The texts are those that ``tests.geocoding_rows`` composes from the reference data. The peer is what
one would write with pg_trgm: the name that is best contained in the text, its point, its ward.
Answers are compared on texts that are nothing but a name which only one place bears: there both
must find that place. On the other texts ``more`` says how many wards each got right.

A hundred texts are asked before the counting begins: a server that has run for a minute is
measured, not one that still reads its tables. ``processor_texts_a_second`` and ``processor_ratio``
leave out what others do on the machine: they count the processor time of this process and of its
database connection, and are null where the database runs elsewhere.
"""

from __future__ import annotations

import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from scripts.benchmarks import harness
from scripts.benchmarks.harness import Line, percentile, rounded
from tests.geocoding_rows.clipping import TABLES, clipped, holds

if TYPE_CHECKING:
    from districts.geocoding.scoring import Truth
    from gis_core.positions import LonLat

CENTRE_BOX = (106.66, 10.75, 106.72, 10.80)
"""West, south, east, north of what a quick run loads."""
SAME_M = 300.0
SAME_SHARE = 0.9
"""Of the bare names, from which on the answers count as the same."""
SEED = 100
WARM_UP = 100
"""Texts before the first that counts."""

Find = Callable[[str], "LonLat | None"]


def run(*, quick: bool) -> Iterator[Line]:
    """Yield texts a second and their milliseconds, then milliseconds a keystroke."""
    data = _data()
    with harness.scratch_database("geocoding"):
        harness.with_django()
        harness.load_city()
        _load_gazetteer(data, quick=quick)
        truths = _few(data) if quick else _many(data, 2000)
        yield from _texts(truths, peer_texts=20 if quick else 60)
        yield _keystrokes(30 if quick else 300)


def _data() -> Path:
    named = os.environ.get("WARDWISE_TEST_DATA")
    if not named:
        sys.exit("This benchmark reads real addresses: set WARDWISE_TEST_DATA to their folder.")
    return Path(named)


def _load_gazetteer(data: Path, *, quick: bool) -> None:
    from django.core.management import call_command  # noqa: PLC0415  after with_django

    harness.say("loading the gazetteer")
    with TemporaryDirectory() as folder:
        for mapping, names in TABLES.items():
            files = [data / name for name in names]
            if quick:
                files = [clipped(file, Path(folder), CENTRE_BOX) for file in files]
            path = harness.ROOT / "data" / "gazetteers" / mapping
            call_command(
                "load_gazetteer", *map(str, files), mapping=path, verbosity=0, stdout=sys.stderr
            )
    _statement("ANALYZE districts_placename")
    _statement("CREATE INDEX peer_names ON districts_placename USING gist (folded gist_trgm_ops)")


def _few(data: Path) -> list[Truth]:
    """Return the development rows of the middle of the city: composing takes a while."""
    from districts.geocoding.score_files import read_truths  # noqa: PLC0415

    truths = read_truths(data / "geocoding_vi_dev.csv")
    return [
        one for one in truths if one.lonlat and holds(CENTRE_BOX, one.lonlat.lon, one.lonlat.lat)
    ]


def _many(data: Path, rows: int) -> list[Truth]:
    from districts.geocoding.score_files import read_truths  # noqa: PLC0415
    from tests.geocoding_rows import composing  # noqa: PLC0415

    harness.say("composing texts")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        composing.write(composing.compose(data, rows, SEED), path)
        return read_truths(path)


def _texts(truths: Sequence[Truth], *, peer_texts: int) -> Iterator[Line]:
    from districts.geocoding.geocoder import geocode  # noqa: PLC0415

    def ours(text: str) -> LonLat | None:
        best = geocode(text).best
        return best.position.lonlat if best else None

    before = _memory_mb()
    asked = [one.text for one in truths]
    _timed(ours, asked[:WARM_UP])
    taken = _timed(ours, asked)
    grown = _memory_mb() - before
    some = random.Random(SEED).sample(list(truths), min(peer_texts, len(truths)))  # noqa: S311
    harness.say("asking pg_trgm")
    _timed(_by_trigrams, asked[:2])
    theirs = _timed(_by_trigrams, [one.text for one in some])
    same = _same_share(ours, _by_trigrams, _bare_names(peer_texts))
    shared: dict[str, Any] = {
        "peer": "pg_trgm word_similarity",
        "same_answer": same >= SAME_SHARE,
        "more": {
            "texts": len(truths), "peer_texts": len(some), "same_names": rounded(same),
            "wards_right": rounded(_wards_right(ours, some)),
            "peer_wards_right": rounded(_wards_right(_by_trigrams, some)),
            "processor_texts_a_second": rounded(taken.processor_speed),
            "processor_ratio": rounded(_ratio(taken.processor_speed, theirs.processor_speed)),
            "memory_mb": rounded(_memory_mb()), "of_which_geocoder_mb": rounded(grown),
        },
    }  # fmt: skip
    yield Line(bench="geocoding", case="texts, one core", unit="texts/s", ours=taken.speed,
               peer_value=theirs.speed, **shared)  # fmt: skip
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        yield Line(bench="geocoding", case=f"a text, {name}", unit="ms",
                   ours=percentile(taken.ms, share), peer_value=percentile(theirs.ms, share),
                   **shared)  # fmt: skip


def _keystrokes(many: int) -> Line:
    """Return the milliseconds from one letter to the next, names typed from the first on."""
    from districts.geocoding.suggesting import suggest  # noqa: PLC0415

    names = _bare_names(many)
    typed = [name[:length] for name in names for length in range(1, len(name) + 1)]
    suggest("")
    some = random.Random(SEED).sample(typed, 2 * many)  # noqa: S311
    taken, theirs = _timed(suggest, typed).ms, _timed(_suggested_by_trigrams, some).ms
    found = sum(any(one.name == name for one in suggest(name)) for name in names) / len(names)
    return Line(
        bench="geocoding", case=f"suggestions, p95 of {len(typed):,} keystrokes", unit="ms",
        ours=percentile(taken, 0.95), peer="pg_trgm, GiST", peer_value=percentile(theirs, 0.95),
        same_answer=found >= SAME_SHARE,
        more={
            "p50": rounded(percentile(taken, 0.5)), "peer_p50": rounded(percentile(theirs, 0.5)),
            "names": len(names), "names_found": rounded(found),
        },
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Taken:
    """What texts took: milliseconds each, and processor seconds in all."""

    ms: Sequence[float]
    processor_s: float | None

    @property
    def speed(self) -> float:
        """Texts a second."""
        return 1e3 * len(self.ms) / sum(self.ms)

    @property
    def processor_speed(self) -> float | None:
        """Texts a second of processor time."""
        return len(self.ms) / self.processor_s if self.processor_s else None


def _timed(work: Callable[[str], object], texts: Sequence[str]) -> _Taken:
    before = _processor_s()
    ms = [one for text in texts for one in harness.timed(lambda: work(text), 1, warm_up=0)]  # noqa: B023
    after = _processor_s()
    return _Taken(ms, None if before is None or after is None else after - before)


def _processor_s() -> float | None:
    """Return the processor seconds of this process and its database connection; None elsewhere."""
    [[server]] = _statement("SELECT pg_backend_pid()")
    status = Path(f"/proc/{server}/stat")
    if not (status.exists() and "postgres" in status.read_text()):
        return None
    ticks = status.read_text().rpartition(")")[2].split()[11:13]
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _ratio(one: float | None, other: float | None) -> float | None:
    return one / other if one and other else None


def _memory_mb() -> float:
    """Return the most that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def _by_trigrams(text: str) -> LonLat | None:
    from gis_core.names import folded  # noqa: PLC0415
    from gis_core.positions import LonLat  # noqa: PLC0415

    query = """
        SELECT ST_X(place.point), ST_Y(place.point)
        FROM districts_placename AS name JOIN districts_place AS place ON place.id = name.place_id
        WHERE length(name.folded) > 3
        ORDER BY word_similarity(name.folded, %s) DESC, length(name.folded) DESC, place.id LIMIT 1
    """
    rows = _statement(query, [folded(text)])
    return LonLat(*rows[0]) if rows else None


def _suggested_by_trigrams(typed: str) -> object:
    from gis_core.names import folded  # noqa: PLC0415

    query = """
        SELECT name, place_id FROM districts_placename ORDER BY folded <->> %s LIMIT 8
    """
    return _statement(query, [folded(typed)])


def _bare_names(many: int) -> list[str]:
    """Return names that only one place in the city bears, the same ones every time."""
    from districts.geocoding import areas  # noqa: PLC0415
    from gis_core.positions import LonLat  # noqa: PLC0415

    query = """
        SELECT min(name.name), min(ST_X(place.point)), min(ST_Y(place.point))
        FROM districts_placename AS name JOIN districts_place AS place ON place.id = name.place_id
        WHERE place.kind IN ('street', 'landmark') AND name.use = 'official'
            AND place.weight >= 0.45 AND name.name !~ '\\d' AND name.name ~ '^(\\S+ ){2,5}\\S+$'
        GROUP BY name.key
        HAVING count(*) = 1 AND max(ST_Length(place.shape::geography)) < 400
        ORDER BY md5(name.key) LIMIT %s
    """
    rows = _statement(query, [2 * many])
    return [name for name, lon, lat in rows if areas.ward_at(LonLat(lon, lat))][:many]


def _same_share(one: Find, other: Find, texts: Sequence[str]) -> float:
    from gis_core.positions import distance_m  # noqa: PLC0415

    pairs = [(one(text), other(text)) for text in texts]
    return sum(bool(a and b and distance_m(a, b) <= SAME_M) for a, b in pairs) / len(pairs)


def _wards_right(find: Find, truths: Sequence[Truth]) -> float:
    from districts.geocoding import areas  # noqa: PLC0415

    placed = [one for one in truths if one.wards]
    found = [(one, find(one.text)) for one in placed]
    wards = [(one.wards, areas.ward_at(lonlat)) for one, lonlat in found if lonlat]
    return sum(ward is not None and ward.code in right for right, ward in wards) / len(placed)


@contextmanager
def _cursor() -> Iterator[Any]:
    from django.db import connection  # noqa: PLC0415, TID251  the peer asks on the same connection

    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        yield cursor


def _statement(query: str, parameters: Sequence[object] = ()) -> list[Any]:
    with _cursor() as cursor:
        cursor.execute(query, parameters or None)
        return cursor.fetchall() if cursor.description else []
