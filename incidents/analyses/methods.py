"""What planners may ask: each method with its parameters and its words, from their data file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

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
    """A number with its bounds, or one of a few words (``choices``); ``unit`` "" is none."""

    code: str
    default: Value
    name: Spoken
    help: Spoken
    least: float = 0.0
    most: float = 0.0
    step: float = 1.0
    unit: str = ""
    choices: tuple[tuple[str, Spoken], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it takes whole numbers alone."""
        return not self.choices and float(self.step).is_integer()


@dataclass(frozen=True, slots=True)
class Method:
    """A way to look at many incidents. ``form``: its places are cells, areas or lines.

    ``quick``: over columns it takes less than a second; ``tests``: it compares with chance.
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


def methods() -> Mapping[str, Method]:
    """Return the methods by code, in the order in which they are offered."""
    return _read()[1]


def terms() -> Terms:
    """Return the bounds."""
    return _read()[0]


@cache
def _read() -> tuple[Terms, Mapping[str, Method]]:
    source = resources.files("incidents.analyses") / "methods.toml"
    data = tomllib.loads(source.read_text(encoding="utf-8"))
    found = {code: _method(code, row) for code, row in data["methods"].items()}
    return Terms(**data["terms"]), MappingProxyType(found)


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
        **words,
    )


def _parameter(row: Mapping[str, Any]) -> Parameter:
    given = {**row, "name": Spoken(*row["name"]), "help": Spoken(*row["help"])}
    given["choices"] = tuple(map(_coded, row.get("choices", ())))
    return Parameter(**given)


def _coded(row: Sequence[str]) -> tuple[str, Spoken]:
    code, vietnamese, english = row
    return code, Spoken(vietnamese, english)
