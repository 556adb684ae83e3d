"""Counts of squares as they are compared: bare, for each km of street, drawn towards the city's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gis_core.hotspots import exposure
from gis_core.hotspots.grid import Grid
from incidents.analyses.network import road_km
from incidents.analyses.question import Question

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def rates(question: Question, grid: Grid, counts: Floats, inside: Bools) -> tuple[Floats, Bools]:
    """Return what is compared in each square, and which squares are.

    ``road_km``: incidents for each km of street; squares without a street are left out.
    ``small_numbers``: empirical Bayes, see ``exposure.empirical_bayes``. Raises NoStreets.
    """
    if question.exposure == "none" and question.correction == "none":
        return counts, inside
    bare = question.exposure == "none"
    exposed = np.ones(grid.shape) if bare else road_km(grid, question.area)
    compared = inside & (exposed > 0)
    smoothed = question.correction != "none"
    told = np.zeros(grid.shape)
    told[compared] = exposure.rate(
        counts[compared], exposed[compared], question.exposure, smoothed=smoothed
    ).values
    return told, compared
