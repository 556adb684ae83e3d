"""Rows of a TOML file -> the dataclass that describes them; what is wrong is noted. Pure.

A key that the class does not have is a problem, a field without a default that the row does not
have is one, and so is a value of another type.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from districts.catalogue_records import Key, Longest, PerLanguage, Wording

Row = Mapping[str, Any]

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """What is wrong, and where: the file, and the row and key in it."""

    file: str
    where: str
    what: str

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.where}: {self.what}" if self.where else f"{self.file}: {self.what}"
        )


class _Bad(Exception):
    """A value is not what its field asks for."""


class Reader:
    """One TOML file, read row by row; what is wrong is noted, not raised."""

    def __init__(self, path: Path, languages: Sequence[str] | None = None) -> None:
        """Read ``path``; without ``languages`` the file's own key of that name says them."""
        self.file = path.name
        self.problems: list[Problem] = []
        self._read: set[str] = set()
        self._document = self._parse(path)
        own = self._document.get("languages", ())
        self._languages = [str(one) for one in (own if languages is None else languages)]

    def _parse(self, path: Path) -> Row:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self._note("", "the file is missing")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self._note("", f"is not TOML: {error}")
        return {}

    def _note(self, where: str, what: str) -> None:
        self.problems.append(Problem(self.file, where, what))

    def whole(self, shape: type[T]) -> T | None:
        """Return the whole file as one ``shape``; None when something was wrong."""
        if self.problems:
            return None
        self._read = set(self._document)
        return self._build(shape, self._document, "")

    def table(self, name: str, shape: type[T], *, needed: bool = True) -> tuple[T, ...]:
        """Return the rows of ``[[name]]`` that could be read."""
        self._read.add(name)
        rows = self._document.get(name)
        if rows is None:
            if needed and not self.problems:
                self._note("", f"has no [[{name}]]")
            return ()
        try:
            return self._rows(shape, rows, name)
        except _Bad as error:
            self._note(name, str(error))
            return ()

    def refuse_unread(self) -> None:
        """Note every table that nobody asked for: a misspelt name would be lost in silence."""
        for name in self._document.keys() - self._read:
            self._note(name, "is not a known key")

    def _rows(self, shape: type[T], rows: object, where: str) -> tuple[T, ...]:
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _Bad(f"must be tables, written [[{where}]]")
        labels = [row.get("code") or number for number, row in enumerate(rows, 1)]
        named = zip(labels, rows, strict=True)
        built = [self._build(shape, row, f"{where} {label}") for label, row in named]
        return tuple(one for one in built if one is not None)

    def _build(self, shape: type[T], row: Row, where: str) -> T | None:
        before = len(self.problems)
        values: dict[str, Any] = {}
        places = _places(shape)
        known = {key for place in places for key in place.keys(self._languages)}
        for place in places:
            self._fill(values, place, row, where)
        for name in row.keys() - known:
            self._note(_join(where, name), "is not a known key")
        return shape(**values) if len(self.problems) == before else None

    def _fill(self, values: dict[str, Any], place: _Place, row: Row, where: str) -> None:
        """Put the field's value into ``values``, unless its default stands or it is wrong."""
        keys = place.keys(self._languages)
        missing = [name for name in keys if name not in row]
        for name in missing if place.required else ():
            self._note(_join(where, name), "is missing")
        if missing:
            return
        try:
            values[place.name] = self._value(place, [row[name] for name in keys], where)
        except _Bad as error:
            self._note(_join(where, ", ".join(keys)), str(error))

    def _value(self, place: _Place, found: Sequence[object], where: str) -> object:
        if place.prefix is not None:
            texts = [_text(one, place) for one in found]
            return Wording(zip(self._languages, texts, strict=True))
        [value] = found
        inner = get_args(place.hint)[0] if get_origin(place.hint) is tuple else None
        if isinstance(place.hint, type) and is_dataclass(place.hint):
            return self._nested(place.hint, value, _join(where, place.key))
        if isinstance(inner, type) and is_dataclass(inner):
            return self._rows(inner, value, place.key)
        return _text(value, place) if place.hint is str else _plain(place.hint, value)

    def _nested(self, shape: type[T], value: object, where: str) -> T | None:
        if not isinstance(value, dict):
            raise _Bad(f"must be a table, written [{where}]")
        return self._build(shape, value, where)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a field asks of the file."""

    name: str
    key: str
    hint: object
    required: bool
    longest: int
    prefix: str | None
    """Set where the text stands once a language."""

    def keys(self, languages: Sequence[str]) -> list[str]:
        """Return the keys of the file that fill the field."""
        if self.prefix is None:
            return [self.key]
        return [self.prefix + language for language in languages]


@cache
def _places(shape: type[DataclassInstance]) -> tuple[_Place, ...]:
    hints = get_type_hints(shape, include_extras=True)
    return tuple(
        _place(one.name, hints[one.name], required=one.default is MISSING) for one in fields(shape)
    )


def _place(name: str, hint: object, *, required: bool) -> _Place:
    marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    bare = get_args(hint)[0] if marks else hint
    return _Place(
        name=name,
        key=next((mark.name for mark in marks if isinstance(mark, Key)), name),
        hint=_without_none(bare),
        required=required,
        longest=next((mark.characters for mark in marks if isinstance(mark, Longest)), 1000),
        prefix=next((mark.prefix for mark in marks if isinstance(mark, PerLanguage)), None),
    )


def _without_none(hint: object) -> object:
    if get_origin(hint) not in (Union, UnionType):
        return hint
    [only] = [one for one in get_args(hint) if one is not type(None)]
    return only


def _join(where: str, name: str) -> str:
    return f"{where}: {name}" if where else name


def _text(value: object, place: _Place) -> str:
    if not isinstance(value, str):
        raise _Bad("must be text")
    if place.required and not value.strip():
        raise _Bad("is empty")
    if len(value) > place.longest:
        raise _Bad(f"is longer than {place.longest} characters")
    return value


def _whole_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Bad("must be a whole number")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _Bad("must be a number")
    return float(value)


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Bad("must be true or false")
    return value


def _day(value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise _Bad("must be a day, written 2026-01-31 without quotes")
    return value


def _word(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _Bad("must be text")
    return value


_PLAIN: Mapping[object, Callable[[object], object]] = {
    int: _whole_number,
    float: _number,
    bool: _truth,
    date: _day,
    str: _word,
}


def _plain(wanted: object, value: object) -> object:
    """Return ``value`` as a ``wanted``: number, day, one of an enum, list or table of them."""
    if wanted in _PLAIN:
        return _PLAIN[wanted](value)
    if get_origin(wanted) is tuple:
        return _sequence(get_args(wanted), value)
    if isinstance(wanted, type) and issubclass(wanted, StrEnum):
        return _one_of(wanted, value)
    return _numbers(value)


def _sequence(wanted: tuple[Any, ...], value: object) -> tuple[object, ...]:
    if not isinstance(value, list):
        raise _Bad("must be a list")
    if wanted[-1] is not Ellipsis and len(value) != len(wanted):
        raise _Bad(f"must have {len(wanted)} values")
    return tuple(_plain(wanted[0], one) for one in value)


def _numbers(value: object) -> dict[str, float]:
    if not isinstance(value, dict):
        raise _Bad("must be a table of numbers")
    return {name: _number(one) for name, one in value.items()}


def _one_of(wanted: type[StrEnum], value: object) -> StrEnum:
    try:
        return wanted(str(value))
    except ValueError:
        allowed = ", ".join(wanted)
        raise _Bad(f'is "{value}"; it must be one of {allowed}') from None
