"""Duplicates: clusters of a million points beside two others."""

from __future__ import annotations

from collections.abc import Iterator

from scripts.benchmarks import clustering
from scripts.benchmarks.harness import Line


def run(*, quick: bool) -> Iterator[Line]:
    """Yield the lines of each part."""
    yield from clustering.lines("duplicates", quick=quick)
