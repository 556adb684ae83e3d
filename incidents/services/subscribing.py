"""Browsers that take web push: a reporter's for one report, or a member of staff's."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.db import transaction

from gis_core.errors import N_, DomainError
from incidents.models import PushSubscription, Report, Staff
from incidents.models.staff import Told
from incidents.notifications import push_encryption as encryption
from incidents.notifications.carriers import outward
from incidents.notifications.message import Browser

MOST_OF_A_REPORT: Final = 5
MOST_OF_A_USER: Final = 10
LONGEST_ENDPOINT: Final = 500
KEY_BYTES, AUTH_BYTES = 65, 16


class BadSubscription(DomainError):
    """What a browser gave is no subscription, or of a push service that is not known here."""

    code = "push.bad_subscription"
    status = 422
    message = N_(
        "Notices cannot be sent to this browser. Its push service is not one that this site "
        "knows, or the browser gave something else than a subscription."
    )


class UnknownTold(DomainError):
    """None of the ways in which staff hear of new cases."""

    code = "told.unknown"
    status = 422
    message = N_("There is no way of being told called %(told)s. Choose one of: %(possible)s.")


@transaction.atomic
def subscribe_reporter(code: str, browser: Browser, language: str) -> None:
    """Tell a browser of one report from now on, by the report's stored code.

    The oldest of too many browsers is told no more. Raises BadSubscription.
    """
    report = Report.objects.get(code=code)
    _put(browser, language, report=report.pk)
    _keep(MOST_OF_A_REPORT, report=report)


@transaction.atomic
def subscribe_user(user_id: int, browser: Browser, language: str) -> int:
    """Tell a browser of a member of staff from now on; return the subscription's id.

    Raises BadSubscription.
    """
    made = _put(browser, language, user=user_id)
    _keep(MOST_OF_A_USER, user=user_id)
    return made


def unsubscribe(endpoint: str) -> None:
    """Tell a browser no more; whoever knows its endpoint is the browser."""
    PushSubscription.objects.filter(endpoint=endpoint).delete()


def unsubscribe_user(subscription_id: int, but: int | None = None) -> None:
    """Tell a browser no more of the member of staff it was told of, unless it is ``but``."""
    of_staff = PushSubscription.objects.filter(pk=subscription_id).exclude(user=None)
    of_staff.exclude(user=but or 0).delete()


def _put(
    browser: Browser, language: str, *, report: int | None = None, user: int | None = None
) -> int:
    _check(browser)
    there = {
        "p256dh": browser.p256dh.rstrip("="),
        "auth": browser.auth.rstrip("="),
        "report_id": report,
        "user_id": user,
        "language": language,
    }
    row, _new = PushSubscription.objects.update_or_create(endpoint=browser.endpoint, defaults=there)
    return row.pk


def _check(browser: Browser) -> None:
    """Raise BadSubscription for what no push service takes, or what points inwards."""
    try:
        outward.check(urlsplit(browser.endpoint))
        key, auth = encryption.decoded(browser.p256dh), encryption.decoded(browser.auth)
        encryption.encrypt(b"", key, auth)
    except (outward.NotOutward, ValueError) as error:
        raise BadSubscription from error
    sound = len(key) == KEY_BYTES and len(auth) == AUTH_BYTES
    if not sound or len(browser.endpoint) > LONGEST_ENDPOINT:
        raise BadSubscription


def _keep(most: int, **whose: object) -> None:
    mine = PushSubscription.objects.filter(**whose).order_by("-pk").values_list("pk", flat=True)
    PushSubscription.objects.filter(pk__in=list(mine[most:])).delete()


def choose(user_id: int, told: str) -> None:
    """Keep how a member of staff hears of new cases. Raises UnknownTold; nothing for others."""
    if told not in {way.value for way in Told}:
        raise UnknownTold(told=told[:20], possible=", ".join(way.value for way in Told))
    Staff.objects.filter(pk=user_id).update(told=told)
