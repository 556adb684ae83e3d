"""An analysis's result as a map to keep: its classes, its ranked places, its sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.utils import formats
from django.utils.translation import gettext
from shapely import geometry

from incidents.analyses import files, question
from incidents.analyses.kept import Run
from incidents.analyses.methods import Method, choices
from incidents.analyses.question import Question
from map_ui import analysis_words as words
from map_ui import catalogue, figure_words, public_map_document
from map_ui.analysis_colours import COLOURS
from map_ui.documents.making import made_today
from map_ui.documents.map_document import Layer, MapDocument, Mark, Marks, Shaded, Shape, Step
from map_ui.street_ground import with_streets

RANKED: Final = 12
"""Places of the table that are marked."""


def document(run: Run) -> MapDocument:
    """Return a done run's map, in the language that is active. Raises NoResult."""
    asked, language = question.read(run.question, gone=True), catalogue.language()
    method = asked.asked_of
    drawn = MapDocument(
        title=run.analysis.name,
        about=f"{words.says(method, run.told['facts'], language)} {method.says_not.said(language)}",
        layers=_layers(run, method, language),
        source=public_map_document.source(gettext("Source: Wardwise, incidents")),
        made=made_today(),
        language=language,
        parameters=_parameters(run, asked, language),
        notes=tuple(words.warning(one["code"], one["facts"]) for one in run.told["warnings"]),
        places=public_map_document.places(),
    )
    return with_streets(drawn)


def _layers(run: Run, method: Method, language: str) -> tuple[Layer, ...]:
    legend = words.legend(method, run.told["legend"], language)
    numbers = {step["code"]: at for at, step in enumerate(legend)}
    steps = tuple(Step(step["name"], COLOURS[step["code"]]) for step in legend)
    features = json.loads(files.drawn(run.result))["features"]
    shapes = tuple(
        _shape(one, steps, numbers) for one in features if one["properties"]["kind"] in numbers
    )
    places = tuple(_mark(row) for row in run.told["table"][:RANKED])
    return (
        Shaded(method.name.said(language), steps, shapes, _unit(method, steps, language)),
        Marks(gettext("Ranked places"), places),
    )


def _unit(method: Method, steps: tuple[Step, ...], language: str) -> str:
    """Return what the legend counts; classes with words of their own count nothing."""
    named = {words.said(language) for words in method.classes.values()}
    return "" if {step.said for step in steps} & named else method.value.said(language)


def _shape(
    feature: Mapping[str, Any], steps: tuple[Step, ...], numbers: Mapping[str, int]
) -> Shape:
    told = feature["properties"]
    step = numbers[told["kind"]]
    many = figure_words.whole(told["count"])
    label = gettext("%(step)s, incidents: %(count)s") % {"step": steps[step].said, "count": many}
    return Shape(geometry.shape(feature["geometry"]), step, label)


def _mark(row: Mapping[str, Any]) -> Mark:
    named = " · ".join(filter(None, (row["street"], row["ward"])))
    place = named or gettext("unnamed place")
    many = gettext("incidents: %(count)s") % {"count": figure_words.whole(row["count"])}
    rank = str(row["rank"])
    return Mark(row["lon"], row["lat"], f"{rank}. {place}\n{many}", rank)


def _parameters(run: Run, asked: Question, language: str) -> tuple[tuple[str, str], ...]:
    told = [
        (gettext("Period"), words.days(run.question["since"], run.question["until"])),
        (gettext("Categories"), words.what(asked)),
        (gettext("Area"), words.where(asked, language)),
    ]
    usual = {one.code: one.default for one in asked.asked_of.parameters}
    for one in asked.asked_of.parameters:
        if one.when and asked.parameters[one.when] == usual[one.when]:
            continue
        value = asked.parameters[one.code]
        chosen = dict(one.choices).get(str(value))
        said = chosen.said(language) if chosen else _number(value, words.UNITS[one.unit])
        told.append((one.name.said(language), said))
    for field, code in asked.done().items():
        if code != "none":
            told.append((str(words.DONE[field]), choices(field)[code].name.said(language)))
    return tuple(told)


def _number(value: float | str, unit: object) -> str:
    comma = str(formats.get_format("DECIMAL_SEPARATOR"))
    return f"{value:g} {unit}".replace(".", comma).strip()
