"""Following a report by its code: look-up, where it stands, the receipt."""

from __future__ import annotations

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents import codes, selectors
from incidents.answers import Tracked
from incidents.api.asker import address
from incidents.errors import BadCode, ReportNotFound
from incidents.outlook import Outlook, outlook_of_code
from incidents.services import count_miss
from map_ui import catalogue, statuses
from map_ui.page_setup import page_setup
from map_ui.pages import answering
from map_ui.standing import how_long, what_comes_next, what_others_took


@require_safe
@never_cache
def lookup(request: HttpRequest) -> HttpResponse:
    """Ask for a code; go on to its page when one was typed."""
    typed = request.GET.get("code", "").strip()
    if not typed:
        return render(request, "map_ui/lookup.html", {"typed": ""})
    try:
        found = own_report(request, typed)
    except DomainError as error:
        return _not_found(request, typed, error)
    return HttpResponseRedirect(reverse("pages:track", args=[found.code]))


@require_safe
@never_cache
def track(request: HttpRequest, code: str) -> HttpResponse:
    """Where a report stands; a code that is none leads back to the look-up, with the reason."""
    try:
        found = own_report(request, code)
    except DomainError as error:
        return _not_found(request, code, error)
    return _page(request, found, outlook_of_code(codes.read_code(code)), {})


@require_POST
@never_cache
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Take what the holder of a code says of the result, and show where it stands then.

    Raises BadCode, ReportNotFound, TooManyGuesses.
    """
    found = own_report(request, code)
    outlook = outlook_of_code(codes.read_code(code))
    told = answering.answer(request, outlook, outlook.actor) if outlook else {}
    if "error" in told:
        return _page(request, found, outlook, told)
    there = reverse("pages:track", args=[found.code])
    return HttpResponseRedirect(f"{there}?thanks={request.POST.get('answer', '')[:20]}")


def _page(
    request: HttpRequest, found: Tracked, outlook: Outlook | None, told: dict[str, Any]
) -> HttpResponse:
    context = {
        "report": found,
        "mark": statuses.mark(found.status),
        "next": what_comes_next(found, outlook),
        "how_long": how_long(found.lived),
        "others_took": what_others_took(outlook),
        "outlook": outlook,
        "action": reverse("pages:track_answer", args=[found.code]),
        "setup": page_setup("answer"),
        **answering.choices(),
        **answering.thanks(request),
        **told,
    }
    return render(request, "map_ui/track.html", context, status=told.get("status_code", 200))


@require_safe
@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What a reporter keeps. Raises BadCode, ReportNotFound, TooManyGuesses."""
    found = own_report(request, code)
    link = request.build_absolute_uri(reverse("pages:track", args=[found.code]))
    context = {
        "report": found,
        "next": what_comes_next(found),
        "track_url": link,
        "qr": qr_code(link),
        "setup": page_setup("receipt"),
    }
    return render(request, "map_ui/receipt.html", context)


def own_report(request: HttpRequest, typed: str) -> Tracked:
    """Return the report of a code as it was typed; a miss is counted against the asker's address.

    Raises BadCode, ReportNotFound, TooManyGuesses.
    """
    bucket = codes.bucket_of(address(request), settings.SECRET_KEY.encode())
    selectors.check_guesses(bucket)
    try:
        return selectors.track(codes.read_code(typed), catalogue.language())
    except (BadCode, ReportNotFound):
        count_miss(bucket)
        raise


def qr_code(link: str) -> SafeString:
    """Return a link as a QR code in SVG, with no inline style that the policy would refuse."""
    svg: str = segno.make(link, error="m").svg_inline(border=1, omitsize=True)
    return mark_safe(svg)  # noqa: S308  drawn from modules; nothing of the link is in it as text


def _not_found(request: HttpRequest, typed: str, error: DomainError) -> HttpResponse:
    context = {"typed": typed, "error": sentence(error)}
    return render(request, "map_ui/lookup.html", context, status=error.status)
