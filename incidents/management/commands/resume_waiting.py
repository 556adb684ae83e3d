"""Go on with reports that a crash left waiting; also run at every start of the site."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from incidents import pipeline


class Command(BaseCommand):
    """Place, route and open what waits and has a position."""

    help = "Go on with reports that a crash left waiting. Safe to run at any time."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Say how many went on, and how many still wait and why (in the log)."""
        done, left = pipeline.resume()
        self.stdout.write(f"Waiting reports: {done} went on, {left} still wait.")
