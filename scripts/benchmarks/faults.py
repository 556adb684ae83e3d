"""Whatever is killed, nothing that was accepted is lost, and nothing is told twice that has a key.

Each line is one kind of accident, tried many times: ``ours`` is how often. ``lost`` and ``doubled``
count what was; ``same_answer`` says that nothing was lost, and nothing doubled where a key allows
it. The parts are real: processes that are killed by SIGKILL, a mail server and an SMS gateway on
loopback, a PostGIS server of the benchmark's own, the site and the events process under granian.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from scripts.benchmarks.breaking import ground, restarting, sending, streams, verbs
from scripts.benchmarks.breaking.acts import VERBS
from scripts.benchmarks.breaking.together import at_once
from scripts.benchmarks.harness import Line

FULL, QUICK = 100, 1
FEW_VERBS = ("accept", "split", "dispute")


def run(*, quick: bool) -> Iterator[Line]:
    """Yield a line for each kind of accident."""
    trials = QUICK if quick else FULL
    with ground.town() as server:
        # A stream that is cut mostly waits, and writes no notices.
        yield from at_once(partial(sending.lines, trials), partial(streams.lines, trials))
        yield from verbs.lines(trials, FEW_VERBS if quick else tuple(VERBS))
        yield restarting.line(server, trials)
