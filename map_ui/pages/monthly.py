"""Reports to hand in: a month, and the file of faults of one agency or contractor."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gis_core.errors import N_, DomainError
from gis_core.http import NoSuchPage
from incidents import figures
from incidents.figures import Kind, Period, Scope
from incidents.figures.monthly import monthly_report
from map_ui import catalogue, figure_choices, overview_tiles
from map_ui.documents import faults, monthly
from map_ui.documents.files import file, files
from map_ui.figure_addresses import address
from map_ui.pages.overview import asked, described


class NobodyNamed(DomainError):
    """A file of faults is of somebody."""

    code = "figures.nobody_named"
    status = 422
    message = N_("Whose file? Choose an agency or a contractor.")


@login_required
@never_cache
@require_safe
def month(request: HttpRequest, code: str, form: str = "") -> HttpResponse:
    """Show a month's report, or give it as a file: pdf, xlsx.

    Raises PermissionDenied, BadPeriod, BadFilter, NoSuchPage.
    """
    scope, spoken = asked(request, _month(code)), catalogue.language()
    report = monthly_report(scope, spoken)
    narrowed = figure_choices.narrowed(scope, spoken)
    document = monthly.document(report, narrowed, request.build_absolute_uri)
    if form:
        return file(document, form, _name(scope))
    words = address(scope)
    told_as = files(
        lambda kind: f"{reverse('pages:overview_month_file', args=(code, kind))}?{words}"
    )
    context = {
        **described(scope, report.overview.by),
        "document": document,
        "charts": overview_tiles.charts_of(report.overview),
        "files": told_as,
    }
    return render(request, "map_ui/overview_month.html", context)


@login_required
@never_cache
@require_safe
def sanctions(request: HttpRequest, form: str = "") -> HttpResponse:
    """Show the file of faults, or give it as a workbook or PDF.

    Raises PermissionDenied, BadPeriod, BadFilter, NobodyNamed, NoSuchPage.
    """
    scope = asked(request)
    if not scope.agency and not scope.contractor:
        raise NobodyNamed
    spoken = catalogue.language()
    told = figures.sanction_file(scope, spoken)
    narrowed = figure_choices.narrowed(scope, spoken)
    document = faults.document(told, narrowed, request.build_absolute_uri)
    if form:
        return file(document, form, _name(scope))
    words = address(scope)
    told_as = files(
        lambda kind: f"{reverse('pages:overview_sanctions_file', args=(kind,))}?{words}"
    )
    context = {**described(scope, figures.By.AGENCY), "document": document, "files": told_as}
    return render(request, "map_ui/overview_month.html", context)


def _name(scope: Scope) -> str:
    """Return a file's name, of the codes that it is narrowed to and the period."""
    codes = (scope.contractor, scope.agency, scope.sector, scope.category, scope.area or "")
    return "-".join(str(one) for one in ("wardwise", *codes, scope.period.code) if one)


def _month(code: str) -> Period:
    period = figures.read_period(code)
    if period.kind is not Kind.MONTH:
        raise NoSuchPage
    return period
