"""How far a long method is, told step by step to whoever waits."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[float], None]
"""Called with the share that is done, 0 to 1; raises where the work is to stop."""


def silent(_share: float) -> None:
    """Tell nobody."""


def between(tell: Tell, begin: float, end: float) -> Tell:
    """Return what tells of a part of the work, which goes from ``begin`` to ``end`` of it."""
    return lambda share: tell(begin + share * (end - begin))
