"""Finding what is one thing: candidates of one report, and clusters of a whole history."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.benchmarks import alike, clustering
from scripts.benchmarks.harness import Line


def run(*, quick: bool) -> Iterator[Line]:
    """Yield the lines of both."""
    yield from clustering.lines("duplicates", quick=quick)
    yield from alike.lines("duplicates", quick=quick)
