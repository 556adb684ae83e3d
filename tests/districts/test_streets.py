"""Streets of an area come in metres, cut at its border; none where none are loaded."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from districts import city
from districts.streets import streets_within
from gis_core.planes import to_metres
from tests import streets, zoo
from tests.kept_rows import town_again

WARD = shapely.box(*zoo.square(0, 0))
METRES_EAST = 109_300
"""Of one degree, at the town's latitude."""


@pytest.fixture
def town(db):
    town_again()
    streets.lay()


def test_a_ward_has_its_street_whole_and_a_half_ward_the_half(town):
    [whole] = _told([WARD])
    [half] = _told([shapely.box(106.7012, 10.76, 106.705, 10.77)])
    assert whole == ("Lê Lợi", pytest.approx(0.0076 * METRES_EAST, rel=0.01))
    assert half == ("Lê Lợi", pytest.approx(0.0038 * METRES_EAST, rel=0.01))


def test_several_wards_have_the_streets_of_each_once(town):
    wards = [shapely.box(*zoo.square(column, row)) for column in range(3) for row in range(3)]
    names = [name for name, _ in _told(wards)]
    assert sorted(names) == ["Lê Lợi", "Lê Lợi", "Xô Viết Nghệ Tĩnh", "Điện Biên Phủ"]


@pytest.mark.django_db
def test_without_a_gazetteer_or_an_area_there_are_none():
    assert _told([WARD]) == _told([]) == []


def _told(area):
    found = streets_within(to_metres(np.asarray(area, object), city.current().metric_srid))
    return list(zip(found.names, shapely.length(found.shapes).tolist(), strict=True))
