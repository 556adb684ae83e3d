"""The planners' workspace: a question, its answer on the map, in a table and in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gis_core.errors import DomainError
from gis_core.http import sentence
from incidents.actors import Actor, actor_of
from incidents.analyses import asking, kept, periods, question, reckoning
from incidents.analyses.kept import Analysis, Run, RunState
from incidents.analyses.methods import Method, methods
from incidents.analyses.question import Question
from incidents.analyses.results import GATHERED, RECKONED
from incidents.exports.formats import FORMATS
from incidents.intake.web import refuse_nul
from map_ui import analysis_form, catalogue, charts
from map_ui import analysis_words as words
from map_ui.analysis_colours import COLOURS
from map_ui.page_setup import page_setup
from map_ui.pages.console import number

GOES_ON: Final = (RunState.WAITING, RunState.RUNNING)
AXIS: Final = 12
"""Labels that an axis has room for."""


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Show the form and what is kept; take a question. Raises PermissionDenied."""
    actor = kept.planners(actor_of(request.user))
    if request.method != "POST":
        return _page(request, question.read({"method": _asked_method(request)}), {})
    refuse_nul(request.POST.dict())
    try:
        asked = question.read(analysis_form.sent(request))
        run = asking.ask(actor, asked, words.name(asked, catalogue.language()))
    except DomainError as error:
        told = {"error": sentence(error), "error_code": error.code}
        return _page(request, _as_good_as_sent(request), told, status=error.status)
    reckoning.reckon_at_once(run)
    return HttpResponseRedirect(_address(run))


@require_safe
@login_required
@never_cache
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show an analysis with one of its runs. Raises PermissionDenied, AnalysisNotFound."""
    actor = actor_of(request.user)
    analysis = kept.opened(actor, token)
    run = kept.run_of(analysis, number(request.GET.get("run")))
    asked = question.read(run.question if run else analysis.question, gone=True)
    return _page(request, asked, _told(actor, analysis, run, asked))


@require_POST
@login_required
@never_cache
def act(request: HttpRequest, token: str) -> HttpResponse:
    """Save, run again, run over the time before, cancel, remove: as the button says."""
    refuse_nul(request.POST.dict())
    does = _ACTS.get(request.POST.get("what", ""), _ACTS["again"])
    return HttpResponseRedirect(does(actor_of(request.user), token, request))


@require_safe
@login_required
@never_cache
def state(request: HttpRequest, token: str) -> HttpResponse:
    """Tell how far a run is."""
    analysis = kept.opened(actor_of(request.user), token)
    run = kept.run_of(analysis, number(request.GET.get("run")))
    if run is None:
        return JsonResponse({"state": "", "progress": 0, "goes_on": False})
    told = {"state": run.state, "progress": run.progress, "goes_on": run.state in GOES_ON}
    return JsonResponse({**told, **_how_far(run)})


def _how_far(run: Run) -> dict[str, Any]:
    """Return where a run stands in words, and whether the bar can show how far it is."""
    method = question.read(run.question, gone=True).asked_of
    inside = GATHERED <= run.progress / 100 < RECKONED
    blind = run.state == RunState.RUNNING and inside and not method.steps
    seconds = round((timezone.now() - run.began_at).total_seconds()) if run.began_at else 0
    return {"words": words.state(run.state, max(seconds, 0), blind=blind), "blind": blind}


def _asked_method(request: HttpRequest) -> str:
    said = request.GET.get("method", "")
    return said if said in methods() else question.DEFAULT_METHOD


def _as_good_as_sent(request: HttpRequest) -> Question:
    """Return what was refused with as much of it as can be read."""
    sent = analysis_form.sent(request)
    for part in ("parameters", "area", "period", "categories", "statuses", "sectors"):
        try:
            return question.read(sent)
        except DomainError:
            sent.pop(part, None)
    return question.read({})


def _again(actor: Actor, token: str, _request: HttpRequest) -> str:
    run = asking.ask_again(actor, token)
    reckoning.reckon_at_once(run)
    return _address(run)


def _before(actor: Actor, token: str, request: HttpRequest) -> str:
    """Run over the time before the run that is shown, to be compared with it."""
    shown = kept.run_of(kept.opened(actor, token), number(request.POST.get("run")))
    asked = question.read(shown.question if shown else {}, gone=True).settled(timezone.localdate())
    run = asking.ask_again(actor, token, periods.before(asked.days))
    reckoning.reckon_at_once(run)
    return _address(run)


def _save(actor: Actor, token: str, request: HttpRequest) -> str:
    ticks = {name: request.POST.get(name) == "1" for name in ("shared", "monthly")}
    asking.save(actor, token, request.POST.get("name", ""), **ticks)
    return f"{reverse('pages:analysis_one', args=[token])}?run={number(request.POST.get('run'))}"


def _cancel(actor: Actor, token: str, request: HttpRequest) -> str:
    asking.cancel(actor, token, number(request.POST.get("run")))
    return reverse("pages:analysis_one", args=[token])


def _remove(actor: Actor, token: str, _request: HttpRequest) -> str:
    asking.remove(actor, token)
    return reverse("pages:analysis")


_ACTS: Final[Mapping[str, Callable[[Actor, str, HttpRequest], str]]] = {
    "again": _again,
    "before": _before,
    "save": _save,
    "cancel": _cancel,
    "remove": _remove,
}


def _address(run: Run) -> str:
    return f"{reverse('pages:analysis_one', args=[run.analysis.token])}?run={run.pk}"


def _told(actor: Actor, analysis: Analysis, run: Run | None, asked: Question) -> dict[str, Any]:
    """Return what the page says of a run."""
    language = catalogue.language()
    told: dict[str, Any] = {
        "analysis": analysis,
        "run": run,
        "runs": [(one, words.days(one.question["since"], one.question["until"]))
                 for one in analysis.runs.all()[:12]],
        "own": analysis.owner_id == actor.user_id,
        "what": words.what(asked),
        "where": words.where(asked, language),
    }  # fmt: skip
    if run is None:
        return told
    told |= {"days": words.days(run.question["since"], run.question["until"])}
    far = _how_far(run)
    told |= {"goes_on": run.state in GOES_ON, "state_words": far["words"], "blind": far["blind"]}
    if run.state == RunState.FAILED:
        told |= {"fault": words.fault(run.error, run.error_facts), "fault_code": run.error}
    if run.state == RunState.DONE:
        told |= _result(run, asked, language)
    return told


def _result(run: Run, asked: Question, language: str) -> dict[str, Any]:
    method, told = asked.asked_of, run.told
    counts = told["series"]["counts"]
    return {
        "result": told,
        "says": words.says(method, told["facts"], language),
        "says_not": method.says_not.said(language),
        "done": _said(told["warnings"], done=True),
        "warnings": _said(told["warnings"], done=False),
        "legend": [
            {**step, "colour": COLOURS[step["code"]]}
            for step in words.legend(method, told["legend"], language)
        ],
        "rows": [_row(method, row, language) for row in told["table"]],
        "can_compare": bool(run.result),
        "has_value": method.form in {"cells", "lines"},
        "value_name": method.value.said(language),
        "has_p": any("p" in row for row in told["table"]),
        "chart": charts.bars(counts) if counts else None,
        "labels": _labels(told["series"]["days"]),
        "series": [*zip(told["series"]["days"], counts, strict=True)],
        "formats": [(one.extension, one.title) for one in FORMATS.values()],
    }  # fmt: skip


def _said(warnings: list[Mapping[str, Any]], *, done: bool) -> list[str]:
    return [
        words.warning(one["code"], one["facts"])
        for one in warnings
        if words.is_done(one["code"]) is done
    ]


def _row(method: Method, row: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {
        **row,
        "kind": words.kind(method, row["kind"], language),
        "colour": COLOURS.get(row["kind"], ""),
        "p": words.chance(row.get("p")),
        "between": words.days(row["first"], row["last"]) if row.get("first") else "",
    }


def _labels(days: list[str]) -> list[str]:
    """Return the days of an axis, those that it has no room for as ""."""
    every = max(1, -(-len(days) // AXIS))
    return [f"{day[8:10]}/{day[5:7]}" if at % every == 0 else "" for at, day in enumerate(days)]


def _page(
    request: HttpRequest, asked: Question, told: dict[str, Any], status: int = 200
) -> HttpResponse:
    actor = actor_of(request.user)
    token, run = (told.get(name) for name in ("analysis", "run"))
    drawn = state_of = ""
    if token and run:
        query = f"?run={run.pk}"
        drawn = reverse("pages:analysis_drawn", args=[token.token]) + query
        state_of = reverse("pages:analysis_state", args=[token.token]) + query
    context = {
        "form": analysis_form.offered(asked),
        "mine": kept.mine(actor),
        "shared": kept.shared(actor),
        "recent": kept.recent(actor),
        "setup": {
            **page_setup("analysis", "own_area"),
            "analysis": {
                "drawn": drawn if "result" in told and run and run.result else "",
                "state": state_of if told.get("goes_on") else "",
                "colours": dict(COLOURS),
                "live": {
                    "address": reverse("pages:analysis_surface"),
                    "methods": [one.code for one in methods().values() if one.quick],
                },
            },
        },
        **told,
    }
    return render(request, "map_ui/analysis.html", context, status=status)
