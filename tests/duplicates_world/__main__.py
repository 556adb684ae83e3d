"""Print how well duplicates are found in a made-up year: python -m tests.duplicates_world."""

from __future__ import annotations

import sys

from incidents.duplicates import terms
from tests.duplicates_world.making import CHANNELS, world
from tests.duplicates_world.marking import marked
from tests.duplicates_world.streets import streets


def main(things: int = 6000, seed: int = 7) -> None:
    """Print the table."""
    lines, source = streets()
    marks = marked(world(lines, things, seed), terms.current())
    print(f"{things} things on {len(lines)} lines of {source}, seed {seed}")
    print(f"{'':20}{'reports':>9}{'repeated':>10}{'recall':>8}{'precision':>11}{'automatic':>18}")
    for name in ["all", *CHANNELS, *sorted(marks.keys() - {"all", *CHANNELS})]:
        of = marks[name]
        label = f"{name} ({CHANNELS[name][0]} m)" if name in CHANNELS else name
        print(
            f"{label:20}{of.reports:9}{of.repeated:10}{of.recall:8.3f}{of.precision:11.3f}"
            f"{of.automatic:10.4f} of {of.attached:4}"
        )


main(*(int(one) for one in sys.argv[1:]))
