"""The monthly report as a document."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from incidents.figures import By, Line, Overview, Pair, Tally
from incidents.figures.monthly import MonthlyReport
from map_ui import figure_words
from map_ui.documents.document import Column, Document, Kind, Table, Value
from map_ui.documents.making import made_today


def document(report: MonthlyReport) -> Document:
    """Return the report's tables: the figures, then agencies, sectors, wards, pairs, slowest."""
    told = report.overview
    return Document(
        gettext("Monthly report"),
        figure_words.period_name(told.scope.period),
        made_today(),
        (
            _figures(told),
            _lines(By.AGENCY, gettext("Agencies"), told.lines),
            _lines(By.SECTOR, gettext("Sectors"), report.sectors),
            _lines(By.WARD, gettext("Wards"), report.wards),
            _pairs(told.pairs),
            _slowest(told),
        ),
    )


def _figures(told: Overview) -> Table:
    buckets = (told.now, told.before, told.year_before)
    names = [figure_words.period_name(bucket.period) for bucket in buckets]
    tallies = [bucket.tally for bucket in buckets]
    return Table(
        gettext("The figures"),
        (
            Column(gettext("Figure"), Kind.TEXT, 3),
            *(Column(name, Kind.TEXT, 1.4) for name in names),
            Column(gettext("Interval, 95 %"), Kind.TEXT, 1.4),
        ),
        tuple(_figure_rows(told, tallies)),
        note=gettext(
            "Honestly on time: within the limit, proven by a photo or on the spot, and not "
            "reopened. Intervals are Wilson's, for 95 %."
        ),
    )


def _figure_rows(told: Overview, tallies: list[Tally]) -> Iterable[tuple[Value, ...]]:
    names, now = figure_words.FIGURES, tallies[0]
    yield (str(names["reported"]), *(figure_words.whole(t.reported) for t in tallies), "")
    yield (str(names["handled"]), *(figure_words.whole(t.handled) for t in tallies), "")
    for figure, shares in (
        ("on_time", [t.raw_share for t in tallies]),
        ("honest", [t.honest_share for t in tallies]),
        ("declined", [t.declined_share for t in tallies]),
        ("reopened", [t.reopened_share for t in tallies]),
        ("unproven", [t.unproven_share for t in tallies]),
    ):
        said = (figure_words.percent(share.value) for share in shares)
        yield (str(names[figure]), *said, figure_words.between(shares[0].interval))
    yield from _waiting_rows(told)
    yield (str(names["backlog"]), *(figure_words.whole(t.backlog) for t in tallies), "")
    ages = (told.ages.median, told.ages.ninetieth, told.ages.oldest)
    for name, age in zip(
        (gettext("Age of what is open, median, days"), gettext("90th percentile, days"),
         gettext("Oldest, days")),
        ages, strict=True,
    ):  # fmt: skip
        yield (name, figure_words.decimal(age), "", "", "")
    stars = [figure_words.decimal(t.satisfaction.value, 2) for t in tallies]
    yield (
        gettext("Satisfaction, 1 to 5 stars"),
        *stars,
        figure_words.between(now.satisfaction.interval, stars=True),
    )


def _waiting_rows(told: Overview) -> Iterable[tuple[Value, ...]]:
    forwarded = [one.forwarded for one in told.waiting]
    said = (figure_words.percent(share.value) for share in forwarded)
    name = str(figure_words.FIGURES["forwarded_in_time"])
    yield (name, *said, figure_words.between(forwarded[0].interval))
    solved = [one.solved for one in told.waiting]
    medians = (figure_words.decimal(one.median) for one in solved)
    yield (gettext("From report to solution, median, days"), *medians, "")
    longest = (figure_words.decimal(one.ninetieth) for one in solved)
    yield (gettext("From report to solution, 90th percentile, days"), *longest, "")


def _lines(by: By, title: str, lines: Iterable[Line]) -> Table:
    columns = (
        Column(str(figure_words.GROUPS[by]), Kind.TEXT, 3.4),
        Column(gettext("Said to be done"), Kind.COUNT),
        Column(gettext("By the clock"), Kind.SHARE),
        Column(gettext("Honestly"), Kind.SHARE),
        Column(gettext("Honestly, at least"), Kind.SHARE),
        Column(gettext("Honestly, at most"), Kind.SHARE),
        Column(gettext("Still open"), Kind.COUNT),
        Column(gettext("Median age, days"), Kind.DAYS),
        Column(gettext("Passed on"), Kind.SHARE),
        Column(gettext("Came back"), Kind.SHARE),
        Column(gettext("Without proof"), Kind.SHARE),
        Column(gettext("Stars"), Kind.STARS),
        Column(gettext("Ratings"), Kind.COUNT),
    )
    return Table(title, columns, tuple(_line(line) for line in lines))


def _line(line: Line) -> tuple[Value, ...]:
    tally = line.tally
    honest = tally.honest_share
    return (
        line.name,
        tally.handled,
        tally.raw_share.value,
        honest.value,
        honest.interval.low if honest.of else None,
        honest.interval.high if honest.of else None,
        tally.backlog,
        line.ages.median,
        tally.declined_share.value,
        tally.reopened_share.value,
        tally.unproven_share.value,
        tally.satisfaction.value,
        tally.rated,
    )


def _pairs(pairs: Iterable[Pair]) -> Table:
    columns = (
        Column(gettext("Said: not ours"), Kind.TEXT, 3),
        Column(gettext("Got it then"), Kind.TEXT, 3),
        Column(gettext("Cases"), Kind.COUNT),
        Column(gettext("Of what it had"), Kind.SHARE),
    )
    rows = tuple(
        (
            pair.giver.name,
            pair.taker.name if pair.taker else gettext("nobody yet"),
            pair.cases,
            pair.share.value,
        )
        for pair in pairs
    )
    return Table(gettext("Passed on: not ours"), columns, rows)


def _slowest(told: Overview) -> Table:
    columns = (
        Column(gettext("Case"), Kind.TEXT, 2.4),
        Column(gettext("Where"), Kind.TEXT, 2),
        Column(gettext("Agency"), Kind.TEXT, 3),
        Column(gettext("Reported"), Kind.MOMENT, 1.6),
        Column(gettext("Days"), Kind.DAYS),
    )
    rows = tuple(
        (f"{case.category} {case.incident}", case.ward, case.agency.name if case.agency else None,
         case.opened, case.days)
        for case in told.slowest
    )  # fmt: skip
    return Table(gettext("Open longest"), columns, rows)
