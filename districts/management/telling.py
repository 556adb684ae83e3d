"""What management commands print: progress, problems, and an exit code that a script can read."""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.core.management.base import CommandError, CommandParser, OutputWrapper

from districts.loading import Loaded, Publication, Reloaded
from districts.resident_files import ResidentsRefused
from districts.soundness import Unsound
from gis_core.errors import DomainError


class ProgressLine:
    """One line that is written over on a terminal; elsewhere a line now and then."""

    def __init__(self, out: OutputWrapper, what: str) -> None:
        self.out = out
        self.what = what
        self.tenth = -1

    def __call__(self, done: int, total: int, name: str) -> None:
        """Tell that ``done`` of ``total`` are done, ``name`` the last."""
        if self.out.isatty():
            end = "\n" if done == total else ""
            self.out.write(f"\r{self.what} {done}/{total} {name}\033[K", ending=end)
            self.out.flush()
        elif (tenth := done * 10 // max(total, 1)) > self.tenth or done == total:
            self.tenth = tenth
            self.out.write(f"{self.what} {done}/{total}")


class CountLine:
    """One line that counts up on a terminal, for what has no known total; else a line now and then.

    Without a terminal it tells each time the count has doubled.
    """

    def __init__(self, out: OutputWrapper) -> None:
        self.out = out
        self.next = 1

    def __call__(self, count: int, done: str) -> None:
        """Tell that ``count`` things were read or stored."""
        if self.out.isatty():
            self.out.write(f"\r{count:,} {done}\033[K", ending="")
            self.out.flush()
        elif count >= self.next:
            self.next = 2 * count
            self.out.write(f"{count:,} {done}")

    def end(self) -> None:
        """End the line on a terminal."""
        if self.out.isatty():
            self.out.write("")


@contextmanager
def failing_clearly(errors: OutputWrapper) -> Iterator[None]:
    """Turn a DomainError into one clear message and exit code 1; list every problem it carries."""
    try:
        yield
    except DomainError as error:
        if isinstance(error, Unsound):
            for problem in error.problems:
                errors.write(f"  {problem}")
        if isinstance(error, ResidentsRefused):
            for fault in error.problems:
                errors.write(f"  {fault} [{fault.code}]")
        raise CommandError(f"{error} [{error.code}]") from error


def day(text: str) -> date:
    """Read an ISO date such as 2025-07-01, for argparse."""
    return date.fromisoformat(text)


def add_file_arguments(parser: CommandParser) -> None:
    """Add what the commands that load a file of things with agencies understand alike."""
    parser.add_argument("file", type=Path)
    parser.add_argument("--name-field", default="")
    parser.add_argument("--agency-map", type=Path, help="TOML: names in the file = codes")
    parser.add_argument("--valid-from", type=day)
    parser.add_argument("--only", type=only, action="append", default=[], metavar="FIELD=VALUE")
    parser.add_argument("--source", default="", help="by default the file's name")
    add_reading_arguments(parser)


def add_reading_arguments(parser: CommandParser) -> None:
    """Add what every command that reads a file understands."""
    parser.add_argument("--crs", help="EPSG:xxxx, for a file that does not say; it is transformed")
    parser.add_argument(
        "--transform",
        action="store_true",
        help="transform a file that is not in EPSG:4326",
    )
    parser.add_argument(
        "--repair", action="store_true", help="mend invalid shapes, naming each one"
    )


def published_lines(done: Publication, *, would: bool = False) -> list[str]:
    """Return what to say of a publication, or of one that was only tried out."""
    if done.already:
        return [f"{done.edition} is published already."]
    becomes = "would be" if would else "is"
    lines = [f"{done.edition} {becomes} published: {done.areas} areas."]
    return [*lines, *(f"{name} {becomes} out of use." for name in done.withdrawn)]


def loaded_lines(loaded: Loaded) -> list[str]:
    """Return what to say of a load: each repair, and what became of the edition."""
    said = {
        "stored": "{0} stored: {1} areas, not published yet.",
        "replaced": "{0} replaced: {1} areas, not published yet.",
        "same": "{0} is loaded already with these {1} areas; nothing to do.",
    }
    lines = [f"  {repair}" for repair in loaded.repairs]
    return [*lines, said[loaded.outcome].format(loaded.edition, loaded.areas)]


def only(text: str) -> tuple[str, str]:
    """Read ``column=value``, for argparse."""
    column, equals, value = text.partition("=")
    if not (column and equals):
        raise ArgumentTypeError(f"{text!r} is not written as column=value")
    return column, value


def reloaded_line(what: str, done: Reloaded) -> str:
    """Return what to say of a load of rows that supersede each other."""
    return (
        f"{what}: {done.new} new, {done.changed} changed, {done.gone} gone, "
        f"{done.kept} as they were."
    )
