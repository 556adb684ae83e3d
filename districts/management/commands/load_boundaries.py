"""Boundary files of one's own, into an edition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts import reading
from districts.loading import Options, load_edition, publish_edition
from districts.management.telling import (
    add_reading_arguments,
    day,
    failing_clearly,
    loaded_lines,
    published_lines,
)
from districts.records import AreaFields, EditionFacts, area_records
from districts.soundness import TOLERANCE_M2


class Command(BaseCommand):
    """Read boundary files, check them whole, store them as an unpublished edition."""

    help = "Load boundaries from GeoJSON, Shapefile, GeoPackage or FlatGeobuf as one edition."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("files", nargs="+", type=Path)
        parser.add_argument("--edition", required=True, help="the edition's name, hcmc-2025")
        parser.add_argument("--level", required=True, help="ward, district …")
        parser.add_argument("--code-field", default="code")
        parser.add_argument("--name-field", default="name")
        parser.add_argument("--name-en-field", default="")
        parser.add_argument("--kind-field", default="", help="holds Phường, Xã, Quận …")
        parser.add_argument("--full-name-field", default="", help="holds kind and name together")
        parser.add_argument("--valid-from", type=day, help="first day, 2025-07-01")
        parser.add_argument("--valid-to", type=day, help="the day after the last")
        parser.add_argument("--tolerance-m2", type=float, default=TOLERANCE_M2)
        parser.add_argument("--source", default="", help="where the file comes from")
        parser.add_argument("--licence", default="")
        parser.add_argument("--attribution", default="", help="shown on maps")
        parser.add_argument("--publish", action="store_true", help="put it into use at once")
        parser.add_argument(
            "--replaces",
            action="append",
            default=[],
            metavar="NAME",
            help="with --publish",
        )
        add_reading_arguments(parser)

    def handle(self, *_args: str, **options: Any) -> None:
        """Load, and publish where asked."""
        with failing_clearly(self.stderr):
            fields = _fields(options)
            choice = reading.CrsChoice(options["crs"], options["transform"])
            rows = reading.read(options["files"], fields.columns(), choice)
            self.stdout.write(f"{len(rows)} features read, checking …")
            loaded = load_edition(
                area_records(rows, fields),
                _facts(options),
                Options(options["tolerance_m2"], options["repair"]),
                actor="load_boundaries",
            )
            self.stdout.write("\n".join(loaded_lines(loaded)))
            if options["publish"]:
                done = publish_edition(
                    options["edition"],
                    options["level"],
                    replaces=options["replaces"],
                    actor="load_boundaries",
                )
                self.stdout.write("\n".join(published_lines(done)))


def _fields(options: dict[str, Any]) -> AreaFields:
    return AreaFields(
        code=options["code_field"],
        name=options["name_field"],
        name_en=options["name_en_field"],
        kind=options["kind_field"],
        full_name=options["full_name_field"],
    )


def _facts(options: dict[str, Any]) -> EditionFacts:
    names = ", ".join(path.name for path in options["files"])
    return EditionFacts(
        name=options["edition"],
        level=options["level"],
        valid_from=options["valid_from"],
        valid_to=options["valid_to"],
        source=options["source"] or names[:500],
        licence=options["licence"],
        attribution=options["attribution"],
        sha256=reading.fingerprint(options["files"]),
    )
