"""Bring the database up to date and load what the site needs; quick when that is done.

One process for all of it: most of a second start's time is Django's own start.
"""

from __future__ import annotations

import os
import sys
import time

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError


def main(arguments: list[str]) -> int:
    """Migrate, prepare the city and, with --demo, make the demo; 1 where a step fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    try:
        django.setup()
        step("migrations", "migrate", verbosity=0)
        step("events of an earlier server", "continue_events")
        step("the city", "prepare_city")
        step("reports that a crash left waiting", "resume_waiting")
        if "--demo" in arguments:
            step("the demo", "make_demo", "--small")
    except (CommandError, ImproperlyConfigured, OperationalError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def step(title: str, command: str, *arguments: str, **options: int) -> None:
    """Run one of Django's commands, its words shown, and say how long it took."""
    print(f"==> {title}", flush=True)
    began = time.monotonic()
    call_command(command, *arguments, **options)
    print(f"    {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
