"""The ways to people, by name; the settings say which of them are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from django.conf import settings
from django.utils.module_loading import import_string

from incidents.notifications.message import Carrier

CARRIERS: Final[Mapping[str, str]] = {
    "email": "incidents.notifications.carriers.smtp.Smtp",
    "sms": "incidents.notifications.carriers.sms_http.SmsHttp",
    "push": "incidents.notifications.carriers.web_push.WebPush",
}
KEPT: Final = "incidents.notifications.carriers.kept.Kept"


def carrier(name: str) -> Carrier:
    """Return the carrier of this name; what keeps its messages here where none is configured."""
    path = CARRIERS[name] if is_there(name) else KEPT
    return cast("Carrier", import_string(path)())


def is_there(name: str) -> bool:
    """Tell whether messages of this carrier leave the house."""
    there = {
        "email": settings.WARDWISE_SMTP_URL,
        "sms": settings.WARDWISE_SMS_URL,
        "push": settings.WARDWISE_PUSH_HOSTS,
    }
    return bool(there[name])
