"""Operators see what did not go out and send it again; developers read what would have gone out."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from incidents import keys, pipeline, selectors
from incidents.intake.web import WebForm, WebPayload
from incidents.models import (
    Incident,
    LoginCode,
    Notice,
    NoticeState,
    PushSubscription,
    Report,
    Staff,
)
from incidents.notifications import push_encryption as encryption
from incidents.notifications import texts, worker
from incidents.notifications.carriers.web_push import public_key
from incidents.permissions import Role
from incidents.reaching import Address
from incidents.services import logging_in
from incidents.services.following import Following, follow
from map_ui.pages.notices import KINDS
from tests.browser import PATIENCE_MS
from tests.incidents.test_push import Phone
from tests.map_ui.axe import violations
from tests.map_ui.conftest import HERE

SERVICE = "https://fcm.googleapis.com/fcm/send/abc"


def say(email="lan@example.vn", phone=""):
    """Send a report as Lan does; return it as she sees it."""
    payload = WebPayload(
        lon=HERE[0], lat=HERE[1], accuracy=5, category="pothole", text="Ổ gà", photos=(),
        reported_at=timezone.now(), language="vi", email=email, phone=phone,
    )  # fmt: skip
    receipt = pipeline.receive(WebForm().statement(payload))
    return selectors.tracked_report(receipt.report_id, "vi")


def bury(error="SMTP 554"):
    Notice.objects.update(state=NoticeState.DEAD.value, last_error=error, attempts=8)


@pytest.fixture
def console(client, hoa):
    client.force_login(hoa)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["notices", "inbox"])
def test_only_operators_and_administrators_see_what_becomes_of_notices(town, client, hoa, name):
    page = reverse(f"pages:{name}")
    assert client.get(page).status_code == 302
    minh = User.objects.create_user("minh")
    Staff.objects.create(user=minh, role=Role.AGENCY_STAFF)
    client.force_login(minh)
    assert client.get(page).status_code == 403
    for user in (hoa, User.objects.create_superuser("admin")):
        client.force_login(user)
        assert client.get(page).status_code == 200


@pytest.mark.django_db
def test_a_dead_letter_is_listed_without_words_or_address_and_sent_again(town, console):
    report = say()
    bury()
    page = reverse("pages:notices")
    shown = console.get(page).content.decode()
    assert "SMTP 554" in shown
    assert "Đã nhận phản ánh" in shown
    assert "received" not in shown
    assert "lan@example.vn" not in shown
    assert report.code not in shown
    chosen = Notice.objects.earliest("pk")
    said = console.post(page, {"notice": chosen.pk}).content.decode()
    assert "Đã gửi lại 1 tin." in said
    chosen.refresh_from_db()
    assert (chosen.state, chosen.attempts) == (NoticeState.READY, 0)
    assert Notice.objects.filter(state=NoticeState.DEAD).exists()
    console.post(page, {"all": "1"})
    assert not Notice.objects.filter(state=NoticeState.DEAD).exists()


def test_every_kind_of_notice_has_a_name_for_operators():
    assert {kind for _audience, kind in texts.kinds()} <= set(KINDS)


@pytest.mark.django_db
def test_the_list_of_dead_letters_costs_as_much_for_many(town, console):
    asked = []
    for _ in range(3):
        say()
        bury()
        with CaptureQueriesContext(connection) as queries:
            console.get(reverse("pages:notices"))
        asked.append(len(queries))
    assert asked[1] == asked[2]


@pytest.mark.django_db
def test_the_inbox_shows_what_would_have_gone_out_with_links_that_work(town, console, settings):
    settings.WARDWISE_PUBLIC_URL = "https://1022.example.vn"
    report = say()
    worker.drain()
    shown = console.get(reverse("pages:inbox")).content.decode()
    link = reverse("pages:track", args=[report.code])
    assert f'<a href="{link}">https://1022.example.vn{link}</a>' in shown
    assert "lan@example.vn" in shown
    assert console.get(link).status_code == 200


@pytest.mark.django_db
def test_there_is_no_inbox_where_everything_goes_out(town, console, settings):
    settings.WARDWISE_SMTP_URL = "smtp://127.0.0.1:25"
    settings.WARDWISE_SMS_URL = "http://127.0.0.1/send"
    assert console.get(reverse("pages:inbox")).status_code == 404
    tabs = console.get(reverse("pages:notices")).content.decode()
    assert reverse("pages:inbox") not in tabs


@pytest.mark.django_db
def test_a_message_can_put_nothing_into_the_page_but_words(town, console):
    report = say(email='"<script>"@example.vn')
    shown = console.get(reverse("pages:inbox")).content.decode()
    assert report.code in shown
    assert "<script>" not in shown.partition("<h1")[2]


@pytest.mark.django_db
def test_operators_do_not_read_the_login_codes_of_others(town, console, client):
    say()
    logging_in.ask_for_code(Address("email", "lan@example.vn"))
    digits = keys.code_of(LoginCode.objects.get())
    shown = console.get(reverse("pages:inbox")).content.decode()
    assert "••••••" in shown
    assert digits not in shown
    client.force_login(User.objects.create_superuser("admin"))
    assert digits in client.get(reverse("pages:inbox")).content.decode()


@pytest.mark.django_db
def test_operators_do_not_read_the_keys_of_followers(town, console, client):
    say()
    token = follow(Incident.objects.get().pk, Following(email="mai@example.vn"))
    shown = console.get(reverse("pages:inbox")).content.decode()
    assert "/f/••••••" in shown
    assert token not in shown
    assert "được che" in shown
    client.force_login(User.objects.create_superuser("admin"))
    shown = client.get(reverse("pages:inbox")).content.decode()
    assert token in shown
    assert "được che" not in shown


def subscription(endpoint=SERVICE):
    phone = Phone().at(endpoint)
    return {"endpoint": endpoint, "keys": {"p256dh": phone.p256dh, "auth": phone.auth}}


def post(client, name, said):
    body = said if isinstance(said, str) else json.dumps(said)
    return client.post(reverse(f"pages:{name}"), body, content_type="application/json")


@pytest.mark.django_db
def test_the_holder_of_a_code_subscribes_and_unsubscribes_a_browser(town, client):
    report = say()
    assert (
        post(client, "push_subscribe", {**subscription(), "code": report.code}).status_code == 204
    )
    kept = PushSubscription.objects.get()
    assert kept.report == Report.objects.get()
    assert kept.user is None
    assert post(client, "push_unsubscribe", {"endpoint": SERVICE}).status_code == 204
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_a_member_of_staff_subscribes_by_signing_in(town, client, console, hoa):
    assert post(console, "push_subscribe", subscription()).status_code == 204
    assert PushSubscription.objects.get().user == hoa


@pytest.mark.django_db
def test_a_browser_is_told_no_more_when_its_member_of_staff_signs_out(town, console, hoa):
    post(console, "push_subscribe", subscription())
    console.cookies.pop("sessionid")  # the session was over long before
    console.force_login(hoa)
    console.post(reverse("pages:logout"))
    assert not PushSubscription.objects.exists()
    assert not console.cookies["push"].value


@pytest.mark.django_db
def test_whoever_signs_in_next_ends_what_a_colleague_left(town, console, hoa):
    post(console, "push_subscribe", subscription())
    console.cookies.pop("sessionid")
    sign_in = reverse("pages:login")
    console.post(sign_in, {"username": "hoa", "password": "hoa-hoa"})
    assert PushSubscription.objects.get().user == hoa
    console.cookies.pop("sessionid")
    User.objects.create_user("minh", password="minh-minh")
    console.post(sign_in, {"username": "minh", "password": "minh-minh"})
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_a_reporter_of_the_same_browser_goes_on_being_told(town, console):
    report = say()
    post(console, "push_subscribe", subscription())
    post(console, "push_subscribe", {**subscription(), "code": report.code})
    console.post(reverse("pages:logout"))
    assert PushSubscription.objects.get().report == Report.objects.get()


@pytest.mark.django_db
def test_staff_choose_how_they_hear_of_new_cases(town, client):
    minh = User.objects.create_user("minh", email="minh@example.vn")
    page = reverse("pages:own_notices")
    client.force_login(minh)
    assert client.get(page).status_code == 403
    Staff.objects.create(user=minh, role=Role.AGENCY_STAFF)
    assert "Đã lưu." in client.post(page, {"told": "each"}).content.decode()
    assert Staff.objects.get().told == "each"
    assert "nonsense" in client.post(page, {"told": "nonsense"}).content.decode()
    assert Staff.objects.get().told == "each"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "status"),
    [
        (subscription(), 403),
        ({**subscription(), "code": "K7M2-P9XT"}, 404),
        ({"endpoint": SERVICE, "code": ""}, 422),
        ({**subscription("https://intranet/x"), "code": "own"}, 422),
        ("[]", 400),
        ("no json", 400),
        ("x" * 5000, 400),
    ],
)
def test_what_is_no_subscription_is_refused_with_a_reason(town, client, said, status):
    report = say()
    if isinstance(said, dict) and said.get("code") == "own":
        said = {**said, "code": report.code}
    answer = post(client, "push_subscribe", said)
    assert answer.status_code == status
    assert answer.json()["code"]
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_the_service_worker_stands_at_the_sites_root(client):
    answer = client.get("/push-worker.js")
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert b"showNotification" in answer.content


SUBSCRIBES = """
PushManager.prototype.subscribe = async () => ({
  endpoint: "%(endpoint)s", unsubscribe: async () => true,
  toJSON: () => (%(json)s),
});
Notification.requestPermission = async () => "granted";
"""
"""The push service of a browser's maker, which a test cannot reach."""


@pytest.mark.browser
def test_lan_asks_to_be_told_on_her_telephone(site, page, picture):
    report = say()
    json_said = json.dumps(subscription())
    page.add_init_script(SUBSCRIBES % {"endpoint": SERVICE, "json": json_said})
    page.context.grant_permissions(["notifications"])
    page.goto(f"{site}/t/{report.code}")
    with page.expect_response("**/push/subscribe") as answer:
        page.click("#push button:visible")
    assert answer.value.status == 204
    expect(page.locator("#push [role=status]")).to_be_empty()
    assert PushSubscription.objects.get().endpoint == SERVICE
    picture(page, "button")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("shape", "colours"), [((390, 844), "light"), ((1440, 900), "dark")], ids=["phone", "desk"]
)
def test_everyone_can_use_both_pages(site, hoa, chromium, picture, shape, colours):
    for number in range(3):
        say(email="" if number else "lan@example.vn", phone="+84903123456" if number else "")
    letters = Notice.objects.order_by("pk")
    worker.drain()
    letters.filter(pk__in=[one.pk for one in letters[:3]]).update(
        state=NoticeState.DEAD.value, last_error="recipient refused: 550", attempts=1
    )
    letters.filter(pk=letters[4].pk).update(
        state=NoticeState.READY.value, last_error="gateway answered 503", attempts=3
    )
    width, height = shape
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=colours, bypass_csp=True,
        locale="vi-VN",
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{site}/login/?next=/console/notices")
    page.fill("#username", "hoa")
    page.fill("#password", "hoa-hoa")
    page.press("#password", "Enter")
    for name, path in (
        ("notices", "console/notices"), ("inbox", "console/inbox"), ("own", "desk/notices"),
    ):  # fmt: skip
        page.goto(f"{site}/{path}")
        expect(page.locator("h1")).to_be_visible()
        if name == "own":
            expect(page.locator("#push button:visible")).to_have_count(1)
        else:
            assert page.locator("#tabs").bounding_box()["height"] < 60, "one row"
            expect(page.locator("#tabs [aria-current]")).to_be_in_viewport(ratio=1)
        assert not violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
        picture(page, name)
    context.close()


def test_the_key_that_pages_hand_out_is_a_point_of_the_curve(settings):
    settings.WARDWISE_PUSH_KEY = "secret"
    assert len(encryption.decoded(public_key())) == 65


def delivered(page, origin, said):
    """Hand a push message to the page's service worker, as a browser does once it decrypted it."""
    session = page.context.new_cdp_session(page)
    registrations = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    for _ in range(PATIENCE_MS // 50):
        if any(one["scopeURL"] for one in registrations):
            break
        page.wait_for_timeout(50)
    number = next(one["registrationId"] for one in registrations if one["scopeURL"])
    session.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": origin, "registrationId": number, "data": json.dumps(said)},
    )


SHOWN = """async () => {
  const [one] = await navigator.serviceWorker.getRegistrations();
  for (let tries = 0; tries < 50; tries += 1) {
    const shown = await one.getNotifications();
    if (shown.length) return shown.map(({ title, body, tag }) => ({ title, body, tag }));
    await new Promise((later) => setTimeout(later, 100));
  }
  return [];
}"""


@pytest.mark.browser
def test_a_push_is_shown_and_a_second_attempt_takes_its_place(site, page):
    report = say()
    page.context.grant_permissions(["notifications"])
    page.goto(f"{site}/t/{report.code}")
    page.evaluate(
        "scope => navigator.serviceWorker.register('/push-worker.js', { scope })",
        f"/t/{report.code}",
    )
    page.wait_for_function(
        "async () => (await navigator.serviceWorker.getRegistrations())[0]?.active?.state"
        " === 'activated'"
    )
    said = {
        "title": "Đã nhận",
        "body": "Theo dõi",
        "tag": "notice-7",
        "link": "/",
        "language": "vi",
    }
    delivered(page, site, said)
    assert page.evaluate(SHOWN) == [{"title": "Đã nhận", "body": "Theo dõi", "tag": "notice-7"}]
    delivered(page, site, said)
    assert len(page.evaluate(SHOWN)) == 1
