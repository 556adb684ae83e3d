"""All that the city's territory needs, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from districts.catalogue_loading import load_catalogue
from districts.former_areas import name_former_areas
from districts.geocoding.loading import load_well_known
from districts.management.telling import ProgressLine, failing_clearly, reloaded_line
from districts.preparing import Prepared, Readiness, prepare

SAID = {
    Readiness.EXACT_ALREADY: "{0.edition} is published.",
    Readiness.EXACT_NOW: "{0.edition} is published: {0.areas} areas.",
    Readiness.APPROXIMATE_ALREADY: "{0.edition} is not there yet; approximate boundaries stand in.",
    Readiness.APPROXIMATE_NOW: "{0.reason}\n{0.areas} approximate areas stand in for {0.edition}.",
}
CURE = "To replace them: python manage.py fetch_boundaries {0.edition} [--from URL|FOLDER|ZIP]"


class Command(BaseCommand):
    """Load the catalogue, boundaries, well-known places of the city; quick when all is there."""

    help = "Bring the city's catalogue, boundaries and places into use; does nothing that is done."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("--from", dest="origin", default="", metavar="URL|FOLDER|ZIP")
        parser.add_argument(
            "--again", action="store_true", help="ask a source that did not answer once more"
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Prepare, and say how things stand."""
        with failing_clearly(self.stderr):
            changes = load_catalogue()
            self.stdout.write(f"Catalogue: {len(changes) or 'no'} changes.")
            tell = ProgressLine(self.stdout, "Fetching boundaries")
            prepared = prepare(options["origin"], again=options["again"], tell=tell)
            named = name_former_areas(actor="prepare_city")
            places = load_well_known(actor="prepare_city")
        self.stdout.write(f"Former wards and districts: {named or 'no'} new names.")
        for one in prepared:
            self.stdout.write(said(one))
        if places:
            self.stdout.write(reloaded_line("Well-known places", places))


def said(one: Prepared) -> str:
    """Return how one edition stands, with the command that makes it better where there is one."""
    text = SAID[one.readiness].format(one)
    if one.reason and one.readiness == Readiness.APPROXIMATE_ALREADY:
        text = f"{one.reason}\n{text}"
    return f"{text}\n{CURE.format(one)}" if one.is_approximate else text
