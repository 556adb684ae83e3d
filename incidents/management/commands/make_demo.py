"""Fill the map with made-up reports and make two logins, or take them away again."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from gis_core.errors import DomainError
from incidents.made_up import crowd, demo


class Command(BaseCommand):
    """A second run does nothing but print the logins again."""

    help = "Make reports that say they are made up, and the logins operator and admin."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--small", action="store_true", help=f"{demo.SMALL} reports")
        parser.add_argument(
            "--incidents",
            type=int,
            metavar="N",
            help="so many more at once, over five years and all wards, to try the site under load; "
            "while many are written nobody else reads or writes incidents",
        )
        parser.add_argument("--seed", type=int, default=1, help="another seed, another crowd")
        parser.add_argument(
            "--staff",
            action="store_true",
            help="a login for each office besides: leader, auditor, planner, agency, ward …",
        )
        parser.add_argument("--remove", action="store_true", help="take all of it away")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make or remove, and say what was done."""
        if options["remove"]:
            removed = demo.remove() + crowd.remove(self._tell)
            self.stdout.write(f"Removed {removed} made-up reports and closed the logins.")
            return
        try:
            made = self._make(options)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Made {made} made-up reports." if made else "The made-up reports are there."
        )
        for login in (*demo.logins(), *(demo.staff() if options["staff"] else ())):
            self.stdout.write(f"    login {login.name}: {login.password or 'has its own password'}")

    def _make(self, options: dict[str, Any]) -> int:
        if options["incidents"] is None:
            return demo.make(demo.SMALL if options["small"] else demo.LARGE, self._progress)
        demo.logins()
        return crowd.make(options["incidents"], options["seed"], self._tell)

    def _tell(self, what: str) -> None:
        self.stdout.write(f"    {what} …")
        self.stdout.flush()

    def _progress(self, done: int, total: int) -> None:
        if done % 50 == 0 and done < total:
            self.stdout.write(f"    {done} of {total} reports")
            self.stdout.flush()
