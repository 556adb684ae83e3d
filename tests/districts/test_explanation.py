"""Why this agency: one sentence a language, with the names a citizen knows, for every basis."""

from __future__ import annotations

import re
from datetime import date

import pytest

from districts import explanation, rulebook
from districts.explanation import Explanation, explain
from districts.placement import place
from districts.routing import CategoryFacts, Decision, route
from districts.territory import AreaRef
from gis_core.positions import LonLat, Position
from tests import zoo
from tests.kept_rows import town_again

pytestmark = pytest.mark.django_db

CENTRE_OF_101 = (106.705, 10.765)
IN_PARK = (106.703, 10.763)
PARK = (106.702, 10.762, 106.704, 10.764)
ONE_SENTENCE = re.compile(r"[^.!?{}]+[.?]")
VIETNAMESE = re.compile("[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)


@pytest.fixture(autouse=True)
def city():
    town_again()


def explained(
    lon: float, lat: float, category: str | CategoryFacts, accuracy_m: float = 10.0,
    on: date = zoo.DAY,
) -> tuple[Decision, Explanation]:  # fmt: skip
    placement = place(Position(LonLat(lon, lat), accuracy_m), on)
    book = rulebook.current(placement.version)
    facts = category if isinstance(category, CategoryFacts) else book.category(category)
    decision = route(placement, facts, book.rules)
    explanation = explain(decision, placement, book)
    tell(explanation.because, 160)
    tell(explanation.question, 260)
    return decision, explanation


def tell(texts, longest: int) -> None:
    """Hold what people read to the house's rules, and show it to whoever runs this with -rP."""
    assert set(texts) in ({"vi", "en"}, set())
    for language, text in texts.items():
        print(f"  {language}: {text}")
        assert ONE_SENTENCE.fullmatch(text), text
        assert text[0].isupper()
        assert "  " not in text
        assert "None" not in text
        assert len(text) <= longest, text
    assert not texts or texts["vi"] != texts["en"]
    assert not texts or VIETNAMESE.search(texts["vi"])


def test_a_maintained_thing_is_named_with_its_maintainer() -> None:
    zoo.asset("park", PARK, code="Hoa Lan", owner="tt-gtht", maintainer="cay-xanh")

    _, why = explained(*IN_PARK, "litter")

    assert "park Hoa Lan" in why.because["vi"]
    assert "Công ty TNHH MTV Công viên Cây xanh" in why.because["vi"]
    assert "Parks and Trees Company" in why.because["en"]
    assert why.question == {}


def test_an_owned_thing_is_named_with_its_owner() -> None:
    zoo.asset("park", PARK, code="Hoa Lan", owner="tt-gtht")

    _, why = explained(*IN_PARK, "park-damage")

    assert "Trung tâm Quản lý giao thông và Hạ tầng kỹ thuật" in why.because["vi"]
    assert "Transport and Technical Infrastructure Management Centre" in why.because["en"]


def test_a_thing_without_a_name_is_called_by_what_it_is() -> None:
    nameless = zoo.asset("park", PARK, owner="tt-gtht")
    type(nameless).objects.filter(pk=nameless.pk).update(name="")

    _, why = explained(*IN_PARK, "park-damage")

    assert "một công viên" in why.because["vi"]
    assert "a park" in why.because["en"]


def test_a_network_is_named_by_its_company() -> None:
    zoo.service_area("cn-ben-thanh", (106.70, 10.76, 106.71, 10.77), ["no-water"])

    _, why = explained(*CENTRE_OF_101, "no-water")

    assert "Cấp nước Bến Thành" in why.because["vi"]
    assert "Ben Thanh Water Supply Company" in why.because["en"]


def test_a_ward_is_named_as_people_say_it() -> None:
    _, why = explained(*CENTRE_OF_101, "noise")

    assert "Phường Zoo 101" in why.because["vi"]
    assert "Zoo 101 Ward" in why.because["en"]


def test_a_centre_of_the_city_is_named() -> None:
    _, why = explained(*CENTRE_OF_101, "flooding")

    assert "Trung tâm Quản lý giao thông và Hạ tầng kỹ thuật" in why.because["vi"]
    assert "Transport and Technical Infrastructure Management Centre" in why.because["en"]


def test_where_nobody_is_known_the_coordination_centre_says_that_it_will_pass_it_on() -> None:
    decision, why = explained(*CENTRE_OF_101, CategoryFacts("new-thing", "new-sector"))

    assert decision.agency == "tt-1022"
    assert "1022" in why.because["vi"]
    assert "1022" in why.because["en"]


@pytest.mark.parametrize("category", ["pothole", "litter", "power-outage", "no-water"])
def test_without_a_ward_the_sentence_is_whole_too(category) -> None:
    explained(*CENTRE_OF_101, category, on=date(2024, 5, 5))


def test_at_a_border_both_agencies_are_put_with_their_shares() -> None:
    decision, why = explained(106.7101, 10.765, "noise", 50)

    assert decision.needs_triage
    shares = [f"{one.share:.0%}" for one in decision.candidates]
    for language in ("vi", "en"):
        assert re.search("102.*" + shares[0] + ".*101.*" + shares[1], why.question[language])
        assert "50 m" in why.question[language]
    assert "ranh giới" in why.question["vi"]
    assert "border" in why.question["en"]


def test_where_several_borders_meet_the_two_likeliest_are_put() -> None:
    decision, why = explained(106.7101, 10.7702, "noise", 50)

    assert len(decision.candidates) == 4
    assert "several borders" in why.question["en"]


def test_where_owners_overlap_the_question_says_so() -> None:
    zoo.asset("park", PARK, owner="tt-gtht")
    zoo.asset("park", PARK, code="2", owner="so-vhtt")

    decision, why = explained(*IN_PARK, "litter")

    assert decision.needs_triage
    assert "More than one agency" in why.question["en"]
    assert "50%" in why.question["vi"]
    assert "50%" in why.question["en"]


def test_danger_is_passed_on_at_once_and_the_question_is_put_all_the_same() -> None:
    decision, why = explained(106.7101, 10.765, "construction-unsafe", 50)

    assert (decision.needs_triage, decision.check_after) == (False, True)
    assert set(why.question) == {"vi", "en"}


def test_a_sure_answer_asks_nothing() -> None:
    assert explained(106.7101, 10.765, "flooding", 50)[1].question == {}


LAMPS = (106.7032, 10.7622, 106.7038, 10.7638)
"""A lamp circuit within the park: nobody asks it about litter."""


def test_a_thing_that_is_not_asked_does_not_make_an_overlap_a_border() -> None:
    zoo.asset("park", PARK, owner="tt-gtht")
    zoo.asset("park", PARK, code="2", owner="so-vhtt")
    zoo.asset("lamp_circuit", LAMPS, owner="tt-gtht")

    _, why = explained(106.70321, 10.763, "litter")

    assert "More than one agency" in why.question["en"]


def test_a_thing_that_is_not_asked_does_not_change_the_reason() -> None:
    """56 % of the circle is street and 44 % the ward's own road; lamps cut the street in two."""
    zoo.asset("road", (106.704, 10.76, 106.705, 10.77), owner="ubnd-101")
    pin = (106.705011, 10.765)
    before, _ = explained(*pin, "pothole")
    zoo.asset("lamp_circuit", (106.704, 10.76, 106.705045, 10.77), owner="tt-gtht")

    after, _ = explained(*pin, "pothole")

    assert (before.claim.rule, after.claim.rule) == ("local-road", "local-road")


def test_areas_are_named_as_each_language_says_them() -> None:
    ward = AreaRef(1, "ward", "26740", "Sài Gòn", "Phường", "hcmc-2025", None)
    numbered = AreaRef(2, "district", "760", "1", "Quận", "hcmc-2021", None)

    assert explanation.area_name(ward, "vi") == "Phường Sài Gòn"
    assert explanation.area_name(ward, "en") == "Sài Gòn Ward"
    assert explanation.area_name(numbered, "vi") == "Quận 1"
    assert explanation.area_name(numbered, "en") == "District 1"
