"""Run one benchmark by name; a benchmark is a file here with a function ``run(quick=…)``."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path

SHARED = {
    "__main__",
    "alike",
    "city",
    "clustering",
    "crowd",
    "growth_asks",
    "growth_forms",
    "growth_tables",
    "harness",
    "layer_writes",
    "lean",
    "loadtest",
    "one_export",
    "mass",
    "peer_joins",
    "sites",
    "streams",
}


def names() -> list[str]:
    """Return the benchmarks there are."""
    return sorted({path.stem for path in Path(__file__).parent.glob("*.py")} - SHARED)


def main(arguments: list[str]) -> int:
    """Print the lines of the benchmark asked for; 1 where an answer differed from its peer's."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("name", choices=names())
    parser.add_argument("--quick", action="store_true", help="small data, to see that it runs")
    if not arguments:
        print("\n".join(names()))
        return 0
    options = parser.parse_args(arguments)
    same = True
    for line in import_module(f"scripts.benchmarks.{options.name}").run(quick=options.quick):
        print(line.as_json(), flush=True)
        same = same and line.same_answer
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
