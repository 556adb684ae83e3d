"""Whoever reports what is known already hears of it first, is never forced, and learns no words."""

from __future__ import annotations

import pytest
from django.utils import timezone

from incidents.models import Incident, Membership, Report
from incidents.services.tries import ALLOWED, Trying
from tests.incidents.test_dossier import HERE, METRE, opened

pytestmark = pytest.mark.django_db
WORDS = "nắp cống vỡ cạnh quán bún bò"


@pytest.fixture
def known(town):
    return opened("lan", category="pothole", text=WORDS)


@pytest.fixture
def send(client, known):
    """Minh sends a report from 4 m further on."""

    def sending(acknowledged=None, key=None, **fields):
        form = {"lon": HERE[0], "lat": HERE[1] + 4 * METRE, "category": "pothole", "text": "ổ gà"}
        headers = {"X-Acknowledge-Duplicate": acknowledged, "Idempotency-Key": key}
        given = {name: value for name, value in headers.items() if value}
        return client.post("/api/v1/reports", form | fields, headers=given)

    return sending


@pytest.fixture
def similar(client, known):
    def asking(**fields):
        asked = {"lon": HERE[0], "lat": HERE[1] + 4 * METRE, "category": "pothole"}
        return client.get("/api/v1/incidents/similar", asked | fields)

    return asking


def hide(incident):
    Incident.objects.filter(pk=incident.pk).update(public=False)


def test_the_sender_is_told_what_is_known_and_nothing_is_stored(send, known):
    refused = send()
    assert refused.status_code == 409
    told = refused.json()
    assert told["code"] == "report.maybe_known"
    [one] = told["facts"]["candidates"]
    assert set(one) == {"id", "status", "distance_m", "category", "since"}
    assert (one["id"], one["status"], one["category"]) == (known.pk, "assigned", "pothole")
    assert one["distance_m"] == pytest.approx(4, abs=0.2)
    assert Report.objects.count() == 1


@pytest.mark.parametrize("said", ["none", "NONE", " none "])
def test_whoever_says_that_it_is_none_of_them_is_believed(send, said):
    assert send(said).status_code == 201
    assert Report.objects.count() == 2


def test_whoever_names_those_that_were_told_is_believed(send, known):
    assert send(f"{known.pk}, 99").status_code == 201


def test_another_one_that_was_not_named_is_told(send, known):
    other = opened("hoa", category="pothole", north_m=5)
    [one] = send(str(known.pk)).json()["facts"]["candidates"]
    assert one["id"] == other.pk


@pytest.mark.parametrize("said", ["perhaps", "1;2", "-1", "9" * 30, ",".join(["1"] * 21)])
def test_a_header_that_says_nothing_clear_is_refused(send, said):
    refused = send(said)
    assert (refused.status_code, refused.json()["code"]) == (422, "report.bad_acknowledgement")


def test_a_retry_hears_the_same_receipt_with_or_without_the_header(send):
    first = send("none", key="minh-1")
    again, bare = send("none", key="minh-1"), send(key="minh-1")
    assert (first.status_code, again.status_code, bare.status_code) == (201, 200, 200)
    assert first.json()["code"] == again.json()["code"] == bare.json()["code"]
    assert Report.objects.count() == 2


def test_after_a_refusal_the_same_key_works_with_the_header(send):
    assert send(key="minh-2").status_code == 409
    assert send("none", key="minh-2").status_code == 201


def test_what_the_public_may_not_see_is_never_told(send, similar, known):
    hide(known)
    assert similar().json() == {"incidents": []}
    assert send().status_code == 201


def test_a_report_in_words_alone_is_taken(client, known):
    said = client.post("/api/v1/reports", {"category": "pothole", "text": WORDS})
    assert said.status_code == 201


def test_other_channels_are_never_asked(known):
    again = opened("hotline", category="pothole", text=WORDS)
    assert again.pk != known.pk


def test_before_sending_one_hears_state_and_distance_and_nobodys_words(similar, known):
    answer = similar(text=WORDS)
    [one] = answer.json()["incidents"]
    assert (one["id"], one["status"]) == (known.pk, "assigned")
    assert one["position"] == {"lon": HERE[0], "lat": HERE[1]}
    assert "bún bò" not in answer.content.decode()


def test_words_that_nobody_approved_cannot_be_guessed(similar, known):
    far = {"lat": HERE[1] + 60 * METRE}
    silent = similar(**far, text="một câu chuyện hoàn toàn khác").json()
    assert similar(**far, text=WORDS).json() == silent
    before = similar(**far).json()
    assert before == silent
    report = Membership.objects.get(incident=known).report
    Report.objects.filter(pk=report.pk).update(approved_at=timezone.now())
    assert [one["id"] for one in similar(**far, text=WORDS).json()["incidents"]] == [known.pk]


@pytest.mark.parametrize(("field", "value"), [("lat", "999"), ("category", "nonsense")])
def test_a_question_that_makes_no_sense_is_explained(similar, field, value):
    assert similar(**{field: value}).status_code == 422


def test_nobody_asks_without_end(similar, monkeypatch):
    monkeypatch.setitem(ALLOWED, Trying.SIMILAR, 2)
    assert [similar().status_code for _ in range(3)] == [200, 200, 429]
