"""The private server by hand: start, stop, status, url, programs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from gis_core import local_postgis
from gis_core.local_postgis.programs import find_programs

ACTIONS: Mapping[str, Callable[[], str]] = {
    "start": lambda: local_postgis.ensure_running().address,
    "stop": lambda: "stopped" if local_postgis.stop() else "was not running",
    "status": local_postgis.status,
    "url": lambda: local_postgis.ensure_running().url,
    "programs": lambda: str(find_programs().folder),
}


def main(arguments: list[str]) -> int:
    """Do the one action named; 2 for a wrong call, 1 where the server cannot be had."""
    if len(arguments) != 1 or arguments[0] not in ACTIONS:
        sys.stderr.write(f"usage: python -m gis_core.local_postgis {'|'.join(ACTIONS)}\n")
        return 2
    try:
        sys.stdout.write(ACTIONS[arguments[0]]() + "\n")
    except local_postgis.LocalPostgisError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
