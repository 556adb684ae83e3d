"""Every ward in force has its committee, made from the boundaries."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from districts import city, rulebook
from districts.catalogue_loading import load_catalogue
from districts.committees import make_committees
from districts.models import Agency, Area, CatalogueChange
from tests import zoo

pytestmark = pytest.mark.django_db

WARD = (106.70, 10.76, 106.71, 10.77)
CODE = "ubnd-26740-2025-07-01"


def edition(
    name="Sài Gòn", *, kind="Phường", of="hcmc-2025", approximate=False, published=True, **rest
):
    """Return an edition of one ward that has no committee yet."""
    made = zoo.edition({"26740": WARD}, name=of, **rest)
    made.areas.update(name=name, name_en="Sai Gon", kind=kind, committee=None)
    made.approximate, made.published = approximate, published
    made.save()
    Agency.objects.filter(code="ubnd-26740").delete()
    return made


def replaced(old, **facts):
    """Take ``old`` out of use and return the edition that comes in its place."""
    old.published = False
    old.save()
    return edition(**facts)


def committee(of="hcmc-2025"):
    return Area.objects.get(edition__name=of).committee


@pytest.mark.parametrize(
    ("kind", "name", "vi", "en"),
    [
        ("Phường", "Sài Gòn", "UBND Phường Sài Gòn", "People's Committee of Sài Gòn Ward"),
        ("Xã", "Sài Gòn", "UBND Xã Sài Gòn", "People's Committee of Sài Gòn Commune"),
        (
            "Đặc khu tại hải đảo",
            "Côn Đảo",
            "UBND Đặc khu Côn Đảo",
            "People's Committee of Côn Đảo Special Zone",
        ),
        ("Khu phố", "Một", "UBND Khu phố Một", "People's Committee of Một Khu phố"),
    ],
)  # fmt: skip
def test_a_ward_gets_its_committee_by_name_in_both_languages(kind, name, vi, en):
    changes = make_committees(edition(name, kind=kind))
    assert [str(change) for change in changes] == [
        f"added agency {CODE}",
        "changed edition hcmc-2025",
    ]
    made = committee()
    assert (made.code, made.name, made.name_en, made.agency_class) == (CODE, vi, en, "committee")
    assert made.valid.lower == date(2025, 7, 1)
    assert CatalogueChange.objects.filter(kind="agency", code=CODE).count() == 1


def test_making_them_again_changes_nothing():
    made = edition()
    make_committees(made)
    assert make_committees(made) == []


def test_a_ward_code_that_is_used_again_is_another_agency():
    make_committees(
        edition("Bến Nghé", of="hcmc-2019", since=date(2019, 1, 1), until=date(2025, 7, 1))
    )
    make_committees(edition("Sài Gòn"))
    assert committee("hcmc-2019").name == "UBND Phường Bến Nghé"
    assert committee("hcmc-2019").valid.upper == date(2025, 7, 1)
    assert committee().name == "UBND Phường Sài Gòn"


def test_two_sets_of_boundaries_that_begin_in_one_year_have_committees_of_their_own():
    make_committees(
        edition("Bến Nghé", of="early-2025", since=date(2025, 1, 1), until=date(2025, 7, 1))
    )
    make_committees(edition("Sài Gòn"))
    assert committee("early-2025").name == "UBND Phường Bến Nghé"


def test_an_approximate_edition_uses_the_committees_of_the_exact_one_and_leaves_their_names():
    exact = edition()
    make_committees(exact)
    exact.published = False  # two editions of one day cannot be published together
    exact.save()
    rough = edition("Sai Gon", of="rough", approximate=True, published=False)
    make_committees(rough)
    assert committee("rough") == committee()
    assert committee().name == "UBND Phường Sài Gòn"


def test_an_exact_edition_takes_over_the_committees_of_the_approximate_one_and_names_them():
    rough = edition("Sai Gon", of="rough", approximate=True)
    make_committees(rough)
    assert committee("rough").name == "UBND Phường Sai Gon"
    make_committees(replaced(rough))
    assert committee() == committee("rough")
    assert committee().name == "UBND Phường Sài Gòn"
    load_catalogue()
    assert load_catalogue() == []
    assert committee().name == "UBND Phường Sài Gòn"


def test_an_edition_that_ends_closes_its_committees():
    made = edition()
    make_committees(made)
    made.valid = type(made.valid)(made.valid.lower, date(2030, 1, 1))
    made.save()
    assert [str(change) for change in make_committees(made)] == [
        f"changed agency {CODE} (valid_to)"
    ]
    assert committee().valid.upper == date(2030, 1, 1)


def test_what_the_city_wrote_at_a_committee_stays():
    made = edition()
    make_committees(made)
    Agency.objects.filter(code=CODE).update(phone="02838000000", name="Ủy ban phường Sài Gòn")
    CatalogueChange.objects.create(kind="agency", code=CODE, actor="thu")
    load_catalogue()
    made.valid = type(made.valid)(made.valid.lower, date(2030, 1, 1))
    made.save()
    make_committees(made)
    row = Agency.objects.get(code=CODE)
    assert (row.phone, row.name) == ("02838000000", "Ủy ban phường Sài Gòn")
    assert row.valid.upper == date(2030, 1, 1)
    assert row.parent == Agency.objects.get(code="ubnd-tphcm")


def test_wards_that_are_given_a_known_committee_move_the_version_that_memory_is_keyed_by():
    make_committees(edition())
    Area.objects.update(committee=None)
    version = rulebook.newest_version()
    assert [str(change) for change in load_catalogue() if change.kind == "edition"] == [
        "changed edition hcmc-2025"
    ]
    assert committee().code == CODE
    assert rulebook.newest_version() > version


def test_districts_and_wards_that_have_a_committee_are_left_alone():
    assert make_committees(edition(level="district")) == []
    given = zoo.edition(name="zoo-2026", since=date(2026, 1, 1))
    before = set(Agency.objects.values_list("code", flat=True))
    assert make_committees(given) == []
    assert set(Agency.objects.values_list("code", flat=True)) == before


def test_a_city_without_ward_committees_gets_none():
    assert make_committees(edition(), replace(city.current(), committees=None)) == []
    assert committee() is None
