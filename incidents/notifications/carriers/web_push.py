"""Web push to a browser, through the service that the browser's maker runs (RFC 8030)."""

from __future__ import annotations

import http.client
import json
from email.utils import parseaddr
from functools import lru_cache
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils import timezone

from gis_core.secret_key import kept_in
from incidents.notifications import push_encryption as encryption
from incidents.notifications.carriers import outward
from incidents.notifications.message import AddressGone, Browser, CarrierFault, Message

KEEP_S: Final = 2 * 24 * 3600
"""How long the service keeps it for a browser that is off."""
GONE: Final = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
BUSY: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS})


class WebPush:
    """Posts an encrypted message to the browser's endpoint.

    The key goes along as ``Topic``, so that the service puts a second attempt in the place of the
    first as long as the browser did not fetch it, and inside as ``tag``, so that the browser shows
    the second in the place of the first, in silence, where it did.
    """

    def send(self, message: Message) -> None:
        """Hand the message to the push service. Raises CarrierFault; AddressGone for good."""
        browser = message.browser
        if browser is None:
            raise CarrierFault("no browser", permanent=True)
        try:
            status = self._post(browser, message)
        except outward.NotOutward as fault:
            raise CarrierFault(f"push: {fault}", permanent=True) from None
        except (OSError, http.client.HTTPException) as fault:
            raise CarrierFault(f"push: {type(fault).__name__}") from None
        except ValueError:
            raise AddressGone("push: the browser's key is no key") from None
        if status in GONE:
            raise AddressGone(f"push service answered {status}")
        if status >= HTTPStatus.MULTIPLE_CHOICES:
            permanent = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in BUSY
            raise CarrierFault(f"push service answered {status}", permanent=permanent)

    def _post(self, browser: Browser, message: Message) -> int:
        url = urlsplit(browser.endpoint)
        body = self._body(browser, message)
        connection = outward.connection(url)
        try:
            path = url.path + (f"?{url.query}" if url.query else "")
            connection.request("POST", path or "/", body, self._headers(browser, message))
            return connection.getresponse().status
        finally:
            connection.close()

    def _body(self, browser: Browser, message: Message) -> bytes:
        said = {
            "title": message.subject,
            "body": message.body.partition("\n")[0],
            "link": message.link,
            "tag": message.key,
            "language": message.language,
        }
        plain = json.dumps(said, ensure_ascii=False).encode()
        keys = encryption.decoded(browser.p256dh), encryption.decoded(browser.auth)
        return encryption.encrypt(plain, *keys)

    def _headers(self, browser: Browser, message: Message) -> dict[str, str]:
        site: str = settings.WARDWISE_PUBLIC_URL
        mail = f"mailto:{parseaddr(settings.WARDWISE_EMAIL_FROM)[1]}"
        contact = site if site.startswith("https:") else mail
        proof = encryption.proof(own_key(), browser.endpoint, contact, timezone.now())
        return {
            "Authorization": proof,
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(KEEP_S),
            "Topic": message.key,
        }


def public_key() -> str:
    """Return our public key, as a page hands it to the browser that subscribes."""
    return encryption.encoded(encryption.public_bytes(own_key()))


def own_key() -> ec.EllipticCurvePrivateKey:
    """Return the key that all subscriptions are bound to; made at the first question."""
    kept = settings.VAR / "push.key"
    return _key(settings.WARDWISE_PUSH_KEY or kept_in(kept, "WARDWISE_PUSH_KEY"))


@lru_cache(maxsize=2)
def _key(secret: str) -> ec.EllipticCurvePrivateKey:
    return encryption.key_from(secret)
