"""What planners read of how fast people report: a correction for what few report."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from incidents import figures
from incidents.figures import BYS, By, Kind, Period
from map_ui import catalogue, figure_choices, reporting_rows
from map_ui.documents import reporting
from map_ui.documents.files import file, files
from map_ui.figure_addresses import address
from map_ui.figure_words import GROUPS
from map_ui.pages.overview import asked, described, last_month


@login_required
@never_cache
@require_safe
def page(request: HttpRequest, form: str = "") -> HttpResponse:
    """Show how fast people report, or give it as a file: pdf, xlsx.

    Raises PermissionDenied, BadPeriod, BadFilter, NoSuchPage.
    """
    scope, by = asked(request, _period(request)), _by(request)
    told = figures.reporting(scope, by, catalogue.language())
    if form:
        return file(reporting.document(told), form, f"wardwise-reporting-{scope.period.code}")
    words = address(scope, by)
    context = {
        **described(scope, by),
        "groups": [(group, GROUPS[group]) for group in BYS],
        "told": told,
        "city": reporting_rows.city(told),
        "rows": reporting_rows.rows(told),
        "drawing": reporting_rows.drawing(told),
        "choices": figure_choices.choices(scope),
        "files": files(lambda kind: f"{reverse('pages:reporting_file', args=(kind,))}?{words}"),
    }
    return render(request, "map_ui/overview_reporting.html", context)


def _period(request: HttpRequest) -> Period | None:
    """A month holds too few repeated reports: where none is named, the last month's year."""
    if request.GET.get("period"):
        return None
    return figures.period_of(last_month().first, Kind.YEAR)


def _by(request: HttpRequest) -> By:
    said = request.GET.get("by", "")
    return By(said) if said in {by.value for by in BYS} else By.WARD
