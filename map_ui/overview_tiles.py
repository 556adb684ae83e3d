"""The figures of an overview: what is written on each tile, and the charts below them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from incidents.figures import Bucket, Line, Overview, Share, Stars, Tally
from map_ui import charts
from map_ui.charts import Chart, Spark, Whisker
from map_ui.figure_words import (
    FIGURES,
    between,
    change,
    decimal,
    percent,
    share_of,
    short_name,
    whole,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure: its list, its number, what it rests on, how it went."""

    figure: str
    """Whose list it opens."""
    name: str
    value: str
    beside: str
    before: str
    year_before: str
    spark: Spark | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table, with its drawing."""

    line: Line
    whisker: Whisker | None


@dataclass(frozen=True, slots=True)
class Charts:
    """The two charts, and the numbers in them, a period each."""

    periods: tuple[str, ...]
    flow: Chart
    punctual: Chart
    buckets: tuple[Bucket, ...]


SHARES: Final[Mapping[str, Callable[[Tally], Share]]] = {
    "on_time": lambda tally: tally.raw_share,
    "honest": lambda tally: tally.honest_share,
    "declined": lambda tally: tally.declined_share,
    "reopened": lambda tally: tally.reopened_share,
}


def tiles(told: Overview) -> tuple[Tile, ...]:
    """Return the tiles in their order."""
    of = {code: _of_share(told, code) for code in SHARES}
    return (
        _of_count(told, "reported", ""),
        _of_forwarding(told),
        of["on_time"],
        of["honest"],
        _of_count(told, "backlog", gettext("%(n)s of them overdue") % {"n": whole(told.overdue)}),
        _of_age(told),
        _of_solving(told),
        of["declined"],
        of["reopened"],
        _of_stars(told),
    )


def _of_count(told: Overview, figure: str, beside: str) -> Tile:
    def value(bucket: Bucket) -> int:
        return int(getattr(bucket.tally, figure))

    now = value(told.now)
    return Tile(
        figure,
        str(FIGURES[figure]),
        whole(now),
        beside,
        change(now, value(told.before), points=False),
        change(now, value(told.year_before), points=False),
        charts.spark([value(bucket) for bucket in told.trend]),
    )


def _of_share(told: Overview, figure: str) -> Tile:
    def value(bucket: Bucket) -> float | None:
        return SHARES[figure](bucket.tally).value

    share, now = SHARES[figure](told.now.tally), value(told.now)
    return Tile(
        figure,
        str(FIGURES[figure]),
        percent(now),
        f"{share_of(share)} · {between(share.interval)}",
        change(now, value(told.before), points=True),
        change(now, value(told.year_before), points=True),
        charts.spark([value(bucket) for bucket in told.trend]),
    )


def _of_age(told: Overview) -> Tile:
    ages = told.ages
    words = {"p90": decimal(ages.ninetieth, 0), "oldest": decimal(ages.oldest, 0)}
    return Tile(
        "backlog",
        gettext("Age of what is open"),
        gettext("%(days)s days") % {"days": decimal(ages.median)},
        gettext("one in ten older than %(p90)s, the oldest %(oldest)s days") % words,
        "",
        "",
    )


def _of_forwarding(told: Overview) -> Tile:
    now, *earlier = (one.forwarded for one in told.waiting)
    before, year_before = (change(now.value, one.value, points=True) for one in earlier)
    return Tile(
        "forwarded_in_time",
        str(FIGURES["forwarded_in_time"]),
        percent(now.value),
        f"{share_of(now)} · {between(now.interval)}",
        before,
        year_before,
    )


def _of_solving(told: Overview) -> Tile:
    now, *earlier = (one.solved for one in told.waiting)
    before, year_before = (change(now.median, one.median, points=False) for one in earlier)
    return Tile(
        "solved",
        gettext("From report to solution"),
        gettext("%(days)s days") % {"days": decimal(now.median)},
        gettext("one in ten longer than %(p90)s days") % {"p90": decimal(now.ninetieth, 0)},
        before,
        year_before,
    )


def _of_stars(told: Overview) -> Tile:
    def stars(bucket: Bucket) -> Stars:
        return bucket.tally.satisfaction

    def moved(earlier: Bucket) -> str:
        now, then = stars(told.now).value, stars(earlier).value
        if now is None or then is None:
            return "–"
        return f"{'−' if now < then else '+'}{decimal(abs(now - then), 2)}"

    now = stars(told.now)
    of = gettext("%(n)s ratings") % {"n": whole(now.count)}
    return Tile(
        "rated",
        gettext("Satisfaction"),
        f"{decimal(now.value, 2)} ★",
        f"{of} · {between(now.interval, stars=True)}",
        moved(told.before),
        moved(told.year_before),
        charts.spark([stars(bucket).value for bucket in told.trend]),
    )


def rows(lines: tuple[Line, ...]) -> tuple[Row, ...]:
    """Return lines with what is drawn of them; nothing of what handled nothing."""
    return tuple(Row(line, _whisker(line.tally)) for line in lines)


def _whisker(tally: Tally) -> Whisker | None:
    honest, raw = tally.honest_share, tally.raw_share
    if honest.value is None or raw.value is None:
        return None
    return charts.whisker(honest.interval.low, honest.interval.high, honest.value, raw.value)


def charts_of(told: Overview) -> Charts:
    """Return how many cases came and went, and how many in time, period by period."""
    tallies = [bucket.tally for bucket in told.trend]
    honest = [tally.honest_share for tally in tallies]
    return Charts(
        tuple(short_name(bucket.period) for bucket in told.trend),
        charts.bars([t.reported for t in tallies], [t.handled for t in tallies]),
        charts.shares(
            [[t.raw_share.value for t in tallies], [share.value for share in honest]],
            [[(share.interval.low, share.interval.high) for share in honest if share.of]]
            if all(share.of for share in honest) else [],
        ),
        told.trend,
    )  # fmt: skip
