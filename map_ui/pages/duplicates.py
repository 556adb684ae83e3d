"""Possible duplicates: the queue, two side by side or a group, and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents.actors import Actor, actor_of
from incidents.dossier.side_by_side import pair_ids
from incidents.duplicates.waiting import PairGroup
from incidents.errors import PermissionDenied
from incidents.intake.web import refuse_nul
from incidents.merge_errors import AgenciesDiffer, EndedIncident, PairNotFound, SameIncident
from incidents.permissions import Act, Reach
from incidents.said import Said
from map_ui import catalogue
from map_ui import duplicate_acts as acts
from map_ui.desk_choices import box_of
from map_ui.duplicate_queue import read_queue
from map_ui.duplicate_work import chosen_group, side_by_side, suggested_group
from map_ui.live_setup import live_setup
from map_ui.page_setup import page_setup
from map_ui.pages.console import number
from map_ui.pages.duplicate_address import MOST_CHOSEN, Asked, asked_before, read_asked, read_line

KEPT: Final = ("chosen", "at", "from", "return", "next")
"""What a form says of where it stands."""
TOLD: Final = "duplicates_told"
"""Where a session keeps what the next page says was done."""


@require_safe
@login_required
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The page: what the address asks for, else the likeliest. Raises PermissionDenied.

    With the header ``X-Wardwise-Part: list`` the list of what waits alone: a page asks whether it
    is new.
    """
    actor, asked = _merges(request), read_asked(request.GET)
    if request.headers.get("X-Wardwise-Part") == "list":
        queue, _groups = read_queue(actor, asked.start, catalogue.language())
        context = {"queue": queue, "at": asked.line, "typed": asked.typed}
        return render(request, "map_ui/duplicates_list.html", context)
    return _page(request, actor, asked, {"told": request.session.pop(TOLD, "")})


@require_POST
@login_required
@never_cache
def merge(request: HttpRequest) -> HttpResponse:
    """Merge those chosen into the earliest; ask where agencies differ or one has ended."""
    actor, versions = _merges(request), _chosen(request.POST)
    try:
        refuse_nul(request.POST.dict())
        if len(versions) < 2:
            raise SameIncident(id=next(iter(versions), 0))
        said = Said(words=request.POST.get("words", ""))
        done = acts.merge_all(actor, versions, said, request.POST.get("agency"))
    except DomainError as error:
        return _refused(request, actor, error)
    return _done(request, done)


@require_POST
@login_required
@never_cache
def verdict(request: HttpRequest) -> HttpResponse:
    """Keep a pair, or the pairs among those chosen of a group, apart; or put them off."""
    actor = _merges(request)
    try:
        refuse_nul(request.POST.dict())
        pairs = _pairs(actor, request.POST)
        said = Said(words=request.POST.get("words", ""))
        done = acts.give_verdict(actor, pairs, request.POST.get("verdict", ""), said)
    except DomainError as error:
        return _refused(request, actor, error)
    return _done(request, done)


@require_POST
@login_required
@never_cache
def undo(request: HttpRequest) -> HttpResponse:
    """Undo what was done last in this session."""
    actor, done = _merges(request), acts.last(request.session)
    if done is None:
        return HttpResponseRedirect(reverse("pages:duplicates"))
    acts.forget(request.session)
    try:
        request.session[TOLD] = acts.undo(actor, done)
    except DomainError as error:
        return _refused(request, actor, error)
    again = (
        f"?chosen={','.join(map(str, [done['into'], *done['sources']]))}" if "into" in done else ""
    )
    return HttpResponseRedirect(reverse("pages:duplicates") + again)


def _merges(request: HttpRequest) -> Actor:
    actor = actor_of(request.user)
    if actor.reach(Act.MERGE) is Reach.NONE:
        raise PermissionDenied
    return actor


def _chosen(said: QueryDict) -> dict[int, int]:
    """Return incidents with the versions that were before the actor's eyes."""
    told = [one.partition(":") for one in said.getlist("chosen")[:MOST_CHOSEN]]
    return {number(pk): number(version) for pk, _, version in told}


def _pairs(actor: Actor, said: QueryDict) -> list[int]:
    if pair := number(said.get("pair")):
        return [pair]
    _queue, groups = read_queue(actor, 0, catalogue.language())
    chosen = _chosen(said).keys()
    return [
        pair.id
        for group in groups
        for pair in group.pairs
        if pair.older.id in chosen and pair.newer.id in chosen
    ]


def _done(request: HttpRequest, done: acts.Done) -> HttpResponse:
    acts.remember(request.session, done)
    if number(request.POST.get("return")) and "into" in done:
        return HttpResponseRedirect(reverse("pages:case", args=[done["into"]]))
    request.session[TOLD] = acts.told_of(done)
    return _to(Asked(read_line(request.POST.get("next", ""))))


def _to(asked: Asked) -> HttpResponse:
    there = reverse("pages:duplicates")
    return HttpResponseRedirect(f"{there}?{asked.query}" if asked.anything else there)


def _refused(request: HttpRequest, actor: Actor, error: DomainError) -> HttpResponse:
    """Show the page again with what went wrong; where only a word is missing, ask for it."""
    said = request.POST
    kept = [(name, value) for name in KEPT for value in said.getlist(name)]
    consents, explains = isinstance(error, AgenciesDiffer), isinstance(error, EndedIncident)
    told = {
        "error": sentence(error),
        "error_code": error.code,
        "again": kept if consents or explains else [],
        "consents": consents,
        "agency": error.facts.get("agency", said.get("agency", "")),
        "explain": explains,
        "words": said.get("words", ""),
        "status_code": error.status,
    }
    return _page(request, actor, asked_before(said, list(_chosen(said))), told)


def _page(
    request: HttpRequest, actor: Actor, asked: Asked, told: Mapping[str, Any]
) -> HttpResponse:
    spoken = catalogue.language()
    # Before the list is read: what comes in between is told by the stream.
    live = live_setup(request, actor)
    queue, groups = read_queue(actor, asked.start, spoken)
    first = queue.entries[0].query if queue.entries else ""
    looked_at = asked if asked.anything else Asked(first)
    done = acts.last(request.session)
    context = {
        "queue": queue,
        "duplicates_waiting": queue.total,
        "asked": asked.anything,
        "at": looked_at.line,
        "typed": asked.typed,
        "return_to": asked.back,
        "places": [],
        "here": f"?{asked.query}",
        "last": acts.undo_words(done) if done else "",
        "setup": {**page_setup("desk", "duplicates"), "desk": {"box": box_of(actor)}, "live": live},
        **queue.around(looked_at.line),
        **_work(actor, looked_at, groups, spoken),
        **told,
    }
    status = context.get("status_code", 200)
    return render(request, "map_ui/duplicates.html", context, status=status)


def _work(actor: Actor, asked: Asked, groups: Sequence[PairGroup], spoken: str) -> dict[str, Any]:
    """Return what is compared; the reason where that is gone."""
    try:
        return _compared(actor, asked, groups, spoken)
    except DomainError as error:
        return {"gone": sentence(error), "gone_code": error.code, "status_code": error.status}


def _compared(
    actor: Actor, asked: Asked, groups: Sequence[PairGroup], spoken: str
) -> dict[str, Any]:
    kind, _, value = asked.line.partition("=")
    if kind == "group":
        found = next((one for one in groups if number(value) in one.incidents), None)
        return suggested_group(actor, found, spoken) if found else {}
    chosen = asked.chosen
    if kind == "pair":
        chosen = pair_ids(number(value)) or ()
        if not chosen:
            raise PairNotFound(id=value)
    if len(chosen) == 2:
        return side_by_side(actor, *chosen, spoken)
    return chosen_group(actor, chosen, spoken) if chosen else {}
