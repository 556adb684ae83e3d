"""In a real browser: a case from its arrival at the desk over a false end to the record."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect

from districts.models import Area
from incidents import links, pipeline, selectors
from incidents.intake.web import WebForm, WebPayload
from incidents.models import Incident, Staff
from incidents.permissions import Role
from incidents.services.sealing import seal_events
from tests import zoo
from tests.browser import _opened
from tests.map_ui.conftest import HERE, photo
from tests.map_ui.test_desk_journeys import live, open_desk, row, sign_in  # noqa: F401  a fixture
from tests.map_ui.test_live import server  # noqa: F401  a fixture

pytestmark = pytest.mark.browser
PICTURE = {"name": "after.jpg", "mimeType": "image/jpeg", "buffer": photo(size=(640, 480))}


@pytest.fixture
def next_door(chromium):
    """The screen of an officer of the next ward."""
    with _opened(chromium, viewport={"width": 1440, "height": 900}) as opened:
        yield opened


def ward_officer(name, code):
    user = User.objects.create_user(name)
    agency = zoo.agency(f"ubnd-{code}")
    member = Staff.objects.create(user=user, role=Role.WARD_STAFF, agency=agency)
    member.areas.add(Area.objects.get(code=code))
    return user


def report_with_mail():
    """Report litter in ward 101, with an address for the answer's link."""
    payload = WebPayload(
        lon=HERE[0], lat=HERE[1], accuracy=5.0, category="litter", text="Rác tràn ra đường",
        email="lan@example.org", reported_at=timezone.now(), language="vi",
    )  # fmt: skip
    receipt = pipeline.receive(WebForm().statement(payload))
    return selectors.tracked_report(receipt.report_id, "vi")


def take(desk, step, words="", files=()):
    """Take a step in the case beside the list."""
    form = desk.locator(f"#desk-case details[data-step={step}]")
    form.locator("summary").click()
    form.locator("textarea").fill(words)
    if files:
        form.locator("input[data-gallery]").set_input_files(list(files))
    form.locator("button.primary").click()


def test_a_case_comes_is_worked_on_disputed_and_comes_back(live, desk, page, next_door, picture):  # noqa: F811
    open_desk(desk, live, ward_officer("minh", "101"))
    open_desk(next_door, live, ward_officer("tu", "102"))
    for one in (desk, next_door):
        expect(one.locator("#live-sign[data-state=live]")).to_be_attached()
    tracked = report_with_mail()
    pk = tracked.incident

    expect(row(desk, pk)).to_contain_text("Đã chuyển")
    desk.keyboard.press("j")
    desk.keyboard.press("a")
    expect(row(desk, pk)).to_contain_text("Đã tiếp nhận")
    desk.keyboard.press("Enter")
    expect(desk.locator("#desk-case .case")).to_contain_text("Rác tràn ra đường")
    take(desk, "start", "Đội vệ sinh đang đến")
    expect(row(desk, pk)).to_contain_text("Đang xử lý")
    take(desk, "claim_done", "Đã dọn sạch", [PICTURE])
    expect(row(desk, pk).locator(".status-claimed_done")).to_be_visible()
    picture(desk, "done")

    answer_no(page, live, pk, tracked)
    picture(page, "disputed")
    expect(row(desk, pk)).to_contain_text("bị mở lại")
    expect(row(desk, pk).locator(".status-assigned")).to_be_visible()
    assert Incident.objects.get(pk=pk).status == "assigned"
    picture(desk, "came-back")

    expect(next_door.locator(".desk-row")).to_have_count(0)
    assert next_door.request.get(f"{live}/case/{pk}").status == 404
    assert next_door.request.get(f"{live}/desk/incidents/{pk}").status == 404
    read_the_record(next_door, live, pk)
    picture(next_door, "record")


def answer_no(page, site, pk, tracked):
    """Say by the one-time link that it is not fixed."""
    incident = Incident.objects.get(pk=pk)
    link = links.answer_link(incident.memberships.get().report, incident)
    page.goto(f"{site}/a/{links.token_of(link)}")
    expect(page.locator("main")).to_contain_text(tracked.code)
    page.locator(".not-fixed summary").click()
    page.fill("#dispute-words", "Rác vẫn còn nguyên")
    page.locator("#dispute input[data-gallery]").set_input_files([PICTURE])
    page.locator("#dispute button[value=dispute]").click()
    expect(page.locator(".thanks")).to_be_visible()


def read_the_record(screen, site, pk):
    """Look as an auditor at everything that happened, sealed."""
    seal_events()
    auditor = User.objects.create_user("an")
    Staff.objects.create(user=auditor, role=Role.OVERSIGHT)
    sign_in(screen, site, auditor)
    screen.goto(f"{site}/oversight?incident={pk}")
    record = screen.locator(".ledger")
    for kind in ("Đã tiếp nhận", "Báo đã xong", "Người phản ánh không đồng ý"):
        expect(record).to_contain_text(kind)
