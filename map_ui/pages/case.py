"""The page of one incident for the office that works on it: its panel, and its steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import NoSuchPage, sentence
from incidents import pipeline, services
from incidents.actors import Actor, actor_of
from incidents.dossier.answers import Dossier
from incidents.dossier.reading import dossier, link_token
from incidents.errors import IncidentNotFound
from incidents.intake.web import refuse_nul
from incidents.permissions import Act
from incidents.work_errors import AgencyWouldChange
from map_ui import catalogue
from map_ui.agency_choices import agency_groups
from map_ui.case_forms import KINDS, PARTS, Failed, forms_for
from map_ui.live_setup import live_setup
from map_ui.page_setup import page_setup
from map_ui.pages.case_acts import do, said_in
from map_ui.pages.console import REASONS, number
from map_ui.pages.track import qr_code

PANEL: Final = "X-Wardwise-Panel"
"""With this header a step is answered by the panel alone."""
_LINK: Final = "case_link"
"""Where a session keeps of which incident which new link is to be shown once."""

_TAKEN: Final = "case_taken"
"""Where a session keeps of which incident which step was taken last by a plain form."""


@require_safe
@login_required
@never_cache
def page(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The page of its own; said kindly where one's own step gave the case away.

    Raises IncidentNotFound.
    """
    done = request.GET.get("done", "")
    told: dict[str, Any] = {"message": KINDS[Act(done)].done} if done in KINDS else {}
    told |= _link(request, _new_link(request, incident_id))
    try:
        return _answer(request, incident_id, told, whole=True)
    except IncidentNotFound:
        if not told or request.session.get(_TAKEN) != [incident_id, done]:
            raise
        return _left(request, incident_id, told["message"])


@require_safe
@login_required
@never_cache
def panel(request: HttpRequest, incident_id: int) -> HttpResponse:
    """The same as a fragment, for the desk. Raises IncidentNotFound."""
    return _answer(request, incident_id, {}, whole=False)


@require_POST
@login_required
@never_cache
def step(request: HttpRequest, incident_id: int, act: str) -> HttpResponse:
    """Take a step and show what came of it; what was refused keeps what was typed.

    Raises NoSuchPage, IncidentNotFound.
    """
    if act not in KINDS:
        raise NoSuchPage
    try:
        token = do(actor_of(request.user), incident_id, Act(act), request)
    except IncidentNotFound:
        raise
    except DomainError as error:
        return _refused(request, incident_id, Act(act), error)
    return _done(request, incident_id, Act(act), token)


@require_POST
@login_required
@never_cache
def words(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Make a report's words public, or keep them private."""
    said = request.POST
    actor, report, first = actor_of(request.user), number(said.get("report")), "first" in said
    try:
        refuse_nul(said.dict())
        if said.get("verdict") == "approve":
            services.approve_report(actor, report, first=first)
        else:
            services.decline_words(actor, report, said.get("reason", ""), first=first)
    except DomainError as error:
        return _refused(request, incident_id, Act.APPROVE_WORDS, error)
    return _back(request, incident_id, {"message": gettext("Noted: who may read the words.")})


@require_POST
@login_required
@never_cache
def end_link(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Take a contractor's link back."""
    try:
        services.end_link(actor_of(request.user), number(request.POST.get("link")))
    except DomainError as error:
        return _refused(request, incident_id, Act.DELEGATE, error)
    return _back(request, incident_id, {"message": gettext("The link was taken back.")})


@require_POST
@login_required
@never_cache
def undo_merging(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Let an incident that was merged into this one stand by itself again."""
    source = number(request.POST.get("merged"))
    try:
        services.undo(actor_of(request.user), source)
    except DomainError as error:
        return _refused(request, incident_id, Act.MERGE, error)
    said = gettext("Undone: %(sources)s is an incident of its own again.")
    return _back(request, incident_id, {"message": said % {"sources": f"#{source}"}})


@require_POST
@login_required
@never_cache
def take_out(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Make an incident of its own of the chosen reports."""
    actor, chosen = actor_of(request.user), map(number, request.POST.getlist("taken"))
    try:
        refuse_nul(request.POST.dict())
        made = pipeline.take_out(actor, incident_id, list(chosen), said_in(request))
    except DomainError as error:
        return _refused(request, incident_id, Act.MERGE, error)
    said = gettext("Taken out: the chosen reports are now incident #%(made)s.")
    return _back(request, incident_id, {"message": said % {"made": made.pk}, "made": made.pk})


def _done(request: HttpRequest, incident_id: int, act: Act, token: str) -> HttpResponse:
    if PANEL in request.headers:
        return _told(request, incident_id, {"message": KINDS[act].done, **_link(request, token)})
    request.session[_TAKEN] = [incident_id, act.value]
    if token:
        request.session[_LINK] = [incident_id, number(token.partition("-")[0])]
    return HttpResponseRedirect(f"{reverse('pages:case', args=[incident_id])}?done={act}")


def _back(request: HttpRequest, incident_id: int, told: Mapping[str, Any]) -> HttpResponse:
    if PANEL in request.headers:
        return _told(request, incident_id, told)
    return HttpResponseRedirect(reverse("pages:case", args=[incident_id]))


def _told(request: HttpRequest, incident_id: int, told: Mapping[str, Any]) -> HttpResponse:
    """Answer a step that was taken with the panel, also where it gave the case away."""
    try:
        return _answer(request, incident_id, told, whole=_is_whole(request))
    except IncidentNotFound:
        return _left(request, incident_id, told["message"])


def _left(request: HttpRequest, incident_id: int, message: str) -> HttpResponse:
    """Say that it was done, and that the case is no longer with whoever did it."""
    page = "case_left" if PANEL in request.headers else "case_left_page"
    return render(request, f"map_ui/{page}.html", {"left": incident_id, "message": message})


def _refused(request: HttpRequest, incident_id: int, act: Act, error: DomainError) -> HttpResponse:
    agreed = str(error.facts["agency"]) if isinstance(error, AgencyWouldChange) else ""
    failed = Failed(act, request.POST.dict(), sentence(error), error.code, agreed)
    whole = PANEL not in request.headers or _is_whole(request)
    return _answer(request, incident_id, {"failed": failed}, whole=whole, status=error.status)


def _is_whole(request: HttpRequest) -> bool:
    return request.headers[PANEL] == "page"


def _answer(
    request: HttpRequest,
    incident_id: int,
    told: Mapping[str, Any],
    *,
    whole: bool,
    status: int = 200,
) -> HttpResponse:
    actor, spoken = actor_of(request.user), catalogue.language()
    fragment = not whole or PANEL in request.headers
    live = {} if fragment else live_setup(request, actor)
    found = dossier(actor, incident_id, spoken)
    context = {**_context(actor, found, spoken, told.get("failed")), **told, "whole": whole}
    if fragment:
        return render(request, "map_ui/case_panel.html", context, status=status)
    context["setup"] = {**page_setup("case"), "live": live}
    return render(request, "map_ui/case.html", context, status=status)


def _context(actor: Actor, found: Dossier, spoken: str, failed: Failed | None) -> dict[str, Any]:
    forms = forms_for(found, spoken, failed)
    picks = any(form.kind.asks & {"agency", "parts"} for form in forms)
    values = failed.values if failed and failed.act is Act.SPLIT else {}
    return {
        "case": found,
        "version": found.head.version,
        "forms": forms,
        # A step that is not offered any more: somebody else was quicker.
        "stray": failed if failed and failed.act not in found.offered else None,
        "agencies": agency_groups(spoken) if picks else [],
        "sectors": catalogue.sectors(),
        "part_rows": [_part_row(row, values) for row in range(1, PARTS + 1)],
        "tomorrow": (timezone.localdate() + timedelta(days=1)).isoformat(),
        "approves": found.approves,
        "audits": actor.may(Act.SEE_LEDGER),
        "lends": Act.DELEGATE in found.offered,
        "private_reasons": [gettext(reason) for reason in REASONS],
    }


def _part_row(row: int, values: Mapping[str, str]) -> dict[str, Any]:
    names = {name: f"part_{name}_{row}" for name in ("agency", "category", "words")}
    return {
        "number": row,
        "optional": row > 2,
        "agency_id": f"part-agency-{row}",
        **{f"{name}_name": field for name, field in names.items()},
        **{name: values.get(field, "") for name, field in names.items()},
    }


def _new_link(request: HttpRequest, incident_id: int) -> str:
    """Return the token of an incident's new link, once: another incident's waits for its page."""
    match request.session.get(_LINK):
        case [of, link] if of == incident_id:
            del request.session[_LINK]
            return link_token(actor_of(request.user), incident_id, link)
    return ""


def _link(request: HttpRequest, token: str) -> dict[str, Any]:
    """Return a contractor's link as a page shows it."""
    if not token:
        return {}
    address = request.build_absolute_uri(reverse("pages:contractor", args=[token]))
    return {"link_url": address, "link_qr": qr_code(address)}
