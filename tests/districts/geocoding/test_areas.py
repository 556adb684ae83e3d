"""People name wards and districts of any time, in any spelling; what they mean is found.

The present wards are squares under their real names and codes; the former ones are known by name
only, as in an installation that has downloaded nothing.
"""

from __future__ import annotations

import unicodedata
from datetime import date

import numpy as np
import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from districts import coverage
from districts.approximate.tables import province_tables
from districts.former_areas import name_former_areas
from districts.geocoding.areas import known, meant, ward_at
from districts.geocoding.areas.combining import READINGS
from districts.geocoding.found import Means
from districts.geocoding.geocoder import geocode
from districts.geocoding.parser import parse
from districts.lineage import compute_lineage
from districts.models import Area, CatalogueChange, Edition, FormerArea
from gis_core.names import folded, spelled
from gis_core.positions import LonLat
from tests import zoo

pytestmark = pytest.mark.django_db
MERGED = date(2025, 7, 1)
SIDE = 0.01


@pytest.fixture(scope="module", autouse=True)
def city(django_db_setup, django_db_blocker):
    """The 168 wards as squares, and the names of what was before."""
    with django_db_blocker.unblock(), transaction.atomic():
        edition = Edition.objects.create(
            name="squares", level="ward", territory="hcmc", valid=DateRange(MERGED, None),
            published=True,
        )  # fmt: skip
        wards, _ = province_tables("thanhphohochiminh", 9210)
        Area.objects.bulk_create(
            _square(edition, number, ward) for number, ward in enumerate(wards)
        )
        coverage.cover_edition(edition.pk)
        CatalogueChange.objects.create(kind="edition", code="squares", actor="tests")
        name_former_areas(actor="tests")
        yield
        transaction.set_rollback(True)


def _square(edition, number, ward):
    west, south = 106.0 + number % 13 * SIDE, 10.0 + number // 13 * SIDE
    shape = MultiPolygon(Polygon.from_bbox((west, south, west + SIDE, south + SIDE)), srid=4326)
    name = ward.name.removeprefix(f"{ward.kind} ")
    return Area(
        edition=edition, code=ward.code, name=name, kind=ward.kind, shape=shape,
        label_point=shape.centroid,
    )  # fmt: skip


def read(text):
    return meant(parse(text))


def best(text):
    found = read(text).best
    return [one.full_name for one in found.areas] if found else []


def kinds(text):
    return {(one.area.full_name, one.area.is_present) for one in read(text).readings}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("12 Hoàng Hoa Thám, P.5, Q. Tân Bình", ["Phường 5", "Quận Tân Bình"]),
        ("phường 11, Quận 5", ["Phường 11", "Quận 5"]),
        ("Phường Phú Thọ Hòa, Tân Phú", ["Phường Phú Thọ Hòa", "Quận Tân Phú"]),
        ("PHƯỜNG PHÚ THỌ HÒA TÂN PHÚ, NƯỚC CHẢY", ["Phường Phú Thọ Hòa", "Quận Tân Phú"]),
        ("ngập ở P13 Tân Bình", ["Phường 13", "Quận Tân Bình"]),
        ("p.1 Gò Vấp", ["Phường 1", "Quận Gò Vấp"]),
        ("phường 05 quận 3", ["Phường 5", "Quận 3"]),
        ("P.13, P.Nhuận", ["Phường 13", "Quận Phú Nhuận"]),
        ("P. An Phú, Q. 2 - Thành phố Hồ Chí Minh", ["Phường An Phú", "Quận 2"]),
        ("P.An Phú, Tp.Thủ Đức", ["Phường An Phú", "Thành phố Thủ Đức"]),
        ("Phuong Hiep Phu Thanh pho Thu Duc", ["Phường Hiệp Phú", "Thành phố Thủ Đức"]),
        ("phường An Lạc A, quận Bình Tân", ["Phường An Lạc A", "Quận Bình Tân"]),
        ("tổ 3, xã An Sơn, Thuận An", ["Xã An Sơn", "Thành phố Thuận An"]),
        ("P. 5, Q.GV", ["Phường 5", "Quận Gò Vấp"]),
        ("đường D2, quận 9", ["Quận 9"]),
        ("H.Môn", ["Huyện Hóc Môn"]),
        ("12 Lê Lợi, Bình Thạnh", ["Quận Bình Thạnh"]),
        ("12 Lê Lợi, Thủ Đưc", ["Thành phố Thủ Đức"]),
        ("Qaun 4, TPHCM", ["Quận 4"]),
        ("Phường Tân Hoà", ["Phường Tân Hoà"]),
        ("phuong tan hoa", ["Phường Tân Hoà"]),
        ("Phường Tân Hòa", ["Phường Tân Hoà"]),
        ("phường Sài Gòn", ["Phường Sài Gòn"]),
        ("Bệnh viện Quang Trung, P. Tam Bình", ["Phường Tam Bình"]),
        ("Bệnh viện Thủ Đức, P. Tam Bình", ["Phường Tam Bình"]),
        ("Phuong Tamg Nhon Phu", ["Phường Tăng Nhơn Phú"]),
        ("hẻm 56 đường Giải Phóng Tân Bình P. 4", ["Phường 4", "Quận Tân Bình"]),
        ("98 Huỳnh Văn Bánh p.15 PN", ["Phường 15", "Quận Phú Nhuận"]),
        ("Đ. DD11, Qun 12", ["Quận 12"]),
        ("dân Phưng Bình Trị Đông, VN đây", ["Phường Bình Trị Đông"]),
        ("SN 29b CMT8, Phờng Lái Thiêu", ["Phường Lái Thiêu"]),
        ("khu vựcphường Bảy Hiền", ["Phường Bảy Hiền"]),
        ("xã Nhà Bè", ["Xã Nhà Bè"]),
        ("đặc khu Côn Đảo", ["Đặc khu Côn Đảo"]),
    ],
)
def test_a_ward_and_its_district_however_written(text, names):
    assert [spelled(one) for one in best(text)] == [spelled(one) for one in names]


@pytest.mark.parametrize(
    ("gone", "became"),
    [
        ("phường 5 quận Tân Bình", "Tân Sơn Nhất"),
        ("phường 6 quận 3", "Xuân Hòa"),
        ("P.13, Q.3", "Nhiêu Lộc"),
        ("P. Rạch Ông, Quận 8", "Chánh Hưng"),
        ("P.Bình Khánh, Q.2", "An Khánh"),
        ("Phường Phú Cường, TP Thủ Dầu Một", "Thủ Dầu Một"),
    ],
)
def test_what_is_gone_leads_to_what_it_became(gone, became):
    area = read(gone).best.area
    assert not area.is_present
    assert area.approximate, "only its successors' ground is known"
    [after] = [one.area for one in area.successors]
    assert folded(after.name) == folded(became)
    assert area.shape().equals(_present(after.code).shape())


def _present(code):
    return next(one for one in known().wards if one.code == code)


def test_a_ward_that_was_divided_has_shares():
    area = read("P. Đa Kao, Quận 1").best.area
    assert sum(one.share for one in area.successors) == pytest.approx(1)
    assert len(area.successors) > 1
    shares = [one.share for one in area.successors]
    assert shares == sorted(shares, reverse=True)


@pytest.mark.parametrize("name", ["Bình Thạnh", "Tân Bình", "Phú Nhuận", "Gò Vấp", "Thủ Đức"])
def test_a_new_ward_named_as_an_old_district(name):
    ward, districts = f"Phường {name}", {f"Quận {name}", f"Thành phố {name}"}
    assert best(f"phường {name}") == [ward]
    assert read(f"phường {name}").best.area.is_present
    assert best(f"quận {name}")[0] in districts
    bare = {full_name for full_name, _ in kinds(f"12 Lê Lợi, {name}")}
    assert ward in bare
    assert bare & districts


def test_initials_of_two_districts_mean_both():
    first, second, *_ = read("5 Lê Lợi, Q. BT").readings
    assert [first.area.name, second.area.name] == ["Bình Thạnh", "Bình Tân"]
    assert {one.area.name for one in read("Q.TP").readings} == {"Tân Phú"}


@pytest.mark.parametrize("text", ["Sài Gòn", "TP HCM", "12 Lê Lợi, Tp. Hồ Chí Minh", "tphcm"])
def test_the_city_is_no_ward(text):
    assert read(text).city
    assert best(text) == []


def test_a_number_without_its_district_means_many():
    readings = read("phường 5").readings
    assert len({one.area.within for one in readings}) > 5
    assert max(one.weight for one in readings) < 0.2


def test_a_ward_that_is_not_in_its_district_keeps_both():
    found = read("Phường Thảo Điền, Quận 3")
    names = {one.area.full_name: one for one in found.readings}
    assert {"Phường Thảo Điền", "Quận 3"} <= names.keys()
    assert "ward_not_in_district" in names["Phường Thảo Điền"].why
    assert "ward_ignored" in names["Quận 3"].why


def test_a_present_ward_beside_an_old_district():
    found = read("Phường Tân Sơn Nhất, Quận Tân Bình").best
    assert [one.is_present for one in found.areas] == [True, False]
    assert found.area.full_name == "Phường Tân Sơn Nhất"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("KCN Sóng Thần, Bình Dương", ["Tỉnh Bình Dương"]),
        ("Dĩ An, Bình Dương", ["Thành phố Dĩ An"]),
        ("phường Bình Dương", ["Phường Bình Dương"]),
        ("P. Thắng Tam, Vũng Tàu, BRVT", ["Phường Thắng Tam", "Thành phố Vũng Tàu"]),
    ],
)
def test_a_province_that_the_city_absorbed(text, names):
    assert best(text) == names
    assert not read(text).elsewhere


def test_a_province_narrows_what_it_holds():
    found = read("Phường 5, tỉnh Bà Rịa - Vũng Tàu").best
    assert found.area.within == "Thành phố Vũng Tàu"


def test_an_old_ward_is_found_with_nothing_downloaded():
    found = geocode("phường 5 quận Tân Bình").best
    assert found.means == Means.AREA
    assert found.ward.name == "Tân Sơn Nhất"


def test_weights_sum_to_one_and_fall():
    weights = [one.weight for one in read("12 Lê Lợi, P. 2, Q. BT").readings]
    assert sum(weights) == pytest.approx(1)
    assert weights == sorted(weights, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        "ngã tư Trần Văn Ơn - Tân Kỳ Tân Quý bị hư",
        "trên đường An Phú Tây - Hưng Long, ngập",
        "3/10 đại lộ Bình Dương",
        "hẻm 433 Bình Thành",
        "nga ba Cu xa Phu Lam D va Duong so 26",
        "qua 5 phút, xe 12 chỗ, phòng 4",
        "nhà tôi bị cúp điện rồi",
        "có người đổ xà bần, co nguoi do xa ban trom",
        "",
        "phường",
        "quận",
    ],
)
def test_streets_and_other_words_are_no_areas(text):
    assert best(text) == []


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("120 Trần Phú, Hải Châu, Đà Nẵng bị ngập", True),
        ("25 Hùng Vương, TP. Đà Lạt, Lâm Đồng", True),
        ("phường 5, Đà Lạt", True),
        ("Phan Thiết, Bình Thuận: số 20 Thủ Khoa Huân", True),
        ("xe Đồng Nai đậu ở Thủ Đức", False),
        ("21.0285, 105.8542", True),
        ("10.7769, 106.7009", False),
        ("xa lộ Hà Nội", False),
        ("đường Hà Nội, quận 9", False),
        ("xe khách Đà Nẵng đậu ở Quận 3", False),
        ("xe Đà Nẵng đậu ở bến xe, TPHCM", False),
        ("12 Lê Lợi, Vũng Tàu", False),
        ("nhà tôi bị cúp điện rồi", False),
    ],
)
def test_a_place_in_another_province_is_not_ours(text, elsewhere):
    assert read(text).elsewhere is elsewhere


def test_the_tokens_of_an_area_are_told():
    parsed = parse("12 Lê Lợi, P. 5, Q. Tân Bình, TP HCM")
    found = meant(parsed)
    said = [token.folded for number, token in enumerate(parsed.tokens) if number in found.tokens]
    assert " ".join(said) == "p 5 q tan binh tp hcm"


TEXTS = ["P. Đa Kao, Quận 1", "phường Tân Hoà", "xã Nhà Bè", "P. Phú Thọ Hoà, Q. Tân Phú"]


@given(st.sampled_from(TEXTS), st.sampled_from(["NFC", "NFD"]), st.sampled_from([0, 1, 2, 3]))
def test_spelling_never_changes_the_area(text, form, case):
    changed = unicodedata.normalize(form, [text, text.upper(), text.lower(), folded(text)][case])
    assert best(changed) == best(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text):
    found = read(text)
    assert sum(one.weight for one in found.readings) <= 1 + 1e-9


@pytest.mark.parametrize(
    "word", ["quận 5, ", "phường abcdefg, ", "a, ", "Tân Bình, ", "\u1ea1 ", "p"]
)
def test_the_longest_text_is_read_and_its_readings_are_few(word):
    found = meant(parse((word * 5000)[:10_000]))
    assert len(found.readings) <= READINGS


def test_the_ward_of_a_point():
    first, *_ = sorted(known().wards, key=lambda one: one.code)
    lon, lat = first.shape().centroid.coords[0]
    assert ward_at(LonLat(lon, lat)).code == first.code
    assert ward_at(LonLat(105.9, 9.9)) is None


def test_a_change_of_the_catalogue_is_seen():
    before = known()
    assert known() is before
    zoo.changed("edition", "squares")
    assert known() is not before


def test_an_old_polygon_is_taken_where_it_is_loaded():
    """Once an old edition is published, its ward has its own ground; the name alone is dropped."""
    old = zoo.edition(
        {"26989": (106.005, 10.005, 106.015, 10.008)}, name="old", since=date(2021, 1, 1),
        until=MERGED,
    )  # fmt: skip
    around = zoo.edition(
        {"766": (106.0, 10.0, 106.02, 10.01)}, name="old", level="district",
        since=date(2021, 1, 1), until=MERGED,
    )  # fmt: skip
    Area.objects.filter(edition=old).update(name="5", kind="Phường")
    Area.objects.filter(edition=around).update(name="Tân Bình", kind="Quận")
    compute_lineage(old, Edition.objects.get(name="squares"))
    zoo.changed("edition", "old")
    area = read("P.5, Q. Tân Bình").best.area
    assert area.ref.edition == "old"
    assert not area.approximate
    assert area.within == "Quận Tân Bình"
    assert [round(one.share, 2) for one in area.successors] == [0.5, 0.5]
    inside = area.contains(np.array([106.01, 106.001]), np.array([10.006, 10.001]))
    assert inside.tolist() == [True, False]


def test_names_are_read_from_the_tables_once():
    rows = FormerArea.objects.count()
    assert rows > 400
    assert name_former_areas() == 0
    assert FormerArea.objects.count() == rows
