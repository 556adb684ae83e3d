"""What leaders read: the month in one screen, and the list behind each of its figures."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents import figures
from incidents.actors import actor_of
from incidents.figures import By, Kind, Period, Scope
from incidents.figures.intervals import FEWEST_RANKED
from incidents.intake.web import refuse_nul
from map_ui import catalogue, figure_choices, overview_tiles
from map_ui.figure_addresses import address
from map_ui.figure_words import FIGURES, GROUPS, MEANINGS, period_name
from map_ui.pages.console import number

FILTERS: Final = ("sector", "category", "agency", "only", "taker", "contractor", "area", "within")
SHOWN: Final = 25
"""Lines of the table before "all" is asked for."""


@login_required
@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show a period's figures. Raises PermissionDenied, BadPeriod, BadFilter."""
    scope, by = asked(request), _by(request)
    told = figures.overview(scope, by, catalogue.language())
    lines = told.lines if request.GET.get("all") else told.lines[:SHOWN]
    return render(
        request,
        "map_ui/overview.html",
        {
            **described(scope, by),
            "told": told,
            "tiles": overview_tiles.tiles(told),
            "charts": overview_tiles.charts_of(told),
            "rows": overview_tiles.rows(lines),
            "left_out": len(told.lines) - len(lines),
            "choices": figure_choices.choices(scope),
            "few": FEWEST_RANKED,
        },
    )


@login_required
@never_cache
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List what a figure counts. Raises PermissionDenied, BadPeriod, BadFilter, UnknownFigure."""
    scope, figure = asked(request), request.GET.get("figure", "")
    page = figures.page_of(scope, figure, number(request.GET.get("page")), catalogue.language())
    context = {
        **described(scope, _by(request)),
        "page": page,
        "name": FIGURES[figure],
        "meaning": MEANINGS[figure],
        "narrowed": figure_choices.narrowed(scope, catalogue.language()),
    }
    return render(request, "map_ui/overview_cases.html", context)


def asked(request: HttpRequest, period: Period | None = None) -> Scope:
    """Return the scope that an address names; the last whole month where it names no period.

    Raises PermissionDenied, BadPeriod, BadFilter, TextHasNul.
    """
    refuse_nul(request.GET.dict())
    said = request.GET.get("period", "")
    read = period or (figures.read_period(said) if said else last_month())
    filters = {name: request.GET.get(name, "") for name in FILTERS}
    return figures.read_scope(actor_of(request.user), read, **filters)


def last_month() -> Period:
    """Return the last month that is over."""
    return figures.month_of(timezone.localdate()).before


def described(scope: Scope, by: By) -> dict[str, Any]:
    """Return what every page of figures says of its scope."""
    return {
        "scope": scope,
        "by": by,
        "groups": GROUPS.items(),
        "area_code": str(scope.area),
        "period": period_name(scope.period),
        "period_before": period_name(scope.period.before),
        "period_year_before": period_name(scope.period.year_before),
        "address": address(scope, by),
        "is_month": scope.period.kind is Kind.MONTH,
    }


def _by(request: HttpRequest) -> By:
    said = request.GET.get("by", "")
    return By(said) if said in set(By) else By.AGENCY
