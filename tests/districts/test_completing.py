"""An area that a source draws too small is completed from another edition's areas."""

import numpy as np
import pytest
import shapely

from districts import reading
from districts.completing import Completion, NothingToComplete, completed
from districts.fetching import fetch
from districts.geocoding.areas import named
from districts.loading import Options, load_edition, publish_edition
from districts.obtaining import known_source, load_source
from districts.records import AreaFields, AreaRecord, EditionFacts, area_records
from gis_core.planes import to_metres
from gis_core.shapes import from_geos
from tests import zoo

pytestmark = pytest.mark.django_db


def record(code, bounds):
    return AreaRecord(code, code, "", "Quận", shapely.box(*bounds))


@pytest.fixture
def wards():
    return zoo.edition(name="zoo-2025")


def test_the_whole_ground_without_what_neighbours_hold(wards):
    own = record("9", (106.70, 10.76, 106.705, 10.765))
    neighbour = record("8", (106.7198, 10.76, 106.73, 10.77))
    given = [own, neighbour]
    made, kept = completed(given, {"9": Completion("zoo-2025", ("101", "102"))})
    assert kept == neighbour
    wanted = shapely.box(106.70, 10.76, 106.7198, 10.77)
    assert shapely.symmetric_difference(made.shape, wanted).area == pytest.approx(0, abs=1e-12)


def test_a_hole_between_two_drawings_of_one_border_is_filled(wards):
    around = shapely.difference(
        shapely.box(106.695, 10.755, 106.735, 10.775), shapely.box(106.7, 10.76, 106.7205, 10.7701)
    )
    given = [
        record("9", (106.70, 10.76, 106.705, 10.765)),
        AreaRecord("8", "8", "", "Quận", around),
    ]
    made, _ = completed(given, {"9": Completion("zoo-2025", ("101", "102"))})
    whole = shapely.union(made.shape, around)
    assert shapely.symmetric_difference(
        whole, shapely.box(106.695, 10.755, 106.735, 10.775)
    ).area == pytest.approx(0, abs=1e-12)
    assert shapely.intersection(made.shape, around).area == pytest.approx(0, abs=1e-15)


def test_what_is_missing_is_named_with_the_cure(wards):
    with pytest.raises(NothingToComplete, match=r"769.*hcmc-2025.*102, 999.*fetch_boundaries"):
        completed([record("769", (106.7, 10.76, 106.71, 10.77))],
                  {"769": Completion("hcmc-2025", ("102", "999"))})  # fmt: skip


def test_the_real_districts_are_whole(test_data, tmp_path):
    """Thủ Đức City had 211.6 km2; the source draws a quarter of it."""
    fields = AreaFields(full_name="full_name")
    rows = reading.read([test_data / "boundaries" / "hcmc_wards_2025.geojson"], fields.columns())
    facts = EditionFacts("hcmc-2025", "ward", zoo.SINCE)
    load_edition(area_records(rows, fields), facts, Options(repair=True))
    publish_edition("hcmc-2025")
    source = known_source("hcmc-2021")
    paths = fetch(source, tmp_path, str(test_data / "boundaries"))
    edition = load_source(source, paths, actor="tests").edition
    assert edition.areas.count() == 39
    city = edition.areas.get(code="769")
    [metric] = to_metres(np.array([from_geos(city.shape)], dtype=object), 9210)
    assert metric.area / 1e6 == pytest.approx(211.6, rel=0.01)
    publish_edition("hcmc-2021")
    assert [one.code for one in named("TP Thủ Đức")] == ["769"]
