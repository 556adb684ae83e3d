"""Ho Chi Minh City's catalogue: complete in both languages, and an agency for every category."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import geopandas
import pandas
import pytest

from districts.catalogue_checks import (
    ASSIGNS,
    NOTES,
    PLACES_ASKED,
    PLACES_NOTED,
    PLACES_WHY,
    QUESTIONS,
)
from districts.catalogue_files import read_catalogue
from districts.catalogue_records import AgencyKind
from districts.routing import Assign, Basis, CategoryFacts, route
from districts.territory import (
    AreaRef,
    AssetRef,
    How,
    Placement,
    ServiceAreaRef,
    Share,
    Surroundings,
)
from districts.trial_rules import rule_of
from gis_core.positions import LonLat, Position

ICONS = Path(__file__).parents[2] / "node_modules" / "@tabler" / "icons" / "icons" / "outline"
CATALOGUE = read_catalogue("hcmc")
CATEGORIES = {
    one.code: CategoryFacts(one.code, one.sector, one.danger, one.certainty_threshold)
    for one in CATALOGUE.categories
}
RULES = tuple(rule_of(one, CATALOGUE) for one in CATALOGUE.rules)
NOW = date(2026, 11, 22)
DAYS = [date(2018, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2026, 1, 29),
        date(2026, 1, 30), NOW]  # fmt: skip


def decided(category, *, ward="26740", on=NOW, assets=(), service_areas=()):
    """Return (agency, rule) for a pin in this ward; ``ward=None``: no edition covers the day."""
    area = AreaRef(1, "ward", ward, "X", "Phường", "e", f"ubnd-{ward}") if ward else None
    here = Surroundings(area, None, tuple(assets), tuple(service_areas))
    position = Position(LonLat(106.7, 10.77))
    placement = Placement(position, on, here, How.INSIDE, 500.0, (Share(1.0, here),), 1)
    decision = route(placement, CATEGORIES[category], RULES)
    assert len(decision.candidates) == 1, decision.candidates
    return decision.agency, decision.claim.rule


def asset(kind, *, owner=None, maintainer=None):
    return AssetRef(7, kind, "7", "", owner, maintainer)


def under(agency, category):
    """A service area of ``agency`` that covers the pin."""
    return {"service_areas": [ServiceAreaRef(1, agency, "", frozenset({category}))]}


def on_asset(kind, **whose):
    return {"assets": [asset(kind, **whose)]}


JANUARY_2026 = date(2026, 1, 29)
THU_DUC, CON_DAO, THU_DAU_MOT, VUNG_TAU = "26824", "26732", "25747", "26506"


def test_the_service_has_its_ten_sectors_and_all_have_categories():
    assert len(CATALOGUE.sectors) == 10
    assert {one.sector for one in CATALOGUE.categories} == {one.code for one in CATALOGUE.sectors}
    assert len(CATALOGUE.categories) >= 60


def test_there_are_the_services_agencies_without_the_committees():
    """Those of the third class are made from the boundaries, one for each ward."""
    of_class = Counter(one.agency_class for one in CATALOGUE.agencies)
    assert set(of_class) == {AgencyKind.DEPARTMENT, AgencyKind.UTILITY}
    assert of_class.total() >= 84


def groups():
    """The wards by former district, those of the two provinces together left out."""
    provinces = {"binh-duong", "ba-ria-vung-tau"}
    return {one.code: one.area_codes for one in CATALOGUE.area_groups if one.code not in provinces}


def test_every_ward_belongs_to_one_former_district_and_its_board():
    wards = Counter(ward for codes in groups().values() for ward in codes)
    assert (len(wards), set(wards.values())) == (168, {1})
    boards = [one for one in CATALOGUE.agencies if one.code.startswith("bqlda-")]
    assert len(boards) == 37
    for group, codes in groups().items():
        decisions = {decided("works-unfinished", ward=code.removeprefix("ward:")) for code in codes}
        expected = f"works-{group}" if group != "con-dao" else "construction-department"
        assert {rule for _, rule in decisions} == {expected}
        assert len(decisions) == 1


def test_a_former_districts_wards_lie_in_it(test_data):
    """The larger part of each, but where the outlines of 2021 are known to be off or were named."""
    read = geopandas.read_file
    folder = test_data / "boundaries"
    names = ("hcmc_districts_2021.geojson", "binhduong_brvt_districts_2021.geojson")
    former = pandas.concat([read(folder / name) for name in names]).to_crs(9210)
    wards = read(folder / "hcmc_wards_2025.geojson").to_crs(9210)
    wards["geometry"] = wards.buffer(0)
    parts = geopandas.overlay(wards[["code", "geometry"]], former[["id", "geometry"]])
    parts["area"] = parts.area
    largest = parts.sort_values("area").drop_duplicates("code", keep="last")
    found = dict(zip(largest["code"], largest["id"], strict=True))
    group_of = {code[5:]: group for group, codes in groups().items() for code in codes}
    former_of = {}
    for ward, group in group_of.items():
        former_of.setdefault(group, Counter())[found.get(ward)] += 1
    main = {group: counted.most_common(1)[0][0] for group, counted in former_of.items()}
    assert len(set(main.values())) == len(main) == 38
    strangers = {
        ward for ward, group in group_of.items()
        if ward in found and found[ward] != main[group]
    }  # fmt: skip
    long_dat = {"26659", "26662", "26680", "26686"}
    """Long Điền and Đất Đỏ were joined on 1 January 2025."""
    assert strangers - long_dat == {"25813", "26800", "26803", "26809", "26833"}


@pytest.mark.parametrize("row", [*CATALOGUE.sectors, *CATALOGUE.categories], ids=lambda r: r.code)
def test_names_stand_in_both_languages(row):
    assert row.name != row.name_en
    assert row.name_en.isascii()


def test_no_two_categories_share_a_name_or_an_icon():
    for key in ("name", "name_en", "icon"):
        times = Counter(getattr(one, key) for one in CATALOGUE.categories)
        assert [text for text, count in times.items() if count > 1] == []


@pytest.mark.skipif(not ICONS.is_dir(), reason="scripts/setup has not fetched the icons")
def test_every_icon_is_in_the_icon_set():
    used = {one.icon for one in (*CATALOGUE.sectors, *CATALOGUE.categories)}
    assert {icon for icon in used if not (ICONS / f"{icon}.svg").is_file()} == set()


@pytest.mark.parametrize("on", DAYS, ids=str)
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_finds_one_agency_before_the_fallback(category, on):
    fallback = CATALOGUE.city.fallback_agency
    for ward in ("26740", CON_DAO, THU_DUC, THU_DAU_MOT, VUNG_TAU):
        agency, _ = decided(category, ward=ward, on=max(on, date(2025, 7, 1)))
        assert agency != fallback
    if CATEGORIES[category].sector != "drainage" or on > date(2019, 3, 27):
        assert decided(category, ward=None, on=on)[0] != fallback


@pytest.mark.parametrize("kind", [one.code for one in CATALOGUE.explanations.asset_kinds])
def test_every_kind_of_asset_is_used_and_its_contract_comes_before_its_owner(kind):
    of_kind = [rule for rule in RULES if kind in rule.asset_kinds]
    concerned = [
        code for code, facts in CATEGORIES.items() if any(r.concerns(facts) for r in of_kind)
    ]
    assert concerned
    for category in concerned:
        both = asset(kind, owner="o", maintainer="m")
        assert decided(category, assets=[both])[0] == "m"
        assert decided(category, assets=[asset(kind, owner="o")])[0] == "o"
        assert decided(category, assets=[asset(kind)])[0] not in {"o", "m"}


@pytest.mark.parametrize(
    ("category", "facts", "agency", "rule"),
    [
        ("fallen-tree", on_asset("park", maintainer="cay-xanh"), "cay-xanh", "park-maintainer"),
        ("fallen-tree", {}, "tt-gtht", "street-trees"),
        ("fallen-tree", {"on": JANUARY_2026}, "tt-htkt", "street-trees-until-2026"),
        (
            "fallen-tree",
            {"ward": THU_DUC, "on": JANUARY_2026},
            "tt-thu-duc",
            "thu-duc-infrastructure-until-2026",
        ),
        ("fallen-tree", {"ward": CON_DAO}, "ubnd-26732", "con-dao-infrastructure"),
        ("park-damage", {}, "ubnd-26740", "small-park"),
        ("pothole", on_asset("road", owner="tt-gtht"), "tt-gtht", "road-owner"),
        ("pothole", on_asset("park", maintainer="cay-xanh"), "ubnd-26740", "local-road"),
        (
            "pothole",
            {"ward": None, "on": date(2024, 5, 1)},
            "tt-duong-bo",
            "road-department-until-2026",
        ),
        ("traffic-signal", on_asset("road", maintainer="x"), "tt-dieu-hanh", "traffic-signal"),
        ("flooding", on_asset("drain", maintainer="udc"), "udc", "drain-maintainer"),
        ("flooding", {}, "tt-gtht", "drains"),
        ("canal-litter", {}, "ubnd-26740", "canal-litter"),
        (
            "street-lamp-out",
            on_asset("lamp_circuit", maintainer="sapulico"),
            "sapulico",
            "lamp-circuit-maintainer",
        ),
        ("street-lamp-out", {}, "tt-gtht", "street-lamps"),
        ("water-leak", under("cn-ben-thanh", "water-leak"), "cn-ben-thanh", "water-service-area"),
        ("water-leak", under("dl-sai-gon", "power-outage"), "sawaco", "water"),
        ("water-leak", {"ward": THU_DAU_MOT}, "biwase", "binh-duong-water"),
        ("water-leak", {"ward": VUNG_TAU}, "bwaco", "ba-ria-vung-tau-water"),
        ("power-outage", under("dl-sai-gon", "power-outage"), "dl-sai-gon", "power-service-area"),
        ("power-line-down", {}, "evnhcmc", "power"),
        ("hanging-cable", {}, "so-khcn", "telecom"),
        ("hanging-cable", under("vnpt", "hanging-cable"), "vnpt", "other-service-area"),
        ("bus-service", {}, "tt-gtcc", "bus"),
        ("metro-station", {}, "hurc1", "metro"),
        ("litter", {}, "ubnd-26740", "cleaning"),
        ("noise", {}, "ubnd-26740", "noise"),
        ("illegal-construction", {}, "ubnd-26740", "building-order"),
    ],
)
def test_who_answers_in_the_city(category, facts, agency, rule):
    assert decided(category, **facts) == (agency, rule)


@pytest.mark.parametrize("language", CATALOGUE.city.languages)
def test_every_sentence_can_be_said(language):
    said = CATALOGUE.explanations
    for basis, assigns in ASSIGNS.items():
        for assign in assigns:
            names = dict.fromkeys(PLACES_WHY, "ABC")
            assert "ABC" in said.why(basis, assign)[language].format(**names)
    for code in QUESTIONS:
        asked = said.question(code)[language].format(**dict.fromkeys(PLACES_ASKED, "ABC"))
        assert asked.endswith("?")
    for code in NOTES:
        assert said.note(code)[language].format(**dict.fromkeys(PLACES_NOTED, "ABC"))


def test_the_sentences_read_as_they_should():
    said = CATALOGUE.explanations
    park, tended = said.asset_kind("park"), said.why(Basis.ASSET, Assign.OWNER)
    assert park is not None
    assert tended["vi"].format(asset=park.phrase["vi"], agency="UBND Phường Sài Gòn") == (
        "Vị trí nằm trong một công viên, do UBND Phường Sài Gòn quản lý."
    )
    assert tended["en"].format(asset="Tao Đàn", agency="the ward") == (
        "The place lies in Tao Đàn, which the ward looks after."
    )
    ward = said.why(Basis.AREA, Assign.COMMITTEE)["vi"].format(area="Phường Sài Gòn")
    assert ward == "Phường Sài Gòn phụ trách loại việc này trên địa bàn."


def test_danger_shows_whom_to_call_and_the_hotline_is_always_among_them():
    for category in CATALOGUE.categories:
        numbers = [line.number for line in CATALOGUE.city.emergency_for(category.code)]
        assert {"115", "1022"} <= set(numbers)
    down = [line.number for line in CATALOGUE.city.emergency_for("power-line-down")]
    assert down == ["115", "114", "1900545454", "1022"]


def test_a_complaint_about_people_is_never_public_and_a_private_home_never_exact():
    by_code = {one.code: one for one in CATALOGUE.categories}
    assert not by_code["bus-service"].public
    assert by_code["noise"].sensitive
    assert by_code["illegal-construction"].sensitive


def test_agencies_that_were_merged_are_closed_the_day_their_successor_begins():
    by_code = {one.code: one for one in CATALOGUE.agencies}
    begins = by_code["tt-gtht"].valid_from
    merged = ("tt-duong-bo", "tt-htkt", "tt-thu-duc", "tt-brvt")
    assert {by_code[code].valid_to for code in merged} == {begins} == {date(2026, 1, 30)}
