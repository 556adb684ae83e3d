"""What a reporter's form says of the result, read and acted upon: fixed, not fixed, stars."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents.actors import Actor
from incidents.intake.web import read_photos, read_text
from incidents.outlook import Outlook, rating_reasons
from incidents.said import Said
from incidents.services.answering import confirm, dispute, rate
from map_ui import catalogue
from map_ui.pages.console import number

STARS = (
    (1, _("Very bad")),
    (2, _("Bad")),
    (3, _("Fair")),
    (4, _("Good")),
    (5, _("Very good")),
)
THANKS = {
    "confirm": _("Thank you. The case is closed."),
    "dispute": _("Thank you. The case is open again, and the agency has your words and photos."),
    "rate": _("Thank you for your rating."),
}


def answer(request: HttpRequest, outlook: Outlook, actor: Actor) -> dict[str, Any]:
    """Do what the form says; return what was wrong with it, nothing where nothing was.

    What was typed is given back with an error, so that nothing has to be written twice.
    """
    act = request.POST.get("answer", "")
    try:
        _ACTS.get(act, _nothing)(request, outlook, actor)
    except DomainError as error:
        said = request.POST
        return {
            "error": sentence(error),
            "error_code": error.code,
            "error_at": act,
            "status_code": error.status,
            "typed": {"words": said.get("words", ""), "stars": number(said.get("stars"))},
            "ticked": said.getlist("reason"),
        }
    return {}


def thanks(request: HttpRequest) -> dict[str, Any]:
    """Return the thanks for what was just answered, which the address tells."""
    said = THANKS.get(request.GET.get("thanks", ""))
    return {"thanks": said} if said else {}


def choices() -> dict[str, Any]:
    """Return what the form offers."""
    return {"stars": STARS, "rating_reasons": rating_reasons(catalogue.language())}


def _nothing(_request: HttpRequest, _outlook: Outlook, _actor: Actor) -> None:
    """A form that says nothing changes nothing."""


def _confirm(request: HttpRequest, outlook: Outlook, actor: Actor) -> None:
    said = Said(version=_version(request))
    confirm(actor, outlook.incident, outlook.report, said)
    if request.POST.get("stars"):
        _rate(request, outlook, actor)


def _dispute(request: HttpRequest, outlook: Outlook, actor: Actor) -> None:
    words = read_text("text", request.POST.get("words", ""))
    files = [photo.read() for photo in request.FILES.getlist("photos") if photo.size]
    said = Said(words=words, version=_version(request), photos=read_photos(files))
    dispute(actor, outlook.incident, outlook.report, said)


def _rate(request: HttpRequest, outlook: Outlook, actor: Actor) -> None:
    words = read_text("text", request.POST.get("words", ""))
    stars, reasons = number(request.POST.get("stars")), request.POST.getlist("reason")
    rate(actor, outlook.report, stars, reasons, words)


def _version(request: HttpRequest) -> int | None:
    return number(request.POST.get("version")) or None


_ACTS = {"confirm": _confirm, "dispute": _dispute, "rate": _rate}
