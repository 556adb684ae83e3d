"""What became of notices: dead letters, to be sent again; and what would have gone out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gis_core.errors import DomainError
from gis_core.http import NoSuchPage, sentence
from incidents import notices
from incidents.actors import actor_of
from incidents.errors import PermissionDenied
from incidents.services import resending, subscribing
from map_ui import catalogue, event_words
from map_ui.page_setup import page_setup
from map_ui.pages.console import counts, number

CARRIERS = {
    "email": gettext_noop("E-mail"),
    "sms": gettext_noop("SMS"),
    "push": gettext_noop("Web push"),
}
AUDIENCES = {
    "report": gettext_noop("reporter"),
    "follower": gettext_noop("follower"),
    "alert": gettext_noop("area alert"),
    "login": gettext_noop("sign-in"),
    "user": gettext_noop("staff"),
    "agency": gettext_noop("agency"),
}
KINDS: Final[Mapping[str, Promise | str]] = {
    **event_words.KINDS,
    "confirm_following": _("Is it you who follows?"),
    "confirm_alert": _("Is it you who wants news of an area?"),
    "login_code": _("Sign-in code"),
    "new_case": _("New case"),
    "new_nearby": _("New incident nearby"),
    "escalated_near_due": _("Due soon"),
    "escalated_overdue": _("Overdue"),
    "escalated_long_overdue": _("Long overdue"),
    "digest": _("Digest"),
}
"""What a notice tells: an event, or what is told of without one."""

TOLD = {
    "each": gettext_noop("Each one, at once"),
    "digest": gettext_noop("All together, every working morning; dangers at once"),
    "never": gettext_noop("Not at all"),
}


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def dead_letters(request: HttpRequest) -> HttpResponse:
    """List what was given up and what is tried again; send again what is chosen.

    Raises PermissionDenied.
    """
    message = _send_again(request) if request.method == "POST" else ""
    actor, spoken = actor_of(request.user), catalogue.language()
    context = {
        **counts(actor, spoken),
        "queue": "notices",
        "dead": notices.dead_letters(actor),
        "many": notices.how_many_dead(),
        "again": notices.tried_again(actor),
        "waiting": {_named(CARRIERS, name): n for name, n in notices.waiting(actor).items()},
        "carriers": {name: gettext(word) for name, word in CARRIERS.items()},
        "kinds": KINDS,
        "audiences": {name: gettext(word) for name, word in AUDIENCES.items()},
        "message": message,
        "setup": page_setup(),
    }
    return render(request, "map_ui/notices.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """Let a member of staff choose how they hear of new cases, and on which devices.

    Raises PermissionDenied.
    """
    user = request.user.pk or 0
    message = error = ""
    if request.method == "POST":
        try:
            subscribing.choose(user, request.POST.get("told", ""))
            message = gettext("Saved.")
        except DomainError as fault:
            error = sentence(fault)
    told = notices.told(user)
    if not told:
        raise PermissionDenied
    context = {
        "told": told,
        "ways": {way: gettext(words) for way, words in TOLD.items()},
        "message": message,
        "error": error,
        "setup": page_setup(),
    }
    return render(request, "map_ui/own_notices.html", context)


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show what would have gone out, newest first. Raises NoSuchPage where everything goes out."""
    if not notices.inbox_there():
        raise NoSuchPage
    actor, spoken = actor_of(request.user), catalogue.language()
    kept = notices.inbox(actor, number(request.GET.get("before")) or None)
    context = {
        **counts(actor, spoken),
        "queue": "inbox",
        "kept": kept,
        "masked": notices.is_masked(actor),
        "older": kept[-1].id if len(kept) == notices.A_PAGE else None,
        "carriers": {name: gettext(word) for name, word in CARRIERS.items()},
        "kinds": KINDS,
        "setup": page_setup(),
    }
    return render(request, "map_ui/inbox.html", context)


def _send_again(request: HttpRequest) -> str:
    actor = actor_of(request.user)
    if "all" in request.POST:
        sent = resending.send_all_again(actor)
    else:
        sent = resending.send_again(actor, [number(pk) for pk in request.POST.getlist("notice")])
    words = ngettext("%(count)s notice is sent again.", "%(count)s notices are sent again.", sent)
    return words % {"count": sent}


def _named(words: dict[str, str], name: str) -> str:
    return gettext(words.get(name, name))
