"""The desk at a million incidents: its page with the tiles of one screen, and its open streams.

For an officer of the fullest ward, one of the fullest agency, and an operator. ``ours`` is the 95th
percentile of a look: the page, then all tiles of a screen over six connections, as a browser asks
for them; for the lists alone it stands beside django-ninja's pages by number over the same
tables. ``same_answer``: the list is what a plain query finds, in its order, the tiles hold as many
as lie there, and every stream heard of every event once. ``processor_ms`` is what web server and
database spent on a screen, whatever else the machine was doing.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pyogrio

from gis_core.positions import LonLat
from gis_core.tiles import Tile, tile_of
from scripts.benchmarks import harness, sites, streams
from scripts.benchmarks.harness import Line, percentile
from scripts.benchmarks.loadtest import Ask, Told, ask

PEER = "django-ninja, pages by number"
GOAL_MS = 150
ZOOM = 13
SCREEN = 3
"""Tiles of a screen each way."""

CONNECTIONS = 6
"""As many as a browser opens to one site."""

FURTHER_ON = 5_000
"""Rows before the page that is asked for further down."""

TRUTH = """
SELECT i.id FROM incidents_incident AS i
WHERE i.status NOT IN ('closed', 'rejected')
    AND (%(all)s OR i.agency_id = %(agency)s OR i.ward_id = %(ward)s)
ORDER BY i.due_at NULLS LAST, i.opened_at, i.id LIMIT 50
"""
FULLEST = """
SELECT {0} FROM incidents_incident WHERE {0} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1
"""
MIDDLE = """
SELECT
    percentile_disc(0.5) WITHIN GROUP (ORDER BY ST_X(position)),
    percentile_disc(0.5) WITHIN GROUP (ORDER BY ST_Y(position))
FROM incidents_incident WHERE %(all)s OR agency_id = %(agency)s OR ward_id = %(ward)s
"""
INSIDE = """
SELECT count(*) FROM incidents_incident AS i
CROSS JOIN LATERAL (SELECT ST_Transform(i.position, 3857) AS place) AS m
WHERE i.status NOT IN ('closed', 'rejected')
    AND (%(all)s OR i.agency_id = %(agency)s OR i.ward_id = %(ward)s)
    AND ST_X(m.place) >= %(west)s AND ST_X(m.place) < %(east)s
    AND ST_Y(m.place) > %(south)s AND ST_Y(m.place) <= %(north)s
"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    incidents: int
    requests: int
    streams: int
    events: int
    workers: int


FULL = Size(1_000_000, 60, 500, 20, sites.WORKERS)
QUICK = Size(3_000, 3, 40, 3, sites.QUICK_WORKERS)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody at a desk: what they reach, and their session."""

    name: str
    agency: int
    ward: int
    session: str
    user: int

    @property
    def reach(self) -> dict[str, Any]:
        """The reach as a query's parameters."""
        everybody = not (self.agency or self.ward)
        return {"all": everybody, "agency": self.agency, "ward": self.ward}

    def asks(self, *paths: str) -> list[Ask]:
        """Return requests in this one's name."""
        return [Ask(one, headers={"Cookie": f"sessionid={self.session}"}) for one in paths]


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line a reader for list and map, then lists beside the peer's, then the streams."""
    size = QUICK if quick else FULL
    with harness.scratch_database("desk") as address, ExitStack() as stack:
        fill(address, size.incidents)
        cursor = harness.connect(address).cursor()
        people = readers(cursor)
        ours = stack.enter_context(sites.granian(workers=size.workers))
        theirs = stack.enter_context(offset_site(size.workers))
        bench = Bench(size, cursor, urlsplit(address).path[1:], ours, theirs)
        for one in people:
            yield bench.screen(one)
        for one in people:
            yield from bench.lists(one)
        yield from follow(size, cursor, people[-1])


def fill(address: str, incidents: int) -> None:
    """Migrate, load the city, and make the incidents as the demo does."""
    harness.with_django()
    harness.load_city()
    from django.core.management import call_command  # noqa: PLC0415

    from incidents.made_up import crowd  # noqa: PLC0415  Django is set up now

    call_command("collectstatic", interactive=False, verbosity=0)
    harness.say(f"making {incidents} incidents")
    crowd.make(incidents, seed=1)
    connection = harness.connect(address)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE incidents_incident")
    connection.close()


def readers(cursor: Any) -> list[Reader]:  # noqa: ANN401  psycopg2's
    """Make the three members of staff, signed in."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from incidents.models import Staff  # noqa: PLC0415
    from incidents.permissions import Role  # noqa: PLC0415

    ward, agency = (_first(cursor, FULLEST.format(column)) for column in ("ward_id", "agency_id"))
    made = []
    for name, role, of, inside in (
        ("officer of a ward", Role.WARD_STAFF, 0, ward),
        ("officer of an agency", Role.AGENCY_STAFF, agency, 0),
        ("operator", Role.OPERATOR, 0, 0),
    ):
        user = User.objects.create_user(name)
        Staff.objects.create(user=user, role=role, agency_id=of or None).areas.set(
            [inside] if inside else []
        )
        client = Client()
        client.force_login(user)
        made.append(Reader(name, of, inside, client.cookies["sessionid"].value, user.pk))
    return made


@contextmanager
def offset_site(workers: int) -> Iterator[int]:
    """Run the peer with as many processes and threads as ours."""
    port = sites.free_port()
    command = [
        sites.BIN / "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(sites.THREADS),
        "--log-level", "warning", "scripts.benchmarks.peer_scripts.offset_list:application",
    ]  # fmt: skip
    with sites.serving(command, port):
        yield port


@dataclass(frozen=True, slots=True)
class Bench:
    """A filled database and the two servers over it."""

    size: Size
    cursor: Any
    database: str
    ours: int
    theirs: int

    def screen(self, reader: Reader) -> Line:
        """Measure the page and then the tiles of one screen, as a browser asks for them."""
        harness.say(f"the desk of an {reader.name}")
        tiles = self.tiles(reader)
        page, *drawn = reader.asks("/desk", *(tile_path(tile) for tile in tiles))
        for _ in range(3):
            self.looked(page, drawn)
        before = sites.processor_ms(self.ours, self.database)
        looks = [self.looked(page, drawn) for _ in range(self.size.requests)]
        spent = sites.processor_ms(self.ours, self.database) - before
        together = [took for took, _ in looks]
        told = looks[0][1]
        p95 = percentile(together, 0.95)
        return Line(
            bench="desk",
            case=f"list and map, {reader.name}, p95",
            unit="ms",
            ours=p95,
            same_answer=self.is_true(reader, told, tiles),
            more={
                "incidents": self.size.incidents,
                "p50": harness.rounded(percentile(together, 0.5)),
                "processor_ms": harness.rounded(spent / len(looks)),
                "page_p95": harness.rounded(p95_of(answers[:1] for _, answers in looks)),
                "tile_p95": harness.rounded(p95_of(answers[1:] for _, answers in looks)),
                "tiles": len(tiles),
                "queries": queries(reader),
                "within_goal": p95 < GOAL_MS,
            },
        )

    def looked(self, page: Ask, tiles: Sequence[Ask]) -> tuple[float, list[Told]]:
        """Return the milliseconds of a look at the desk, and the answers: the page's first."""
        began = time.perf_counter()
        told = ask(self.ours, [page]) + _in_order(ask(self.ours, tiles, clients=CONNECTIONS))
        return (time.perf_counter() - began) * 1e3, told

    def tiles(self, reader: Reader) -> list[Tile]:
        """Return a screen of tiles around the middle of what the reader's desk holds."""
        self.cursor.execute(MIDDLE, reader.reach)
        middle = tile_of(LonLat(*self.cursor.fetchone()), ZOOM)
        aside = range(-(SCREEN // 2), SCREEN // 2 + 1)
        return [Tile(ZOOM, middle.x + dx, middle.y + dy) for dx in aside for dy in aside]

    def is_true(self, reader: Reader, told: Sequence[Told], tiles: Sequence[Tile]) -> bool:
        """Tell whether page and tiles hold what plain queries find."""
        page, *drawn = told
        self.cursor.execute(TRUTH, reader.reach)
        expected = [pk for (pk,) in self.cursor.fetchall()]
        counted = [held(one.plain()) == self.inside(reader, tile)
                   for one, tile in zip(drawn, tiles, strict=True)]  # fmt: skip
        return page.status == 200 and shown(page) == expected and all(counted)

    def inside(self, reader: Reader, tile: Tile) -> int:
        """Return how many open incidents of the reader's lie in a tile."""
        names = ("west", "south", "east", "north")
        box = dict(zip(names, tile.bounds_m(), strict=True))
        self.cursor.execute(INSIDE, reader.reach | box)
        return int(self.cursor.fetchone()[0])

    def lists(self, reader: Reader) -> Iterator[Line]:
        """Measure the list alone, at its beginning and further down, beside the peer's."""
        reach = f"agency={reader.agency}&ward={reader.ward}"
        further = min(FURTHER_ON, open_ones(self.cursor, reader) // 2)
        starts = {"first page": 0, f"after {further} rows": further}
        for where, offset in starts.items():
            cursor = cursor_after(reader, offset)
            path = f"/desk/list?cursor={cursor}" if cursor else "/desk/list"
            ours = self.load(self.ours, reader.asks(path))
            theirs = self.load(self.theirs, [Ask(f"/list?limit=50&offset={offset}&{reach}")])
            yield Line(
                bench="desk",
                case=f"list, {reader.name}, {where}, p95",
                unit="ms",
                ours=percentile([one.milliseconds for one in ours], 0.95),
                peer=PEER,
                peer_value=percentile([one.milliseconds for one in theirs], 0.95),
                same_answer=shown(ours[0]) == peer_ids(theirs[0]),
                more={"p50": harness.rounded(percentile([o.milliseconds for o in ours], 0.5))},
            )

    def load(self, port: int, asks: list[Ask]) -> list[Told]:
        """Ask until there are enough answers; warm first."""
        ask(port, asks * 3)
        return ask(port, asks * max(self.size.requests, 3))


def follow(size: Size, cursor: Any, reader: Reader) -> Iterator[Line]:  # noqa: ANN401
    """Measure the open streams of one events process."""
    from incidents import services  # noqa: PLC0415
    from incidents.actors import Actor  # noqa: PLC0415
    from incidents.permissions import Role  # noqa: PLC0415
    from map_ui.live_tokens import token_for  # noqa: PLC0415

    actor = Actor(reader.user, Role.OPERATOR)
    cursor.execute("SELECT id FROM incidents_incident ORDER BY id LIMIT %s", [size.events])
    ids = [pk for (pk,) in cursor.fetchall()]
    harness.say(f"{size.streams} streams")
    with streams.events_process() as port:
        heard = streams.follow(
            port, token_for(actor), size.streams, ids,
            lambda pk: services.add_note(actor, pk, "bench") and None,
        )  # fmt: skip
    waits = heard.waits_ms()
    whole = heard.complete(size.streams)
    facts = {"streams": size.streams, "events": len(ids), "heard": len(waits)}
    yield Line(
        bench="desk", case=f"{size.streams} streams, delivery p99", unit="ms",
        ours=percentile(waits, 0.99), same_answer=whole,
        more={**facts, "p50": harness.rounded(percentile(waits, 0.5))},
    )  # fmt: skip
    yield Line(
        bench="desk", case="memory of an open stream", unit="kB",
        ours=max(heard.kb_each, 0.1), same_answer=whole, more=facts,
    )  # fmt: skip


def queries(reader: Reader) -> int:
    """Return how many queries the page takes, counted where it can be."""
    from django.db import connection  # noqa: PLC0415, TID251  only counted
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    client = Client(headers={"host": "localhost", "cookie": f"sessionid={reader.session}"})
    client.get("/desk")
    with CaptureQueriesContext(connection) as counted:
        client.get("/desk")
    return len(counted)


def cursor_after(reader: Reader, rows: int) -> str:
    """Return the cursor that stands after so many rows of a reader's open incidents."""
    from django.contrib.auth.models import User  # noqa: PLC0415

    from incidents.actors import actor_of  # noqa: PLC0415
    from incidents.desk import queue  # noqa: PLC0415
    from incidents.desk.filters import DeskFilter  # noqa: PLC0415

    actor = actor_of(User.objects.get(pk=reader.user))
    return queue.page(actor, DeskFilter(), size=rows).following or "" if rows else ""


def open_ones(cursor: Any, reader: Reader) -> int:  # noqa: ANN401
    """Return how many open incidents a reader reaches."""
    count = TRUTH.replace("i.id FROM", "count(*) FROM").split("ORDER")[0]
    cursor.execute(count, reader.reach)
    return int(cursor.fetchone()[0])


def p95_of(looks: Iterable[Sequence[Told]]) -> float:
    """Return the 95th percentile of the milliseconds of many answers."""
    return percentile([told.milliseconds for one in looks for told in one], 0.95)


def _in_order(told: Sequence[Told]) -> list[Told]:
    """Put back into order what several clients asked for in turn."""
    shares = [range(first, len(told), CONNECTIONS) for first in range(CONNECTIONS)]
    asked = [number for share in shares for number in share]
    return [one for _, one in sorted(zip(asked, told, strict=True), key=lambda pair: pair[0])]


def tile_path(tile: Tile) -> str:
    """Return the address of a tile of the desk."""
    return f"/tiles/desk/{tile.z}/{tile.x}/{tile.y}.mvt"


def shown(told: Told) -> list[int]:
    """Return the numbers of the rows in a page."""
    return [int(pk) for pk in re.findall(rb'id="row-(\d+)"', told.plain())]


def peer_ids(told: Told) -> list[int]:
    """Return the numbers of the peer's rows."""
    return [int(pk) for pk in re.findall(rb'"id": ?(\d+)', told.plain())]


def held(body: bytes) -> int:
    """Return how many incidents a tile holds, one by one or in groups."""
    if not body:
        return 0
    layer = pyogrio.list_layers(body)[0][0]
    meta, _, shapes, columns = pyogrio.raw.read(body, layer=layer)
    if layer == "incidents":
        return len(shapes)
    return int(columns[list(meta["fields"]).index("count")].sum())


def _first(cursor: Any, query: str) -> int:  # noqa: ANN401
    cursor.execute(query)
    return int(cursor.fetchone()[0])
