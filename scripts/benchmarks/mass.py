"""Any number of incidents written by one statement of the database; ``crowd`` writes some by hand.

Like the crowd they lie along straight streets, dense in the middle of the city, and come out the
same every time.
"""

from __future__ import annotations

from psycopg2.extensions import connection

from scripts.benchmarks.harness import say

BULKY = 200_000
"""From here on indexes are made after the rows, and only those that a reader of tiles asks."""
ASKED = ("incidents_incident_pkey", "incident_cell", "incident_cell_hidden")

STREETS = """
SELECT setseed(0.1022);
CREATE TEMPORARY TABLE street AS
WITH drawn AS MATERIALIZED (
    SELECT n, sqrt(-2 * ln(1 - random())) AS r, 2 * pi() * random() AS t,
        2 * pi() * random() AS angle, -ln(1 - random()) * 0.008 AS long
    FROM generate_series(0, greatest(%(many)s / 30 - 1, 0)) AS n
)
SELECT n, 106.68 + 0.12 * r * cos(t) AS lon, 10.82 + 0.10 * r * sin(t) AS lat,
    cos(angle) * long AS dx, sin(angle) * long AS dy
FROM drawn;
ANALYZE street;
"""
INCIDENTS = """
INSERT INTO incidents_incident (
    category_id, public, status, position, cell, opened_at, accuracy_m, needs_triage, check_after,
    report_count, updated_at, version
)
WITH kinds AS (
    SELECT array_agg(code ORDER BY code) AS codes,
        array_agg(public AND NOT sensitive ORDER BY code) AS open_ones, count(*) AS many
    FROM districts_category
),
drawn AS MATERIALIZED (
    SELECT floor(random() * greatest(%(many)s / 30, 1))::integer AS street, random() AS along,
        (random() - 0.5) * 0.0003 AS across, (random() - 0.5) * 0.0003 AS up,
        random() AS kind, random() AS state, random() AS moment
    FROM generate_series(1, %(many)s)
)
SELECT k.codes[c.n], k.open_ones[c.n],
    CASE
        WHEN d.state < 0.10 THEN 'received' WHEN d.state < 0.35 THEN 'assigned'
        WHEN d.state < 0.50 THEN 'in_progress' WHEN d.state < 0.95 THEN 'closed' ELSE 'rejected'
    END,
    ST_SetSRID(ST_MakePoint(p.lon, p.lat), 4326), x5.b | (y5.b << 1),
    '2025-01-01 00:00+00'::timestamptz + d.moment * interval '690 days', 10, false, false, 1,
    '2026-11-22 00:00+00', 1
FROM drawn AS d
CROSS JOIN kinds AS k
INNER JOIN street AS s ON d.street = s.n
CROSS JOIN LATERAL (SELECT 1 + floor(d.kind * k.many)::integer AS n) AS c
CROSS JOIN LATERAL (
    SELECT s.lon + s.dx * d.along + d.across AS lon, s.lat + s.dy * d.along + d.up AS lat
) AS p
CROSS JOIN LATERAL (
    SELECT floor((p.lon + 180) / 360 * 268435456)::bigint AS x,
        floor((0.5 - atanh(sin(radians(p.lat))) / (2 * pi())) * 268435456)::bigint AS y
) AS m
"""
SPREADING = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)
"""As ``gis_core.tiles`` interleaves bits."""


def fill(to: connection, many: int) -> None:
    """Write as many incidents of the loaded catalogue's categories as are missing to ``many``."""
    say(f"writing {many:,} incidents")
    with to.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incidents_incident")
        missing = {"many": max(many - cursor.fetchall()[0][0], 0)}
        if many >= BULKY:
            _drop_indexes(cursor)
        cursor.execute("SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 0")
        cursor.execute(STREETS, missing)
        cursor.execute(INCIDENTS + _spread("x") + _spread("y"), missing)
        cursor.execute("DROP TABLE street")
        if many >= BULKY:
            _make_indexes(cursor)
        cursor.execute("VACUUM ANALYZE incidents_incident")


def _spread(axis: str) -> str:
    """Return the joins that end in a column ``b`` with the axis' bits spread to every second."""
    before, steps = f"m.{axis}", []
    for number, (shift, mask) in enumerate(SPREADING, 1):
        steps.append(
            f"CROSS JOIN LATERAL (SELECT ({before} | ({before} << {shift})) & {mask} AS b)"
            f" AS {axis}{number}\n"
        )
        before = f"{axis}{number}.b"
    return "".join(steps)


_made: list[str] = []


def _drop_indexes(cursor) -> None:  # noqa: ANN001  psycopg2's
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'incidents_incident'"
    )
    for name, made in cursor.fetchall():
        if name == ASKED[0]:
            continue
        if name in ASKED or name.startswith("incidents_incident_position"):
            _made.append(made)
        cursor.execute(f'DROP INDEX "{name}"')


def _make_indexes(cursor) -> None:  # noqa: ANN001  psycopg2's
    cursor.execute("SET maintenance_work_mem = '1GB'")
    while _made:
        cursor.execute(_made.pop())
