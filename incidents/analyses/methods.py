"""What planners may ask: each method with its parameters and its words, from their data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any, NamedTuple

from gis_core.languages import in_language

Value = float | str


@dataclass(frozen=True, slots=True)
class Spoken:
    """The same words in Vietnamese and in English."""

    vi: str
    en: str

    def said(self, language: str) -> str:
        """Return the words in a language."""
        return in_language(language, self.vi, self.en)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number with its bounds, or one of a few words (``choices``); ``unit`` "" is none.

    ``when``: it matters only where that other parameter is not what it is by default.
    """

    code: str
    default: Value
    name: Spoken
    help: Spoken
    least: float = 0.0
    most: float = 0.0
    step: float = 1.0
    unit: str = ""
    choices: tuple[tuple[str, Spoken], ...] = ()
    when: str = ""

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers alone."""
        return not self.choices and float(self.step).is_integer()


@dataclass(frozen=True, slots=True)
class Method:
    """A way to look at many incidents. ``form``: its places are cells, areas or lines.

    ``quick``: over columns it takes less than a second; ``tests``: it compares with chance;
    ``steps``: while it is reckoned it can tell how far it is.
    """

    code: str
    form: str
    quick: bool
    tests: bool
    name: Spoken
    explain: Spoken
    says: Spoken
    says_not: Spoken
    value: Spoken
    classes: Mapping[str, Spoken]
    parameters: tuple[Parameter, ...]
    steps: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be done to counts; ``explain`` says what for, ``told`` that it was done."""

    code: str
    name: Spoken
    explain: Spoken
    told: Spoken


@dataclass(frozen=True, slots=True)
class Terms:
    """Bounds that are data."""

    unsaved_days: int
    result_days: int
    lease_s: int
    most_tries: int
    most_cells: int
    shown: int
    ranked: int
    few: int
    heard_days: int
    least_heard: float


class _Data(NamedTuple):
    terms: Terms
    choices: Mapping[str, Mapping[str, Choice]]
    methods: Mapping[str, Method]


def methods() -> Mapping[str, Method]:
    """Return the methods by code, in the order in which they are offered."""
    return _read().methods


def choices(field: str) -> Mapping[str, Choice]:
    """Return what a field of a question (exposure, reporting, correction) may be, "none" first."""
    return _read().choices[field]


def terms() -> Terms:
    """Return the bounds."""
    return _read().terms


@cache
def _read() -> _Data:
    source = resources.files("incidents.analyses") / "methods.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    found = {code: _method(code, row) for code, row in data["methods"].items()}
    may = {
        field: MappingProxyType({code: _choice(code, row) for code, row in rows.items()})
        for field, rows in data["choices"].items()
    }
    return _Data(Terms(**data["terms"]), MappingProxyType(may), MappingProxyType(found))


def _choice(code: str, row: Mapping[str, Any]) -> Choice:
    said = (Spoken(*row.get(name, ("", ""))) for name in ("name", "explain", "told"))
    return Choice(code, *said)


def _method(code: str, row: Mapping[str, Any]) -> Method:
    words = {key: Spoken(*row[key]) for key in ("name", "explain", "says", "value")}
    return Method(
        code=code,
        form=row["form"],
        quick=row["quick"],
        tests=row["tests"],
        says_not=Spoken(*row["not"]),
        classes=MappingProxyType(dict(map(_coded, row["classes"]))),
        parameters=tuple(map(_parameter, row["parameters"])),
        steps=row.get("steps", True),
        **words,
    )


def _parameter(row: Mapping[str, Any]) -> Parameter:
    given = {**row, "name": Spoken(*row["name"]), "help": Spoken(*row["help"])}
    given["choices"] = tuple(map(_coded, row.get("choices", ())))
    return Parameter(**given)


def _coded(row: Sequence[str]) -> tuple[str, Spoken]:
    code, vietnamese, english = row
    return code, Spoken(vietnamese, english)
