"""What a contractor sees by a link: one piece of work on a telephone, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import NoSuchPage, sentence
from incidents import photos
from incidents.dossier.lent import holder, lent
from incidents.errors import PhotoNotFound
from incidents.permissions import Act
from incidents.shown_photos import may_see_photo
from incidents.work_errors import LinkExpired, LinkNotFound, LinkUsed
from map_ui import catalogue
from map_ui.case_forms import KINDS, Failed, form_of
from map_ui.page_setup import page_setup
from map_ui.pages.case_acts import do

Page = Callable[..., HttpResponseBase]
GONE: Final = (LinkNotFound, LinkExpired, LinkUsed)


def _by_link(view: Page) -> Page:
    """Say kindly when the link does not work; tell no other site where somebody came from."""

    @wraps(view)
    def answered(request: HttpRequest, token: str, **facts: str) -> HttpResponseBase:
        try:
            response = view(request, token, **facts)
        except GONE as error:
            told = {"error": sentence(error), "code": error.code}
            response = render(request, "map_ui/contractor_gone.html", told, status=error.status)
        # Not "no-referrer": with it a browser sends forms from nowhere, and they are refused.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return never_cache(answered)


@require_safe
@_by_link
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The work behind a link."""
    done = request.GET.get("done", "")
    return _page(request, token, None, {"message": KINDS[Act(done)].done} if done in KINDS else {})


@require_POST
@_by_link
def step(request: HttpRequest, token: str, act: str) -> HttpResponse:
    """Take a step; what was refused keeps what was typed. Raises NoSuchPage."""
    if act not in KINDS:
        raise NoSuchPage
    actor, link = holder(token)
    try:
        do(actor, link.incident_id, Act(act), request)
    except DomainError as error:
        failed = Failed(Act(act), request.POST.dict(), sentence(error), error.code)
        return _page(request, token, failed, {}, status=error.status)
    return HttpResponseRedirect(f"{reverse('pages:contractor', args=[token])}?done={act}")


@require_safe
@_by_link
def photo(request: HttpRequest, token: str, sha256: str) -> FileResponse:
    """A photo of the one incident. Raises PhotoNotFound."""
    actor, _link = holder(token)
    may_see_photo(actor, sha256, None)
    path = photos.path_of(Path(settings.MEDIA_ROOT), sha256)
    if not path.exists():
        raise PhotoNotFound
    return FileResponse(path.open("rb"), content_type="image/jpeg")


def _page(
    request: HttpRequest,
    token: str,
    failed: Failed | None,
    told: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    actor, link = holder(token)
    spoken = catalogue.language()
    work = lent(actor, link, spoken)
    forms = [form_of(act, work.sector, spoken, failed) for act in work.offered]
    context = {
        "work": work,
        "token": token,
        "version": work.version,
        "forms": forms,
        "stray": failed if failed and failed.act not in work.offered else None,
        "setup": page_setup("case"),
        **told,
    }
    return render(request, "map_ui/contractor.html", context, status=status)
