"""Where a text says that something is, and why."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation

from districts.geocoding import telling
from districts.geocoding.geocoder import geocoded
from districts.geocoding.parser import parse
from districts.management.telling import failing_clearly


class Command(BaseCommand):
    """Print what was read in a text, the places that it may mean, and why."""

    help = "Find the place in the words: what was read, the likeliest places, and why."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the command line."""
        parser.add_argument("text", help='"ngã tư Hàng Xanh"')
        parser.add_argument("--limit", type=int, default=5, help="at most so many places")
        parser.add_argument("--json", action="store_true", help="one line of JSON")
        parser.add_argument(
            "--language",
            default=settings.LANGUAGE_CODE,
            choices=[code for code, _ in settings.LANGUAGES],
        )

    def handle(self, *_args: str, **options: Any) -> None:
        """Parse, ask, tell."""
        parsed = parse(options["text"])
        with failing_clearly(self.stderr):
            answer = geocoded(parsed, limit=options["limit"])
        if options["json"]:
            values = telling.values(parsed, answer)
            self.stdout.write(json.dumps(values, ensure_ascii=False))
            return
        with translation.override(options["language"]):
            for line in telling.lines(parsed, answer):
                self.stdout.write(line)
