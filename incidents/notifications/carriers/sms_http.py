"""SMS through a gateway that speaks HTTP."""

from __future__ import annotations

import json
from http import HTTPStatus
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from django.conf import settings

from incidents.notifications.message import CarrierFault, Message

TIMEOUT_S: Final = 8
BUSY: Final = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}
)


class SmsHttp:
    """Posts ``{"to", "text", "key"}`` to WARDWISE_SMS_URL.

    The key goes along as ``Idempotency-Key`` too: a gateway that honours it sends no message twice.
    """

    def send(self, message: Message) -> None:
        """Hand the message to the gateway. Raises CarrierFault."""
        said = {"to": message.to, "text": message.short, "key": message.key}
        request = Request(  # noqa: S310  the address is the administrator's own, and checked
            settings.WARDWISE_SMS_URL,
            data=json.dumps(said).encode(),
            headers=self._headers(message),
            method="POST",
        )
        try:
            with urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
                return
        except HTTPError as answer:
            permanent = answer.code < HTTPStatus.INTERNAL_SERVER_ERROR and answer.code not in BUSY
            answer.close()
            raise CarrierFault(f"gateway answered {answer.code}", permanent=permanent) from None
        except (URLError, OSError, HTTPException) as fault:
            raise CarrierFault(f"gateway: {type(fault).__name__}") from None

    def _headers(self, message: Message) -> dict[str, str]:
        headers = {"Content-Type": "application/json", "Idempotency-Key": message.key}
        if settings.WARDWISE_SMS_TOKEN:
            headers["Authorization"] = f"Bearer {settings.WARDWISE_SMS_TOKEN}"
        return headers
