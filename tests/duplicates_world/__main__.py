"""Print how well duplicates are found in made-up years: python -m tests.duplicates_world.

The seeds are others than those on which the terms were set (1 to 11, 101 to 110, 501 to 503, and
1001 to 1006 in part).
"""

from __future__ import annotations

import argparse

from incidents.duplicates import terms
from tests.duplicates_world.cities import cities, told_by
from tests.duplicates_world.making import CATEGORIES, CHANNELS, world
from tests.duplicates_world.marking import Marks, marked, together
from tests.duplicates_world.streets import streets

HEADER = (
    f"{'':26}{'reports':>9}{'repeated':>10}{'recall':>8}{'precision':>11}{'shown':>8}"
    f"{'automatic':>12}{'of':>6}"
)


def main(things: int, seeds: list[int]) -> None:
    """Print a line for each seed, channel, category and city."""
    lines, source = streets()
    numbers = terms.current()
    print(f"{things} things a year on {len(lines)} lines of {source}, seeds {seeds}\n{HEADER}")
    years = {seed: world(lines, things, seed) for seed in seeds}
    marks = {seed: marked(told, numbers) for seed, told in years.items()}
    for seed, of in marks.items():
        _tell(f"seed {seed}", of["all"])
    for name in ("all", *CHANNELS, *CATEGORIES):
        label = f"{name} ({CHANNELS[name][0]} m)" if name in CHANNELS else name
        _tell(label, together([of[name] for of in marks.values() if name in of]))
    told = world(lines, things // 2, seeds[0], 180)
    print(f"\nseed {seeds[0]}, half a year, as other cities file it\n{HEADER}")
    for name, change in cities(lines).items():
        _tell(name, marked(told_by(told, change), numbers)["all"])
    for many, days in ((things, 90), (2 * things, 60)):
        crowded = marked(world(lines, many, seeds[0], days), numbers)["all"]
        _tell(f"{many} things in {days} days", crowded)


def _tell(label: str, of: Marks) -> None:
    print(
        f"{label:26}{of.reports:9}{of.repeated:10}{of.recall:8.3f}{of.precision:11.3f}"
        f"{of.shown / of.reports:8.2f}{of.automatic:12.4f}{of.attached:6}",
        flush=True,
    )


reader = argparse.ArgumentParser(prog="python -m tests.duplicates_world", description=__doc__)
reader.add_argument("--things", type=int, default=6000)
reader.add_argument("--seeds", type=int, nargs="+", default=[2001, 2002, 2003, 2004])
asked = reader.parse_args()
main(asked.things, asked.seeds)
