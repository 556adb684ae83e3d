"""The columns that layers and statistics count: build them, check them, say how they are."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from districts.management.telling import CountLine, failing_clearly
from incidents.columns import keeping, verifying
from incidents.columns.errors import ColumnsKept
from incidents.columns.folder import home


class Command(BaseCommand):
    """``manage.py work`` keeps them by itself; this is for looking and for mending."""

    help = "Build the incident columns anew, compare them with the database, or say how they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["build", "verify", "status"])
        parser.add_argument("--json", action="store_true", help="status: print one line of JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do one of the three."""
        with failing_clearly(self.stderr):
            {"build": self._build, "verify": self._verify, "status": self._status}[options["act"]](
                options
            )

    def _build(self, _options: dict[str, Any]) -> None:
        line = CountLine(self.stdout)
        with keeping.only_writer(home()) as keeper:
            if keeper is None:
                raise ColumnsKept
            live = keeper.anew("asked for", line)
        line.end()
        size = live.base.nbytes / 1e6
        self.stdout.write(f"{len(live.base.rows):,} incidents in {size:,.1f} MB of columns.")

    def _verify(self, _options: dict[str, Any]) -> None:
        found = verifying.verify(home())
        for difference in found.differences:
            self.stderr.write(f"  {difference}")
        found.must_agree()
        left = f" {found.left_out:,} changed meanwhile." if found.left_out else ""
        self.stdout.write(f"{found.compared:,} incidents compared: no difference.{left}")

    def _status(self, options: dict[str, Any]) -> None:
        told = verifying.status(home())
        if options["json"]:
            self.stdout.write(json.dumps(told))
            return
        if not told["there"]:
            raise CommandError("There are no columns yet; `manage.py work` builds them.")
        for name, value in told.items():
            self.stdout.write(f"{name.replace('_', ' '):>20}  {value}")
