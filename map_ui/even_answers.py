"""Answers that take as long whatever they found, so that their time tells nobody what was found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

STEP_S: Final = 0.25
"""Longer than what it covers takes, a busy database apart; then it takes two steps, or three."""


@contextmanager
def evenly() -> Iterator[None]:
    """Let what is done within take a whole number of steps, also where it raises."""
    began = time.monotonic()
    try:
        yield
    finally:
        time.sleep(rest(time.monotonic() - began))


def rest(took_s: float) -> float:
    """Return the seconds that are left of the step in which something ended."""
    return STEP_S - took_s % STEP_S
