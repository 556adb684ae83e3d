"""Let events go on after a dump was restored on another server; run at every start of the site."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents.services.continuing import continue_events


class Command(BaseCommand):
    """Does nothing where this server wrote the events itself."""

    help = "After a dump was restored: let new events follow the old ones. Safe to run at any time."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say whether anything had to be done."""
        moved = continue_events()
        said = f"New events follow the restored ones (+{moved})." if moved else "Events go on."
        self.stdout.write(said)
