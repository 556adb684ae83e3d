"""Which class each square has: one answer for an analysis and for a picture that a slider moves."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from incidents.analyses.question import Question
from incidents.analyses.rates import Compared
from incidents.analyses.results import Fact, Warned

if TYPE_CHECKING:
    from gis_core.hotspots.significance import Control

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
SURER: Final = 5.0
"""What holds at so many times less than the chosen significance is very sure."""
QUADRANT_CLASSES: Final = np.array([0, 1, 3, 4, 2])
"""By local Moran's quadrant the class of ``methods.toml``."""


class Classes(NamedTuple):
    """``kind``: each square's class, from 1 on, 0 for none. Beyond the ground all is 0, p NaN."""

    kind: Longs
    value: Floats
    p: Floats


def getis_ord(question: Question, squares: Compared) -> Classes:
    """Return Gi* of each square with its neighbours: hot or cold, and how surely."""
    from gis_core.hotspots import getis_ord as method  # noqa: PLC0415  heavy: scipy's distributions

    reach, drawn = int(question.number("reach")), permutations(question)
    if drawn:
        told = method.gi_star_permuted(
            squares.values, reach, squares.inside, permutations=drawn, seed=_seed(question)
        )
    else:
        told = method.gi_star(squares.values, reach, squares.inside)
    p, share = _adjusted(told.p, question), question.number("share")
    sure, holds, hot = p <= share / SURER, p <= share, told.z > 0
    kind = np.select([sure & hot, holds & hot, sure, holds], [1, 2, 4, 3], 0)
    return Classes(kind, np.where(squares.inside, told.z, 0.0), told.p)


def local_moran(question: Question, squares: Compared) -> Classes:
    """Return local Moran's I of each square, and what it is among its neighbours."""
    from gis_core.hotspots import local_moran as method  # noqa: PLC0415  heavy: the same

    reach, drawn = int(question.number("reach")), permutations(question)
    told = method.local_moran(squares.values, reach, squares.inside, drawn, _seed(question))
    holds = _adjusted(told.p, question) <= question.number("share")
    kind = np.where(holds, QUADRANT_CLASSES[told.quadrant], 0)
    return Classes(kind, np.where(squares.inside, told.i, 0.0), told.p)


def permutations(question: Question) -> int:
    """Return how many permutations tell chance; 0 where the normal distribution does."""
    chance = str(question.parameters["chance"])
    return 0 if chance == "normal" else int(chance)


def drawing_told(question: Question, squares: int) -> list[Warned]:
    """Say how chance was told, and how much the guard asks of so many squares."""
    drawn = permutations(question) if "chance" in question.parameters else 0
    if not drawn:
        return []
    least = 2 / (drawn + 1)
    facts: dict[str, Fact] = {"permutations": drawn, "seed": _seed(question), "smallest": least}
    asked = least * squares / question.number("share")
    needed = {"fdr": asked, "bonferroni": asked, "none": 0.0}[question.control]
    said = [Warned("permuted", facts)]
    if question.control == "bonferroni" and needed > 1:
        said.append(Warned("permuted_too_few", {"squares": squares}))
    elif needed > 1:
        said.append(Warned("permuted_needs", {"squares": squares, "needed": math.ceil(needed)}))
    return said


def control(question: Question) -> Control:
    """Return how the question guards against finding by chance."""
    known: Mapping[str, Control] = {"fdr": "fdr", "bonferroni": "bonferroni", "none": "none"}
    return known[question.control]


def _seed(question: Question) -> int:
    return int(question.number("seed"))


def _adjusted(p: Floats, question: Question) -> Floats:
    from gis_core.hotspots.significance import adjusted  # noqa: PLC0415  heavy: scipy's erfc

    return adjusted(p, control(question))
