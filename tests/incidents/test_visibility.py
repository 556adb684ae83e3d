"""Who sees what: one question, asked by every read."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser, User

from incidents import listing, pipeline, selectors, services
from incidents.actors import ANYBODY, actor_of
from incidents.errors import (
    AgencyNotFound,
    IncidentNotFound,
    PermissionDenied,
    PhotoNotFound,
    ReasonMissing,
    ReportNotFound,
)
from incidents.filters import Filters
from incidents.models import Event, Incident, Report
from incidents.shown_photos import may_see_photo
from incidents.workflow import ForbiddenStep, Status
from tests import zoo
from tests.incidents.test_receiving import SAID, at

HIDDEN = ("bus-service", "noise")


@pytest.fixture
def many(town):
    """A public incident, one rejected, one never public, one sensitive: in this order."""
    for number, category in enumerate(("pothole", "litter", *HIDDEN)):
        pipeline.receive(replace(SAID, key=f"k{number}", category=category))
    Incident.objects.filter(category="litter").update(status="rejected")
    return {incident.category_id: incident.pk for incident in Incident.objects.all()}


def listed(actor):
    content = listing.collection(actor, Filters(), limit=100, cursor=None, language="vi")
    return {feature["id"] for feature in json.loads(content)["features"]}


def cards(actor, ids):
    seen = set()
    for pk in ids:
        try:
            seen.add(selectors.card(actor, pk, "vi").id)
        except IncidentNotFound:
            continue
    return seen


def test_everybody_sees_what_is_public(many):
    assert listed(ANYBODY) == {many["pothole"]}


def test_operators_and_administrators_see_all(many, operator, administrator):
    for actor in (operator, administrator):
        assert listed(actor) == set(many.values())


@pytest.mark.parametrize("role", ["anybody", "operator", "administrator"])
def test_every_read_equals_the_one_question(many, role, request):
    actor = request.getfixturevalue(role)
    allowed = set(selectors.visible_to(actor).values_list("pk", flat=True))
    assert listed(actor) == allowed == cards(actor, many.values())


def test_an_inactive_operator_is_nobody(many, hoa):
    hoa.is_active = False
    assert actor_of(hoa) == ANYBODY == actor_of(AnonymousUser())
    assert actor_of(User.objects.create_user("plain")).kind == "citizen"


def test_words_are_private_until_approved_and_again_after_declining(many, operator):
    pk, report = many["pothole"], Report.objects.get(category="pothole")
    assert selectors.card(ANYBODY, pk, "vi").words == ()
    assert selectors.card(operator, pk, "vi").words[0].text == SAID.text
    services.approve_report(operator, report.pk)
    [words] = selectors.card(ANYBODY, pk, "vi").words
    assert (words.text, words.photos) == (SAID.text, (SAID.photos[0].sha256,))
    services.decline_words(operator, report.pk, "names a neighbour")
    assert selectors.card(ANYBODY, pk, "vi").words == ()
    assert selectors.track(report.code, "vi").words.text == SAID.text


def test_each_step_on_words_is_an_event_and_a_new_version(many, operator):
    report = Report.objects.get(category="pothole")
    services.approve_report(operator, report.pk)
    services.approve_report(operator, report.pk)
    services.decline_words(operator, report.pk, "names a neighbour")
    events = Event.objects.filter(report=report, actor=operator.user_id)
    assert [(one.kind, one.actor_kind) for one in events] == [
        ("words_approved", "operator"), ("words_declined", "operator"),
    ]  # fmt: skip
    assert Incident.objects.get(pk=many["pothole"]).version == 3


def test_a_photo_is_seen_by_its_sender_and_operators_until_it_is_approved(many, operator):
    sha256 = SAID.photos[0].sha256
    code = Report.objects.get(category="pothole").code
    for wrong in (None, "", "K7M2P9XT"):
        with pytest.raises(PhotoNotFound):
            may_see_photo(ANYBODY, sha256, wrong)
    assert may_see_photo(ANYBODY, sha256, code) is False
    assert may_see_photo(operator, sha256, None) is False
    services.approve_report(operator, Report.objects.get(category="pothole").pk)
    assert may_see_photo(ANYBODY, sha256, None) is True


def test_an_approved_photo_of_a_hidden_incident_stays_hidden(town, operator):
    pipeline.receive(replace(SAID, category="noise"))
    services.approve_report(operator, Report.objects.get().pk)
    with pytest.raises(PhotoNotFound):
        may_see_photo(ANYBODY, SAID.photos[0].sha256, None)


def test_the_approval_list_holds_what_has_words_or_photos_and_nobody_looked_at(town, operator):
    said = {"words": replace(SAID, photos=()), "photo": replace(SAID, text=""),
            "bare": replace(SAID, text="", photos=()), "done": SAID, "kept": SAID}  # fmt: skip
    ids = {key: pipeline.receive(replace(one, key=key)).report_id for key, one in said.items()}
    services.approve_report(operator, ids["done"])
    services.decline_words(operator, ids["kept"], "spam")
    waiting = selectors.waiting_for_approval(operator, "vi")
    assert [one.report_id for one in waiting] == [ids["words"], ids["photo"]]
    assert waiting[0].ward.full_name == "Phường Zoo 101"


def test_the_lists_take_the_same_number_of_queries_however_long(
    town, operator, django_assert_num_queries
):
    for number in range(5):
        pipeline.receive(replace(SAID, key=str(number)))
    with django_assert_num_queries(3):
        selectors.waiting_for_approval(operator, "vi")
    with django_assert_num_queries(1):
        listing.collection(ANYBODY, Filters(), limit=2, cursor=None, language="vi")
    pk = Incident.objects.values_list("pk", flat=True)[0]
    with django_assert_num_queries(3):
        selectors.card(operator, pk, "vi")


@pytest.mark.parametrize(
    "act",
    [
        lambda actor: services.approve_report(actor, 1),
        lambda actor: services.decline_words(actor, 1, "why"),
        lambda actor: services.assign(actor, 1, "ubnd-101", "why"),
        lambda actor: selectors.waiting_for_approval(actor, "vi"),
        lambda actor: selectors.waiting_for_triage(actor, "vi"),
    ],
)
def test_a_citizen_may_not_act(town, act):
    with pytest.raises(PermissionDenied):
        act(ANYBODY)


@pytest.fixture
def unsure(town):
    border = zoo.ward_boxes()["101"][2]
    pipeline.receive(at(border, 10.765, accuracy_m=50))
    return Incident.objects.get()


def test_a_person_decides_what_is_unsure_and_the_question_is_kept(unsure, operator):
    [case] = selectors.waiting_for_triage(operator, "vi")
    assert case.question
    assert {named.code for named, _share in case.candidates} == {"ubnd-101", "ubnd-102"}
    services.assign(operator, unsure.pk, "ubnd-102", "the pole stands on their side")
    assert selectors.waiting_for_triage(operator, "vi") == []
    unsure.refresh_from_db()
    assert (unsure.status, unsure.agency.code, unsure.version) == ("assigned", "ubnd-102", 2)
    assert unsure.decisions.count() == 2
    assert unsure.decisions.last().question
    event = Event.objects.filter(kind="assigned").get()
    assert event.reason == "the pole stands on their side"
    card = selectors.card(ANYBODY, unsure.pk, "en")
    assert "Agency ubnd-102" in card.because


def test_assigning_asks_for_a_reason_an_agency_and_an_open_incident(unsure, operator):
    with pytest.raises(ReasonMissing):
        services.assign(operator, unsure.pk, "ubnd-102", "  ")
    with pytest.raises(AgencyNotFound):
        services.assign(operator, unsure.pk, "nobody", "why")
    with pytest.raises(IncidentNotFound):
        services.assign(operator, unsure.pk + 1, "ubnd-102", "why")
    Incident.objects.update(status=Status.REJECTED.value)
    with pytest.raises(ForbiddenStep):
        services.assign(operator, unsure.pk, "ubnd-102", "why")
    with pytest.raises(ReportNotFound):
        services.approve_report(operator, 999_999)


def test_the_holder_of_a_code_sees_the_whole_way_and_never_the_contact(unsure, operator):
    services.assign(operator, unsure.pk, "ubnd-102", "secret reason")
    services.approve_report(operator, Report.objects.get().pk)
    told = selectors.track(Report.objects.get().code, "vi")
    assert [one.kind for one in told.timeline] == [
        "received", "opened", "triage", "assigned", "words_approved",
    ]  # fmt: skip
    assert told.timeline[3].text == "Đã chuyển đến UBND Phường 102."
    assert told.words_public
    for secret in ("0903", "Lan", "@", "secret reason"):
        assert secret not in repr(told)


def test_a_holder_sees_nothing_of_others_in_the_same_incident(unsure):
    other = pipeline.receive(replace(SAID, key="other", text="my own words")).report_id
    mine = Report.objects.exclude(pk=other).get()
    unsure.memberships.model.objects.filter(report=other).update(incident=unsure)
    assert "my own words" not in repr(selectors.track(mine.code, "vi"))


def test_former_districts_are_said_to_be_former(town):
    zoo.edition(
        {"760": (106.70, 10.76, 106.73, 10.79)}, name="old", level="district",
        since=date(2021, 1, 1), until=date(2025, 7, 1),
    )  # fmt: skip
    pipeline.receive(SAID)
    district = selectors.card(ANYBODY, Incident.objects.get().pk, "vi").district
    assert (district.code, district.former) == ("760", True)
