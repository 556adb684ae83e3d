"""Web push: only the browser reads it, the service knows who sends, and it goes nowhere else."""

from __future__ import annotations

import json
import threading
from base64 import urlsafe_b64decode
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from incidents.models import Event, Notice, PushSubscription
from incidents.notifications import push_encryption as encryption
from incidents.notifications import worker
from incidents.notifications.carriers import outward, web_push
from incidents.notifications.message import Browser
from incidents.services import subscribing
from incidents.services.telling import tell_all
from tests.incidents.test_notices import due_now, say

B64 = encryption.decoded


@pytest.fixture(autouse=True)
def _no_night(settings):
    """At whatever hour these tests run."""
    settings.WARDWISE_QUIET_HOURS = None


class Phone:
    """A browser with its keys, which reads what is encrypted for it as RFC 8291 says."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = b"sixteen bytes ..!"[:16]
        self.public = encryption.public_bytes(self.key)

    def at(self, endpoint):
        return Browser(endpoint, encryption.encoded(self.public), encryption.encoded(self.auth))

    def read(self, body):
        salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= size
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)

        def derived(salt, material, info, length):
            return HKDF(hashes.SHA256(), length, salt, info).derive(material)

        secret = derived(self.auth, shared, b"WebPush: info\0" + self.public + sender, 32)
        key = derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(salt, secret, b"Content-Encoding: nonce\0", 12)
        padded = AESGCM(key).decrypt(nonce, sealed, None)
        message, end, rest = padded.rpartition(b"\x02")
        assert end
        assert not rest.strip(b"\0")
        return message


class Service:
    """A push service on loopback: keeps what it is given, answers what it is told to."""

    def __init__(self):
        self.answers, self.requests, self.address = [], [], ""


@pytest.fixture
def service(settings):
    with push_service() as service:
        settings.WARDWISE_PUSH_HOSTS = ["127.0.0.1"]
        settings.WARDWISE_PUSH_KEY = "a secret of this test"
        yield service


@contextmanager
def push_service():
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.requests.append((dict(self.headers), body))
            self.send_response(service.answers.pop(0) if service.answers else 201)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    service.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_example_of_the_standard():
    """RFC 8291, section 5 and appendix A."""
    own = ec.derive_private_key(
        int.from_bytes(B64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"), "big"), ec.SECP256R1()
    )
    body = encryption.encrypt(
        b"When I grow up, I want to be a watermelon",
        B64(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
        ),
        B64("BTBZMqHH6r4Tts7J_aSIgg"),
        once=own,
        salt=B64("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encryption.encoded(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
        "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qu"
        "lcy4a-fN"
    )


@given(st.binary(max_size=encryption.LONGEST))
def test_a_browser_reads_what_was_encrypted_for_it(message):
    phone = Phone()
    body = encryption.encrypt(message, phone.public, phone.auth)
    assert len(body) <= 4096
    assert phone.read(body) == message


def test_what_is_too_long_or_for_no_point_of_the_curve_is_refused():
    phone = Phone()
    with pytest.raises(ValueError, match="more than"):
        encryption.encrypt(b"x" * (encryption.LONGEST + 1), phone.public, phone.auth)
    with pytest.raises(ValueError, match=r"[Pp]oint|valid"):
        encryption.encrypt(b"x", b"\x04" + bytes(64), phone.auth)


def test_the_service_can_tell_who_sends():
    """RFC 8292: a JWT for that service, signed by the key beside it, for less than a day."""
    key, now = encryption.key_from("secret"), datetime.now(UTC)
    said = encryption.proof(key, "https://push.example.net/x/y", "mailto:a@example.vn", now)
    scheme, token, public = said.replace(",", "").split()
    assert scheme == "vapid"
    head, claims, signature = token.removeprefix("t=").split(".")
    assert json.loads(B64(head)) == {"typ": "JWT", "alg": "ES256"}
    read = json.loads(B64(claims))
    assert read["aud"] == "https://push.example.net"
    assert now < datetime.fromtimestamp(read["exp"], UTC) <= now + timedelta(days=1)
    point = ec.EllipticCurvePublicKey.from_encoded_point(
        ec.SECP256R1(), B64(public.removeprefix("k="))
    )
    raw = B64(signature)
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    signed = f"{head}.{claims}".encode()
    point.verify(encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        point.verify(encode_dss_signature(r, s), signed + b"x", ec.ECDSA(hashes.SHA256()))


def test_the_key_is_the_same_at_every_start_and_differs_by_secret():
    keys = {encryption.public_bytes(encryption.key_from(one)) for one in ("a", "a", "b")}
    assert len(keys) == 2
    assert all(len(key) == 65 for key in keys)


def test_base64_is_read_with_and_without_padding():
    assert encryption.decoded("_-8=") == encryption.decoded("_-8") == urlsafe_b64decode("_-8=")


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)  # fmt: skip
def test_no_address_inside_is_public(address):
    assert not outward.is_public(address)


def test_addresses_of_the_open_net_are_public():
    assert outward.is_public("142.250.71.10")
    assert outward.is_public("2404:6800:4005:81f::200a")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x",
        "https://user@fcm.googleapis.com/x", "https://evil.example/x", "https://127.0.0.1/x",
        "http://127.0.0.1:5432/x", "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example/?fcm.googleapis.com", "file:///etc/passwd", "", "x" * 600,
        "https://fcm.googleapis.com/" + "x" * 600, "https://[::1]/x",
    ],
)  # fmt: skip
def test_no_browser_subscribes_with_an_address_that_is_no_push_services(town, endpoint):
    report = say()
    with pytest.raises(subscribing.BadSubscription):
        subscribing.subscribe_reporter(report.code, Phone().at(endpoint), "vi")
    assert not PushSubscription.objects.exists()


@pytest.mark.django_db
def test_no_browser_subscribes_with_keys_that_are_none(town):
    report, good = say(), Phone().at("https://fcm.googleapis.com/x")
    for browser in (
        Browser(good.endpoint, "", good.auth),
        Browser(good.endpoint, "!!", good.auth),
        Browser(good.endpoint, good.p256dh, "c2hvcnQ"),
        Browser(good.endpoint, encryption.encoded(b"\x04" + bytes(64)), good.auth),
    ):
        with pytest.raises(subscribing.BadSubscription):
            subscribing.subscribe_reporter(report.code, browser, "vi")
    subscribing.subscribe_reporter(report.code, good, "vi")
    assert PushSubscription.objects.count() == 1


def test_a_name_that_leads_inside_is_not_opened(settings, monkeypatch):
    settings.WARDWISE_PUSH_HOSTS = ["push.example.net"]
    inside = [(2, 1, 6, "", ("10.0.0.5", 443))]
    monkeypatch.setattr(outward.socket, "getaddrinfo", lambda *_args, **_more: inside)
    connection = outward.connection(urlsplit("https://push.example.net/x"))
    with pytest.raises(outward.NotOutward):
        connection.request("POST", "/x", b"")


@pytest.mark.django_db
def test_a_report_keeps_its_newest_browsers(town, service):
    report = say()
    for number in range(subscribing.MOST_OF_A_REPORT + 2):
        browser = Phone().at(f"{service.address}/{number}")
        subscribing.subscribe_reporter(report.code, browser, "vi")
    kept = PushSubscription.objects.order_by("pk").values_list("endpoint", flat=True)
    assert [one.rpartition("/")[2] for one in kept] == ["2", "3", "4", "5", "6"]


@pytest.mark.django_db
def test_a_browser_is_told_what_happens_and_alone_can_read_it(town, operator, service):
    phone, report = Phone(), say()
    subscribing.subscribe_reporter(report.code, phone.at(f"{service.address}/abc"), "vi")
    _tell(report)
    worker.drain()
    [(headers, body)] = service.requests
    said = json.loads(phone.read(body))
    assert report.code[:4].encode() not in body
    assert report.code[:4] in said["title"]
    assert said["link"].endswith(f"/t/{report.code[:4]}-{report.code[4:]}")
    assert said["body"].startswith("Phản ánh của bạn (Ổ gà")
    assert said["tag"] == headers["Topic"]
    assert headers["Content-Encoding"] == "aes128gcm"
    assert int(headers["TTL"]) > 0
    assert headers["Authorization"].endswith(f"k={web_push.public_key()}")
    assert set(Notice.objects.values_list("carrier", "state")) == {("push", "sent")}


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(town, operator, service, answer):
    report = say()
    subscribing.subscribe_reporter(report.code, Phone().at(f"{service.address}/abc"), "vi")
    _tell(report)
    service.answers = [answer]
    worker.drain()
    assert not PushSubscription.objects.exists()
    assert not Notice.objects.filter(state="ready").exists()


@pytest.mark.django_db
def test_a_second_attempt_bears_the_same_topic_so_that_it_takes_the_firsts_place(
    town, operator, service
):
    report, phone = say(), Phone()
    subscribing.subscribe_reporter(report.code, phone.at(f"{service.address}/abc"), "vi")
    _tell(report)
    service.answers = [503]
    worker.drain()
    due_now()
    worker.drain()
    topics = [headers["Topic"] for headers, _ in service.requests]
    assert len(topics) == 2
    assert len(set(topics)) == 1
    assert len(topics[0]) <= 32
    assert [json.loads(phone.read(body))["tag"] for _, body in service.requests] == topics


def _tell(report):
    incident = report.memberships.get().incident
    event = Event.objects.create(kind="closed", incident=incident)
    tell_all(event, incident)
    due_now()
