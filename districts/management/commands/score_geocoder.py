"""The geocoder's answers to texts of which the place is known."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.geocoding import scoring
from districts.geocoding.found import Candidate
from districts.geocoding.geocoder import geocode
from districts.geocoding.score_files import read_truths
from districts.geocoding.scoring import Answer, Figures, Marked, Truth
from districts.management.telling import ProgressLine, failing_clearly

LONG = 20
"""A file of so many rows gets a progress line."""


class Command(BaseCommand):
    """Ask the geocoder every text of a file, and count what is right."""

    help = (
        "Score the geocoder on a CSV file with the columns text, kind, lat, lon, tolerance_m and "
        "accept_ward_codes (codes parted by |). Rows of kind none must get no answer and are "
        "counted apart; else a missing answer is wrong. Distances count in rows with a tolerance."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--wrong", action="store_true", help="list the rows that are wrong")
        parser.add_argument("--json", action="store_true", help="one line: the five main figures")

    def handle(self, *_args: str, **options: Any) -> None:
        """Ask, mark, tell."""
        with failing_clearly(self.stderr):
            truths = read_truths(options["file"])
            rows = list(self._marked(truths))
        told = scoring.figures(rows)
        if options["json"]:
            self.stdout.write(json.dumps(scoring.summary(told)))
            return
        if options["wrong"]:
            self._tell_wrong(rows)
        self._tell(rows, told)

    def _marked(self, truths: Sequence[Truth]) -> Iterator[Marked]:
        tell = ProgressLine(self.stderr, "Geocoding")
        for done, truth in enumerate(truths, start=1):
            yield marked(truth)
            if len(truths) >= LONG:
                tell(done, len(truths), truth.id)

    def _tell(self, rows: Sequence[Marked], told: Figures) -> None:
        self.stdout.write(_HEAD)
        self.stdout.write(_line("all", told))
        for title, groups in (
            ("kind", scoring.by_kind(rows)),
            ("tag", scoring.by_tag(rows)),
        ):
            self.stdout.write(f"by {title}")
            for name, group in groups.items():
                self.stdout.write(_line(f"  {name}", group))
        self.stdout.write(f"none-rows without an answer: {_percent(told.none_right)}")
        self.stdout.write(
            f"true position within twice the stated radius: {_percent(told.within_radius_twice)}"
        )
        self.stdout.write("confidence: stated, true")
        for one in scoring.calibration(rows):
            self.stdout.write(
                f"  {one.low:.1f}-{one.high:.1f}: {one.stated:.2f}, {one.true:.2f}"
                f" ({one.answers} answers)"
            )

    def _tell_wrong(self, rows: Sequence[Marked]) -> None:
        for one in rows:
            if not one.right:
                self.stdout.write(f"{one.truth.id} {one.truth.kind}: {one.truth.text}")
                self.stdout.write(f"    {_wrong(one)}")


_HEAD = f"{'':<20}{'rows':>6}{'ward':>9}{'within':>9}{'median':>10}{'2x radius':>11}"


def _line(name: str, told: Figures) -> str:
    median = "-" if told.median_error_m is None else f"{told.median_error_m:.0f} m"
    shares = f"{_percent(told.ward_right):>9}{_percent(told.within_tolerance):>9}"
    return f"{name:<20}{told.rows:>6}{shares}{median:>10}{_percent(told.within_radius_twice):>11}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f} %"


def _wrong(one: Marked) -> str:
    if one.answer is None:
        return f"no answer; wanted a ward of {', '.join(sorted(one.truth.wards))}"
    said = f"{one.answer.label} ({one.answer.confidence:.2f})"
    if one.is_none:
        return f"{said}; wanted no answer"
    ward = "right ward" if one.in_ward else f"ward {one.answer.ward or 'unknown'}"
    return (
        f"{said}; {ward}, {one.error_m:.0f} m off,"
        f" radius {one.answer.radius_m:.0f} m, allowed {one.truth.tolerance_m:.0f} m"
    )


def marked(truth: Truth) -> Marked:
    """Return the row beside what the geocoder says first."""
    best = geocode(truth.text, limit=1).best
    return Marked(truth, _answer(best) if best else None)


def _answer(best: Candidate) -> Answer:
    position = best.position
    ward = best.ward.code if best.ward else ""
    return Answer(position.lonlat, position.accuracy_m, best.confidence, ward, best.label)
