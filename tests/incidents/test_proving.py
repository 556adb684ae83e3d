"""What has to come with a word that it is done: photos, presence, promises; and who takes it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_core.positions import LonLat
from incidents import closing, links, services
from incidents.actors import Actor
from incidents.closing import By, Claim, Terms
from incidents.errors import PermissionDenied, TooManyPhotos
from incidents.models import Contact, Incident, Link, Note, Rating, WorkPhoto
from incidents.models.link import Purpose
from incidents.said import CheckIn, Said
from incidents.services import take
from incidents.services.escalating import look_at_deadlines
from incidents.work_errors import (
    BadPromise,
    BadRating,
    LateNeedsMore,
    LinkUsed,
    NotAnswerable,
    NotHeld,
    NotOnSite,
    NotYours,
    ProofMissing,
    RatedAlready,
)
from incidents.workflow import Status, Step
from tests import zoo
from tests.incidents.conftest import INSIDE
from tests.incidents.test_working import AFTER, MONDAY, SAIGON, clock, incident, minh, now

__all__ = ["clock", "incident", "minh"]
DONE = Said(words="Đã vá", photos=(AFTER,))
HERE = CheckIn(LonLat(*INSIDE), 10)
FAR = CheckIn(LonLat(INSIDE[0] + 0.001, INSIDE[1]), 10)
TERMS = Terms(timedelta(days=7), timedelta(days=30), evidence=True, check_in_m=100)


@pytest.fixture
def lan(incident):
    """Lan, whose report it is."""
    return Actor(incident=incident.pk)


@pytest.fixture
def report(incident):
    return incident.memberships.get().report


# ---- proof ----


@pytest.mark.django_db
@pytest.mark.parametrize("said", [DONE, Said(words="Đã vá", check_in=HERE)])
def test_a_photo_or_a_check_in_proves_it_and_an_operator_may_close(incident, minh, operator, said):
    take(minh, incident.pk, Step.CLAIM_DONE, said)
    assert incident.custodies.get().proven
    take(operator, incident.pk, Step.CLOSE)
    assert now(incident).status == Status.CLOSED


@pytest.mark.django_db
def test_without_proof_it_stays_claimed_until_the_reporter_confirms(
    incident, minh, operator, lan, report
):
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá"))
    assert incident.custodies.get().proven is False
    with pytest.raises(ProofMissing):
        take(operator, incident.pk, Step.CLOSE)
    services.confirm(lan, incident.pk, report.pk)
    assert now(incident).status == Status.CLOSED
    kinds = incident.events.order_by("id").values_list("kind", "actor_kind")
    assert list(kinds)[-2:] == [("confirmed", "citizen"), ("closed", "citizen")]


@pytest.mark.django_db
def test_without_proof_it_is_closed_when_nobody_objects_for_a_week(incident, minh, clock):
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá"))
    clock.shift(timedelta(days=6, hours=23))
    look_at_deadlines(datetime.now(SAIGON))
    assert now(incident).status == Status.CLAIMED_DONE
    clock.shift(timedelta(hours=1))
    look_at_deadlines(datetime.now(SAIGON))
    assert (now(incident).status, incident.next_step_at) == (Status.CLOSED, None)
    assert incident.events.order_by("id").last().actor_kind == "system"


@pytest.mark.django_db
def test_what_is_no_infrastructure_needs_no_proof(incident, minh, operator):
    Incident.objects.update(category="litter")
    take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã dọn"))
    take(operator, incident.pk, Step.CLOSE)
    assert now(incident).status == Status.CLOSED


@pytest.mark.django_db
def test_a_check_in_from_elsewhere_is_refused_with_the_distance(incident, minh):
    with pytest.raises(NotOnSite) as refusal:
        take(minh, incident.pk, Step.CLAIM_DONE, Said(words="Đã vá", check_in=FAR))
    # 0.001 degrees are 109 m here, less 5 m of the pin and 10 m of the telephone.
    assert refusal.value.facts["metres"] == pytest.approx(94, abs=1)
    assert now(incident).status == Status.ASSIGNED


@pytest.mark.django_db
def test_photos_of_the_work_are_kept_with_their_step(incident, minh, settings):
    with pytest.raises(TooManyPhotos):
        take(minh, incident.pk, Step.START, Said(photos=(AFTER,) * 6))
    take(minh, incident.pk, Step.START, Said(photos=(AFTER,)))
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    shown = WorkPhoto.objects.order_by("id").values_list("shows", "event__kind")
    assert list(shown) == [("before", "in_progress"), ("after", "claimed_done")]
    assert list(settings.MEDIA_ROOT.rglob(f"{AFTER.sha256}.jpg"))


positions = st.builds(LonLat, st.floats(106.6, 106.8), st.floats(10.7, 10.9))


@given(positions, positions, st.floats(0, 500), st.floats(0, 5000))
def test_who_stands_within_both_errors_is_on_site_however_rough_the_telephone(one, other, of, own):
    away = closing.away_m(one, of, CheckIn(other, own), TERMS)
    assert away >= 0
    assert closing.away_m(one, of, CheckIn(one, own), TERMS) == 0
    assert closing.away_m(one, of + away + 0.001, CheckIn(other, own), TERMS) == 0
    assert closing.away_m(other, of, CheckIn(one, own), TERMS) == pytest.approx(away)


@given(st.sampled_from(By), st.booleans(), st.booleans(), st.integers(0, 60))
def test_once_a_claim_is_taken_for_true_it_stays_so(by, proven, evidence, days):
    terms = Terms(TERMS.silence, TERMS.answer, evidence, 100)
    claim = Claim(MONDAY, proven)
    at = MONDAY + timedelta(days=days)
    taken = closing.may_close(by, claim, terms, at)
    assert taken <= closing.may_close(by, claim, terms, at + timedelta(days=1))
    assert taken == (
        by is By.REPORTER or days >= 7 or (by is By.OFFICE and (proven or not evidence))
    )


# ---- late ----


@pytest.fixture
def late(incident, clock):
    clock.move_to(incident.due_at + timedelta(hours=1))
    return incident


@pytest.mark.django_db
@pytest.mark.parametrize("lacking", ["words", "photos", "promised"])
def test_a_late_case_is_kept_only_with_progress_a_photo_and_a_new_day(late, minh, lacking):
    enough = {"words": "còn chờ nhựa", "photos": (AFTER,), "promised": date(2026, 6, 20)}
    nothing = {"words": "", "photos": (), "promised": None}[lacking]
    with pytest.raises(LateNeedsMore):
        take(minh, late.pk, Step.START, Said(**{**enough, lacking: nothing}))
    take(minh, late.pk, Step.START, Said(**enough))
    assert late.custodies.get().promised_at == datetime(2026, 6, 21, tzinfo=SAIGON)


@pytest.mark.django_db
def test_a_promise_that_holds_is_not_asked_for_again_and_a_broken_one_is(late, minh, clock):
    said = Said(words="còn chờ nhựa", photos=(AFTER,), promised=date(2026, 6, 20))
    services.promise(minh, late.pk, said)
    take(minh, late.pk, Step.ACCEPT)
    clock.move_to(datetime(2026, 6, 21, 1, tzinfo=SAIGON))
    with pytest.raises(LateNeedsMore):
        take(minh, late.pk, Step.START)


@pytest.mark.django_db
@pytest.mark.parametrize("lacking", ["words", "photos"])
def test_a_promise_that_holds_is_moved_only_with_words_and_a_photo(late, minh, lacking):
    said = Said(words="còn chờ nhựa", photos=(AFTER,), promised=date(2026, 6, 20))
    services.promise(minh, late.pk, said)
    later = {"words": "lại mưa", "photos": (AFTER,), "promised": date(2026, 6, 30)}
    less = {**later, lacking: {"words": "", "photos": ()}[lacking]}
    with pytest.raises(LateNeedsMore):
        take(minh, late.pk, Step.START, Said(**less))
    assert late.custodies.get().promised_at == datetime(2026, 6, 21, tzinfo=SAIGON)
    take(minh, late.pk, Step.START, Said(**later))
    assert late.custodies.get().promised_at == datetime(2026, 7, 1, tzinfo=SAIGON)


@pytest.mark.django_db
def test_a_contractor_promises_nothing_and_neither_does_a_claim(incident, minh):
    zoo.agency("thau-xyz")
    token = services.delegate(minh, incident.pk, "thau-xyz", "giao thầu")
    contractor = links.actor_of_link(links.read_link(token, Purpose.CONTRACTOR))
    take(contractor, incident.pk, Step.START, Said(promised=date(2026, 6, 20)))
    assert incident.custodies.get().promised_at is None
    take(minh, incident.pk, Step.CLAIM_DONE, Said("", "Đã vá", promised=date(2026, 6, 20)))
    told = incident.events.filter(kind__in=("in_progress", "claimed_done"))
    assert [event.data.get("promised") for event in told] == [None, None]


@pytest.mark.django_db
def test_late_it_is_claimed_done_only_with_proof(late, minh):
    Incident.objects.update(category="litter")
    with pytest.raises(ProofMissing):
        take(minh, late.pk, Step.CLAIM_DONE, Said(words="Đã dọn"))
    take(minh, late.pk, Step.CLAIM_DONE, DONE)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [None, date(2026, 6, 1), date(2026, 5, 1), date(2027, 6, 2)])
def test_a_promise_is_a_day_to_come_and_not_far(incident, minh, day):
    with pytest.raises(BadPromise):
        services.promise(minh, incident.pk, Said(words="sắp xong", promised=day))


@pytest.mark.django_db
def test_only_who_has_it_promises(incident, minh, operator):
    said = Said(words="sắp xong", promised=date(2026, 6, 20))
    with pytest.raises(PermissionDenied):
        services.promise(operator, incident.pk, said)
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    with pytest.raises(NotHeld):
        services.promise(minh, incident.pk, said)


# ---- answers ----


@pytest.mark.django_db
def test_a_dispute_opens_it_again_with_photos_and_words_kept_apart(incident, minh, lan, report):
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    services.confirm(lan, incident.pk, report.pk)
    services.dispute(lan, incident.pk, report.pk, Said(words="Vẫn còn ổ gà", photos=(AFTER,)))
    assert now(incident).status == Status.ASSIGNED
    assert incident.custodies.get(to_event=None).agency_id == incident.agency_id
    disputed = incident.events.get(kind="disputed")
    assert "ổ gà" not in repr(disputed.data) + disputed.reason
    assert Note.objects.get(event=disputed).text == "Vẫn còn ổ gà"
    assert WorkPhoto.objects.get(event=disputed).shows == "disputed"


@pytest.mark.django_db
def test_nobody_answers_what_nobody_claims_or_is_not_theirs(incident, minh, lan, report):
    for verb in (services.confirm, services.dispute):
        with pytest.raises(NotAnswerable):
            verb(lan, incident.pk, report.pk, Said(words="x"))
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    with pytest.raises(NotYours):
        services.confirm(lan, incident.pk, report.pk + 1)
    with pytest.raises(PermissionDenied):
        services.confirm(Actor(incident=incident.pk + 1), incident.pk, report.pk)


@pytest.mark.django_db
def test_after_a_month_it_is_too_late_to_dispute(incident, minh, lan, report, clock):
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    clock.shift(timedelta(days=31))
    with pytest.raises(NotAnswerable):
        services.dispute(lan, incident.pk, report.pk, Said(words="hỏng lại"))


@pytest.mark.django_db
def test_a_reporter_who_can_be_reached_gets_a_link_that_answers_once(incident, minh, report):
    Contact.objects.create(report=report, email="lan@example.vn")
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    token = links.token_of(links.answer_link(report, incident))
    link = links.read_link(token, Purpose.ANSWER)
    who = links.actor_of_link(link)
    services.confirm(who, incident.pk, report.pk)
    services.confirm(who, incident.pk, report.pk)
    assert incident.events.filter(kind="confirmed").count() == 1
    services.rate(who, report.pk, 5, ["quick"], "Cảm ơn!")
    with pytest.raises(LinkUsed):
        services.confirm(who, incident.pk, report.pk)
    with pytest.raises(LinkUsed):
        links.read_link(token, Purpose.ANSWER)
    assert Rating.objects.get().stars == 5
    assert "Cảm ơn" not in repr(incident.events.get(kind="rated").data)


@pytest.mark.django_db
def test_a_new_claim_brings_a_new_link_and_the_old_one_is_dead(incident, minh, lan, report):
    Contact.objects.create(report=report, phone="0903123456")
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    old = links.token_of(links.answer_link(report, incident))
    services.dispute(lan, incident.pk, report.pk, Said(words="chưa xong"))
    assert links.answer_link(report, incident) is None
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    assert links.token_of(links.answer_link(report, incident)) != old
    with pytest.raises(LinkUsed):
        links.read_link(old, Purpose.ANSWER)
    assert Link.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("stars", "reasons"), [(0, []), (6, []), (3, ["nonsense"])])
def test_a_rating_is_one_to_five_stars_with_reasons_of_the_list(
    incident, minh, lan, report, stars, reasons
):
    take(minh, incident.pk, Step.CLAIM_DONE, DONE)
    with pytest.raises(BadRating):
        services.rate(lan, report.pk, stars, reasons)
    services.rate(lan, report.pk, 3)
    with pytest.raises(RatedAlready):
        services.rate(lan, report.pk, 4)
