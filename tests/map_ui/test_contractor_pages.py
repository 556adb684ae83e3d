"""A contractor works by a link on one incident, and sees no person and nothing else."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from incidents.models import Contact, Incident, Report
from incidents.permissions import Role
from tests.kept_rows import town_again
from tests.map_ui.conftest import photo, send
from tests.map_ui.test_case_pages import act, browser, officer, page_of, shown, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(db):
    """A pothole with a photo, in the made-up town."""
    town_again()
    send(photos=[photo()])
    return Incident.objects.get()


@pytest.fixture
def his(incident):
    """The browser of Minh, whose agency has it."""
    return browser(officer("minh", Role.AGENCY_STAFF, agency=incident.agency))


@pytest.fixture
def link(his, incident):
    """The address that Minh passes on."""
    answer = act(his, incident, "delegate", agency="ubnd-102", words="Vá ổ gà", days="3")
    page = shown(his.get(answer["Location"]))
    [address] = re.findall(r"data-link>http://testserver(/c/[^<]+)<", page)
    assert "<svg" in page
    return address


def test_a_link_is_shown_once(his, incident, link):
    assert link not in shown(his.get(page_of(incident)))


def test_of_two_who_lend_it_the_second_is_told_and_the_first_link_stays(
    his, incident, link, client
):
    seen = Incident.objects.get().version - 1
    answer = act(his, incident, "delegate", version=seen, agency="ubnd-103", words="Vá", days="3")
    assert answer.status_code == 409
    assert "incident.changed" in shown(answer)
    assert client.get(link).status_code == 200


def test_a_contractor_works_by_the_link_and_sees_no_contact(incident, link, client):
    Contact.objects.create(report=Report.objects.get(), name="Chị Lan", phone="0901234567")
    page = client.get(link)
    assert "Chị Lan" not in shown(page)
    assert "0901234567" not in shown(page)
    assert page["Referrer-Policy"] == "same-origin"
    assert "Vá ổ gà" in shown(page)
    assert "geo:10.765300,106.705200" in shown(page)
    photos = re.findall(rf"{re.escape(link)}/photos/\w+\.jpg", shown(page))
    assert b"".join(client.get(photos[0]).streaming_content).startswith(b"\xff\xd8")
    version = Incident.objects.get().version
    assert client.post(f"{link}/start", {"version": version}).status_code == 302
    said = {"version": version + 1, "words": "Đã vá", "photos": [upload()]}
    done = client.post(f"{link}/claim_done", said)
    assert done["Location"] == f"{link}?done=claim_done"
    assert "Bạn đã báo xong" in shown(client.get(done["Location"]))
    event = Incident.objects.get().events.get(kind="claimed_done")
    assert event.actor_kind == "contractor"


def test_a_contractor_may_do_nothing_else(incident, link, client):
    send(text="Chỗ khác", place=(106.7250, 10.7850), photos=[photo(size=(900, 600))])
    other = Report.objects.get(text="Chỗ khác").photos.get().sha256
    assert client.get(f"{link}/photos/{other}.jpg").status_code == 404
    version = Incident.objects.get(pk=incident.pk).version
    for step in ("accept", "assign", "decline", "close"):
        assert client.post(f"{link}/{step}", {"version": version}).status_code in {403, 422}
    assert client.post(f"{link}/dance").status_code == 404
    assert client.get(page_of(incident)).status_code == 302


@pytest.mark.parametrize("how", ["wrong", "expired", "taken back"])
def test_a_link_that_does_not_work_says_so_kindly(his, incident, link, client, how):
    number = link.removeprefix("/c/").partition("-")[0]
    if how == "wrong":
        link = f"/c/{number}-AAAAAAAAAAAAAAAAAAAAAA"
    elif how == "expired":
        incident.links.update(expires_at=timezone.now())
    else:
        his.post(f"{page_of(incident)}/end_link", {"link": number})
    answer = client.get(link)
    assert answer.status_code == (404 if how == "wrong" else 410)
    assert "Đường dẫn này không dùng được" in shown(answer)
    assert "Ổ gà" not in shown(answer)
    assert client.post(f"{link}/start", {}).status_code in {404, 410}
