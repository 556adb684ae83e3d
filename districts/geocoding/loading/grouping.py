"""Which pieces of one name are one street, and which are another street of the same name. Pure.

Pieces belong together when a chain of them leads from one to the other without a gap wider than
the reach, and when their names can be the same: "Le Van Sy" can be "Lê Văn Sỹ", "Thanh Đa" cannot
be "Thạnh Đa".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely

from gis_core.names import folded
from gis_core.planes import Shapes

REACH_M = 1000.0
NUMBERED_REACH_M = 250.0
"""Every housing estate has a "Đường số 4" of its own."""
LONGEST_REACH_M = 3000.0
"""A long road keeps its name on the other side of a bridge, a tunnel, an unnamed stretch."""
REACH_SHARE = 0.25

_NUMBERED = re.compile(r"(?:so|[a-z]{1,2})\d+[a-z]?")
_HIGHWAY = re.compile(r"(?:ql|tl|ltl|hl|ct)\d+[a-z]?")


@dataclass(frozen=True, slots=True)
class Reach:
    """How wide a gap in metres a street may have: a share of its length, within bounds."""

    least_m: float
    most_m: float

    def of(self, length_m: float) -> float:
        """Return the reach of a street whose pieces measure ``length_m`` in all."""
        return min(self.most_m, max(self.least_m, REACH_SHARE * length_m))


def reach_of(key: str) -> Reach:
    """Return the reach of streets with this key."""
    if _HIGHWAY.fullmatch(key):
        return Reach(LONGEST_REACH_M, LONGEST_REACH_M)
    if _NUMBERED.fullmatch(key):
        return Reach(NUMBERED_REACH_M, NUMBERED_REACH_M)
    return Reach(REACH_M, LONGEST_REACH_M)


@dataclass
class _Groups:
    """A union-find over pieces, each group with the words of its name and its length."""

    words: list[tuple[str, ...]]
    lengths: list[float]
    reach: Reach
    parent: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.parent = list(range(len(self.words)))

    def find(self, piece: int) -> int:
        while self.parent[piece] != piece:
            self.parent[piece] = self.parent[self.parent[piece]]
            piece = self.parent[piece]
        return piece

    def join(self, one: int, other: int, gap_m: float) -> None:
        first, second = sorted((self.find(one), self.find(other)))
        together = self.lengths[first] + self.lengths[second]
        if first == second or gap_m > self.reach.of(together):
            return
        if agree(self.words[first], self.words[second]):
            self.parent[second] = first
            self.lengths[first] = together
            self.words[first] = _most_marked(self.words[first], self.words[second])


def grouped(shapes: Shapes, words: Sequence[tuple[str, ...]], reach: Reach) -> list[list[int]]:
    """Return the pieces that are one street, as positions in ``shapes``, each group in order.

    ``shapes`` are in metres; ``words`` the spelled words of each piece's name. The nearest pieces
    are joined first, so an unmarked name goes to the marked one beside it.
    """
    groups = _Groups(list(words), shapely.length(shapes).tolist(), reach)
    tree = shapely.STRtree(shapes)
    ones, others = tree.query(shapes, predicate="dwithin", distance=reach.most_m)
    apart = ones < others
    ones, others = ones[apart], others[apart]
    gaps = shapely.distance(shapes[ones], shapes[others])
    for at in gaps.argsort(kind="stable"):
        groups.join(int(ones[at]), int(others[at]), float(gaps[at]))
    found: dict[int, list[int]] = {}
    for piece in range(len(shapes)):
        found.setdefault(groups.find(piece), []).append(piece)
    return list(found.values())


def agree(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two spelled names can be the same: each word equal, or one without its marks.

    Names of unlike length ("Lê Lợi", "LêLợi") have the same key and no words to compare.
    """
    if len(one) != len(other):
        return True
    return all(a == b or a == folded(b) or folded(a) == b for a, b in zip(one, other, strict=True))


def _most_marked(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    if len(one) != len(other):
        return one
    return tuple(b if a == folded(a) else a for a, b in zip(one, other, strict=True))
