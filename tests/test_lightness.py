"""What starts the site does not wait for, nor keep in memory, what few of its answers need."""

from __future__ import annotations

import subprocess
import sys

from scripts.benchmarks.harness import ROOT

HEAVY = [
    "folium", "geopandas", "geopy", "matplotlib", "numba", "pandas", "pyarrow", "reportlab",
    "scipy", "sklearn", "xlsxwriter",
]  # fmt: skip
STARTED = f"""
import sys
import map_ui.wsgi
import map_ui.urls
print(*sorted(set({HEAVY}) & set(sys.modules)))
"""


def test_the_site_starts_without_what_compiles_draws_and_reckons():
    """Whoever needs one of them imports it there: together they take as long as all the rest."""
    done = subprocess.run(
        [sys.executable, "-c", STARTED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
