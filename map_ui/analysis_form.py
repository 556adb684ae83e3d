"""The form of a planner's question: what it offers, and what was sent as a question's data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from districts import rulebook
from districts.explanation import area_name
from incidents.analyses import rates
from incidents.analyses.methods import Method, Parameter, choices, methods
from incidents.analyses.question import (
    CHOICES,
    CONTROLS,
    COUNTED,
    RATES,
    Question,
    ward_edition,
)
from incidents.desk import own_shapes
from map_ui import analysis_words as words
from map_ui import catalogue, statuses

FREE = "free"
"""Instead of a period's name: days of one's own."""


def sent(request: HttpRequest) -> dict[str, Any]:
    """Return the question that a form was filled in with, as ``question.read`` takes it."""
    told = fields(request.POST)
    file = request.FILES.get("file")
    if file and told["area"]["kind"] == "shape":
        written = file.read(own_shapes.LARGEST_FILE + 1)
        told["area"]["shape"] = written.decode("utf-8", errors="replace")
    return told


def fields(form: QueryDict) -> dict[str, Any]:
    """Return the same of the fields alone, as an address may hold them."""
    method = form.get("method", "")
    period = form.get("period", "")
    known = methods().get(method)
    parameters = {
        one.code: form[f"{method}.{one.code}"]
        for one in (known.parameters if known else ())
        if f"{method}.{one.code}" in form
    }
    days = {name: form.get(name, "") for name in ("since", "until")} if period == FREE else {}
    return {
        "method": method,
        "period": "" if period == FREE else period,
        **days,
        "categories": form.getlist("category"),
        "sectors": [one for one in form.getlist("sector") if one],
        "statuses": form.getlist("status"),
        "area": _area(form),
        "parameters": parameters,
        "control": form.get("control", "fdr"),
        **({name: form.get(name, "none") for name in CHOICES} if method in RATES else {}),
    }


def _area(form: QueryDict) -> dict[str, Any]:
    kind = form.get("area", "city")
    if kind == "wards":
        return {"kind": kind, "wards": form.getlist("ward")}
    return {"kind": kind, "shape": form.get("shape", "")} if kind == "shape" else {"kind": kind}


def offered(asked: Question) -> dict[str, Any]:
    """Return what the form shows: every list with what is chosen, every number with its bounds."""
    language = catalogue.language()
    settled = asked.settled(timezone.localdate())
    since, until = settled.days
    return {
        "methods": [_method(one, asked, language) for one in methods().values()],
        "method": asked.method,
        "periods": [*words.PERIODS.items()],
        "period": asked.period or FREE,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "sectors": [(one["code"], one["name"]) for one in catalogue.sectors()],
        "sector": next(iter(sorted(asked.sectors)), ""),
        "groups": catalogue.sectors(),
        "categories": asked.categories,
        "statuses": [(code, statuses.MARKS[code].name) for code in COUNTED],
        "chosen_statuses": asked.statuses,
        "areas": [*words.AREAS.items()],
        "area": asked.area.kind,
        "wards": list(_wards(language)),
        "chosen_wards": asked.area.wards,
        "shape": asked.area.shape,
        "controls": [(code, words.CONTROLS[code]) for code in CONTROLS],
        "control": asked.control,
        "done": [_choice(field, chosen, language) for field, chosen in asked.done().items()],
    }


def _choice(field: str, chosen: str, language: str) -> dict[str, Any]:
    """Return what a choice offers: what can be had here, and what is chosen already."""
    offered = [
        one for code, one in choices(field).items() if code == chosen or rates.possible(code)
    ]
    return {
        "field": field,
        "name": words.DONE[field],
        "chosen": chosen,
        "options": [(one.code, one.name.said(language)) for one in offered],
        "explained": [(one.code, said) for one in offered if (said := one.explain.said(language))],
    }


def _wards(language: str) -> Iterator[tuple[str, str]]:
    edition = ward_edition()
    own = [ref for of, ref in rulebook.current().areas.values() if of == edition]
    yield from sorted(((ref.code, area_name(ref, language)) for ref in own), key=lambda one: one[1])


def _method(one: Method, asked: Question, language: str) -> dict[str, Any]:
    given = asked.parameters if one.code == asked.method else {}
    return {
        "code": one.code,
        "name": one.name.said(language),
        "explain": one.explain.said(language),
        "tests": one.tests,
        "rates": one.code in RATES,
        "parameters": [
            _parameter(part, given.get(part.code, part.default), one.code, language)
            for part in one.parameters
        ],
    }


def _parameter(one: Parameter, value: float | str, method: str, language: str) -> dict[str, Any]:
    return {
        "field": f"{method}.{one.code}",
        "name": one.name.said(language),
        "help": one.help.said(language),
        "value": json.dumps(value) if not one.choices else value,
        "usual": one.default,
        "least": json.dumps(one.least),
        "most": json.dumps(one.most),
        "step": json.dumps(one.step),
        "unit": words.UNITS[one.unit],
        "when": f"{method}.{one.when}" if one.when else "",
        "choices": [(code, name.said(language)) for code, name in one.choices],
    }
