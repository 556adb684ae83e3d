"""Local Moran's I is PySAL's."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from gis_core.hotspots.local_moran import QUADRANTS, local_moran
from tests.gis_core.hotspots import pysal

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from esda import Moran_Local

DRAW = np.random.default_rng(8)
COUNTS = DRAW.poisson(DRAW.gamma(0.7, 3, (14, 19))).astype(float)
INSIDE = DRAW.random(COUNTS.shape) < 0.85


def pysals(held, reach):
    weights = pysal.graph(held, reach, own=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Moran_Local(COUNTS[held], weights, permutations=0)


@pytest.mark.parametrize("held", [np.ones(COUNTS.shape, bool), INSIDE], ids=["all", "masked"])
@pytest.mark.parametrize("reach", [1, 2])
def test_the_same_as_pysal(held, reach):
    told, peer = local_moran(COUNTS, reach, held), pysals(held, reach)
    n = held.sum()
    # PySAL reckons mean and variance with another divisor than I itself.
    z = (peer.Is * n / (n - 1) - peer.EIc) / np.sqrt(peer.VIc)
    assert told.i[held] == pytest.approx(peer.Is, abs=1e-9)
    assert told.z[held] == pytest.approx(z, abs=1e-9)
    assert told.quadrant[held].tolist() == peer.q.tolist()
    assert (told.quadrant[~held] == 0).all()
    assert np.isnan(told.p[~held]).all()


def test_permutations_agree_with_the_normal_distribution_where_it_holds():
    counts = DRAW.normal(100, 10, (30, 30))
    told = local_moran(counts, 3, permutations=2999, seed=1)
    assert told.p == pytest.approx(local_moran(counts, 3).p, abs=0.06)
    again = local_moran(counts, 3, permutations=2999, seed=1)
    assert np.array_equal(told.p, again.p)


def test_a_high_cell_among_low_ones_is_an_outlier():
    counts = np.zeros((9, 9))
    counts[4, 4] = 50
    counts[:2, :2] = 20
    told = local_moran(counts, 1)
    assert QUADRANTS[told.quadrant[4, 4]] == "high-low"
    assert QUADRANTS[told.quadrant[0, 0]] == "high-high"
    assert told.i[4, 4] < 0 < told.i[0, 0]


def test_nothing_is_told_of_lonely_cells_and_uniform_fields():
    lonely = np.zeros((5, 5), bool)
    lonely[0, 0] = lonely[4, 4] = lonely[0, 4] = True
    told = local_moran(np.arange(25.0).reshape(5, 5), 1, lonely, permutations=99)
    assert told.p[lonely].tolist() == [1, 1, 1]
    assert told.z[lonely].tolist() == [0, 0, 0]
    uniform = local_moran(np.full((6, 6), 4.0), 1)
    assert (uniform.i == 0).all()
    assert (uniform.p == 1).all()
    nothing = local_moran(np.ones((5, 5)), 1, np.zeros((5, 5), bool), permutations=99)
    assert np.isnan(nothing.p).all()
