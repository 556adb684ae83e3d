"""People counted in the areas of one edition, shared out to the areas of another. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Final

COVERED: Final = 0.95
"""A new area is known where old areas that are known cover this share of its ground."""
KEPT: Final = 0.5
"""An old area of which less than this share lies in any new area is shared out to none."""


@dataclass(frozen=True, slots=True)
class Part:
    """What an old and a new area have in common, by their codes; shares run from 0 to 1.

    ``ground`` is of the old area's ground, ``back`` of the new one's. ``addresses`` is of the old
    area's addresses, None where none is known.
    """

    old: str
    new: str
    ground: float
    back: float
    addresses: float | None = None


def shared_out(
    people: Mapping[str, float], parts: Iterable[Part], *, by_addresses: bool = False
) -> dict[str, float]:
    """Return the people of each new area by its code; an area that is not known is absent.

    Areal interpolation: an old area's people are spread over its ground as if they lived equally
    dense everywhere in it, after M. F. Goodchild and N. S.-N. Lam, "Areal interpolation: a variant
    of the traditional spatial problem", Geo-Processing 1, 1980, pp. 297-312. With ``by_addresses``
    they are spread as its addresses are, where any is known. Ground of an old area in no new one
    (sea, river mouths, borders drawn otherwise) holds nobody: what is left is scaled up, so that an
    old area's people are all shared out, or none of them.
    """
    known = [part for part in parts if part.old in people]
    olds, news = defaultdict(list), defaultdict(list)
    for part in known:
        olds[part.old].append(part)
    given: defaultdict[str, list[float]] = defaultdict(list)
    for old, of_old in olds.items():
        if fsum(part.ground for part in of_old) < KEPT:
            continue
        for part, share in zip(of_old, _shares(of_old, by_addresses=by_addresses), strict=True):
            given[part.new].append(people[old] * share)
            news[part.new].append(part.back)
    return {new: fsum(given[new]) for new in sorted(news) if fsum(news[new]) >= COVERED}


def _shares(parts: list[Part], *, by_addresses: bool) -> list[float]:
    """Return the share of an old area's people in each part; together 1."""
    weights = [part.addresses or 0.0 for part in parts] if by_addresses else []
    if not fsum(weights) > 0:
        weights = [part.ground for part in parts]
    whole = fsum(weights)
    return [weight / whole for weight in weights]
