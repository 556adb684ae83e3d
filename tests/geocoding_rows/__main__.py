"""Write held-out rows for the geocoder: real places, texts of our own wording.

    WARDWISE_TEST_DATA=/path/to/data .venv/bin/python -m tests.geocoding_rows \
        --rows 1000 --seed 7 -o var/heldout.csv

Then ``python manage.py score_geocoder var/heldout.csv --wrong``. The same seed gives the same file.
Seeds below 100 are for working with; from 100 and from 200 on other books of phrases, orders and
slips speak: keep those for judging, and look at no text of the last. ``--houses`` composes rows of
houses only, for ``tests.geocoding_rows.without_houses``.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from tests.geocoding_rows.composing import compose, write


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--houses", action="store_true", help="rows of kind house only")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    data = os.environ.get("WARDWISE_TEST_DATA")
    if not data:
        parser.error("set WARDWISE_TEST_DATA to the folder of reference data")
    rows = compose(Path(data), options.rows, options.seed, only_houses=options.houses)
    write(rows, options.output)
    print(f"{options.output}: {len(rows):,} rows")


if __name__ == "__main__":
    main()
