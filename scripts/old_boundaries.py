"""Load the wards and districts before July 2025 from a folder of reference data; quick when done.

Names of old areas then lead to their own polygons, and to what became of them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
from django.core.management import CommandError, call_command

SINCE_2021 = ("--valid-from", "2021-01-01", "--valid-to", "2025-07-01")
UNTIL_2021 = ("--valid-to", "2021-01-01")
EDITIONS = {
    ("hcmc-2021", "ward"): ("hcmc_wards_2021.geojson", *SINCE_2021),
    ("hcmc-2019", "ward"): ("hcmc_wards_2019.geojson", *UNTIL_2021),
    ("hcmc-2019", "district"): ("hcmc_districts_2019.geojson", *UNTIL_2021),
}
"""By name and level: the file below the folder, and its period."""
FROM_MANIFEST = "hcmc-2021"
NOW = "hcmc-2025"


def main(folder: Path) -> int:
    """Load what is missing and compute what became of it; 1 where a step fails."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    django.setup()
    try:
        call_command("fetch_boundaries", FROM_MANIFEST, origin=str(folder), if_needed=True)
        for (name, level), (file, *period) in EDITIONS.items():
            if not is_published(name, level):
                load(folder / file, name, level, period)
        for name, level in {*EDITIONS, (FROM_MANIFEST, "district")}:
            if not has_lineage(name, level):
                call_command("compute_lineage", name, NOW, old_level=level, new_level="ward")
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def load(path: Path, name: str, level: str, period: list[str]) -> None:
    """Load and publish one edition."""
    fields = ("--full-name-field", "full_name" if level == "ward" else "name")
    facts = ("--edition", name, "--level", level, "--kind-field", "type", *period)
    credit = ("--source", path.name, "--attribution", "MIT City Science Lab @ HCMC")
    call_command("load_boundaries", str(path), *facts, *fields, *credit, "--repair", "--publish")


def is_published(name: str, level: str) -> bool:
    """Tell whether the edition is in use."""
    from districts import obtaining  # noqa: PLC0415  Django must be set up first

    return obtaining.is_published(name, level)


def has_lineage(name: str, level: str) -> bool:
    """Tell whether what became of the edition's areas is known."""
    from districts.models import Lineage  # noqa: PLC0415

    of_old = {"from_area__edition__name": name, "from_area__edition__level": level}
    return Lineage.objects.filter(**of_old, to_area__edition__name=NOW).exists()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
