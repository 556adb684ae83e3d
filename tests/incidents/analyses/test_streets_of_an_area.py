"""Along the streets of one ward: compared with that ward's streets, not with the whole city's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from incidents.actors import ANYBODY
from incidents.analyses import shapes
from incidents.analyses.points import Points, in_metres
from incidents.analyses.question import AskedArea, Question
from tests import streets
from tests.kept_rows import town_again

CITY = Question(method="along_streets", parameters={"snap_m": 30.0, "share": 0.05})
WARD = replace(CITY, area=AskedArea("wards", ("101",)))


@pytest.mark.django_db
def test_the_only_street_of_a_ward_is_not_hot_for_being_the_only_one():
    town_again()
    streets.lay()
    x, y = in_metres(np.linspace(106.7015, 106.7085, 30), np.full(30, 10.7653))
    none = np.zeros(30, np.int64)
    points = Points(x, y, none, none, none, ("pothole",), "tests")
    ward, city = (shapes.along_streets(ANYBODY, one, points) for one in (WARD, CITY))
    assert ward.count.sum() == city.count.sum() == 30
    assert ward.facts["hot"] == 0
    assert city.facts["hot"] > 0
