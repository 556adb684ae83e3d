"""The desk of an office: its list and its map side by side, live, with what it does in bulk."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents.actors import Actor, actor_of
from incidents.desk import kept as desk_kept
from incidents.desk import queue as desk
from incidents.desk import rows as desk_rows
from incidents.desk.filters import DeskFilter, Tab, read_desk_filter
from incidents.desk.reach import desks
from incidents.desk.rows import DeskRow
from incidents.duplicates.waiting import how_many
from incidents.intake.web import refuse_nul
from map_ui import catalogue, desk_choices, desk_words, live_tokens
from map_ui.desk_acts import ACTS, act_forms, act_on
from map_ui.desk_queries import desk_query, with_tab
from map_ui.live_setup import live_setup
from map_ui.page_setup import page_setup
from map_ui.pages.console import number

MOST_AT_ONCE = 200
"""Rows that are asked for, or acted on, in one request."""


@require_safe
@login_required
@never_cache
def show(request: HttpRequest) -> HttpResponse:
    """The whole page. Raises PermissionDenied, BadFilter, BadCursor."""
    actor, query = desks(actor_of(request.user)), desk_query(request.GET)
    live = live_setup(request, actor)
    context = {
        **_list(request, actor, query),
        **desk_choices.choices(actor, catalogue.language()),
        "query": query,
        "views": desk_kept.filters_of(actor),
        "own_areas": desk_kept.areas_of(actor),
        "acts": act_forms(actor, catalogue.language()),
        "me": actor.user_id,
        "duplicates_waiting": how_many(actor),
        "setup": {**page_setup("desk", "case"), "desk": {**live, **_addresses(actor)}},
    }
    return render(request, "map_ui/desk.html", context)


@require_safe
@login_required
@never_cache
def listed(request: HttpRequest) -> HttpResponse:
    """The list alone, for the page that is there. Raises PermissionDenied, BadFilter, BadCursor."""
    context = _list(request, desks(actor_of(request.user)), desk_query(request.GET))
    return render(request, "map_ui/desk_list.html", context)


@require_safe
@login_required
@never_cache
def rows(request: HttpRequest) -> HttpResponse:
    """Those of some incidents that the list holds, as rows, and how many each tab holds.

    Raises PermissionDenied, BadFilter.
    """
    actor, query = desks(actor_of(request.user)), desk_query(request.GET)
    wanted = read_desk_filter(query)
    asked = [number(word) for word in request.GET.get("ids", "").split(",")][:MOST_AT_ONCE]
    found = sorted(desk.among(actor, wanted, asked))
    shown = desk_rows.rows(actor, found, catalogue.language())
    return JsonResponse({
        "rows": [{"id": row.id, "html": _html_of(row)} for row in shown],
        "tabs": render_to_string("map_ui/desk_tabs.html", _tabs(actor, wanted, query)),
    })  # fmt: skip


@require_safe
@login_required
@never_cache
def token(request: HttpRequest) -> HttpResponse:
    """A fresh permission to follow events. Raises PermissionDenied."""
    return JsonResponse({"token": live_tokens.token_for(desks(actor_of(request.user)))})


@require_POST
@login_required
@never_cache
def act(request: HttpRequest) -> HttpResponse:
    """Do one thing to each of the chosen incidents; tell which it was done to, and why not."""
    actor, kind = desks(actor_of(request.user)), request.POST.get("act", "")
    chosen = [
        (number(pk), number(version))
        for pk, _, version in (one.partition(":") for one in request.POST.getlist("chosen"))
    ]
    outcome = [_one(actor, kind, one, request) for one in chosen[:MOST_AT_ONCE]]
    failed = [one for one in outcome if one["why"]]
    context = {"done": len(outcome) - len(failed), "failed": failed, "kind": ACTS.get(kind)}
    return render(request, "map_ui/desk_outcome.html", context)


def _one(actor: Actor, kind: str, one: tuple[int, int], request: HttpRequest) -> dict[str, Any]:
    incident, version = one
    try:
        refuse_nul(request.POST.dict())
        act_on(actor, kind, incident, version, request.POST)
    except DomainError as error:
        return {"id": incident, "why": sentence(error)}
    return {"id": incident, "why": ""}


def _list(request: HttpRequest, actor: Actor, query: dict[str, str]) -> dict[str, Any]:
    wanted = read_desk_filter(query)
    found = desk.page(actor, wanted, request.GET.get("cursor") or None)
    return {
        **_tabs(actor, wanted, query),
        "rows": desk_words.told(desk_rows.rows(actor, found.ids, catalogue.language())),
        "following": found.following,
        "narrowed": bool(query.keys() - {"tab"}),
        "ended": wanted.tab is Tab.ENDED,
    }


def _html_of(row: DeskRow) -> str:
    return render_to_string("map_ui/desk_row.html", {"row": desk_words.told_of(row)})


def _tabs(actor: Actor, wanted: DeskFilter, query: dict[str, str]) -> dict[str, Any]:
    counted = desk.counts(actor, wanted)
    return {
        "tab": wanted.tab,
        "tabs": [
            {
                "code": tab.value,
                "name": desk_choices.TABS[tab],
                "query": with_tab(query, tab.value),
                "count": counted.get(tab),
                "more": counted.get(tab, 0) > desk.COUNTED_TO,
            }
            for tab in Tab
        ],
        "counted_to": desk.COUNTED_TO,
    }


def _addresses(actor: Actor) -> dict[str, Any]:
    return {
        "list": reverse("pages:desk_list"),
        "rows": reverse("pages:desk_rows"),
        "act": reverse("pages:desk_act"),
        "areas": reverse("pages:own_area_shapes"),
        "box": desk_choices.box_of(actor),
        "most": MOST_AT_ONCE,
        "title": gettext("Desk"),
    }
