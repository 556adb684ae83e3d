"""What a planner asks, as a value: read from JSON with every part checked, and written as JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from districts import outlines, rulebook
from gis_core.errors import listed
from incidents.analyses.errors import BadQuestion, UnknownMethod, UnreadableQuestion
from incidents.analyses.methods import Method, Parameter, Value, choices, methods
from incidents.analyses.periods import PERIODS, Days
from incidents.desk.own_shapes import read_shape
from incidents.workflow import Status

CITY, WARDS, SHAPE = "city", "wards", "shape"
CONTROLS: Final = ("fdr", "bonferroni", "none")
RATES: Final = frozenset({"getis_ord", "local_moran"})
"""Methods that compare rates as well as counts."""
CHOICES: Final = ("exposure", "reporting", "correction")
"""What may be done to counts before they are compared; each "none" by default."""
COUNTED: Final = tuple(one.value for one in Status if one not in {Status.MERGED, Status.REJECTED})
"""What was merged is counted with what it was merged into; what was rejected is nothing."""
LONGEST_DAYS: Final = 3_660
EARLIEST: Final = date(2000, 1, 1)
DEFAULT_METHOD: Final = "getis_ord"
DEFAULT_PERIOD: Final = "last_90_days"


@dataclass(frozen=True, slots=True)
class AskedArea:
    """The whole city, wards by their codes today, or a shape (GeoJSON of a MultiPolygon)."""

    kind: str = CITY
    wards: tuple[str, ...] = ()
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """Which incidents, and what of them. Empty sets ask for all that counts.

    ``period`` names days that move on (``periods.PERIODS``); "" stands by ``since`` and ``until``,
    both included. ``control``: against finding by chance where much is tested. ``exposure``: what
    counts are divided by. ``reporting``: who reports less is corrected. ``correction``: small
    numbers are drawn towards the mean.
    """

    method: str
    period: str = DEFAULT_PERIOD
    since: date | None = None
    until: date | None = None
    categories: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    area: AskedArea = AskedArea()
    parameters: Mapping[str, Value] = field(default_factory=dict)
    exposure: str = "none"
    reporting: str = "none"
    correction: str = "none"
    control: str = "fdr"

    @property
    def asked_of(self) -> Method:
        """The method."""
        return methods()[self.method]

    @property
    def days(self) -> Days:
        """The first and the last day of a question whose days are filled in."""
        if self.since is None or self.until is None:
            msg = "settled() fills in the days"
            raise ValueError(msg)
        return self.since, self.until

    def settled(self, today: date) -> Question:
        """Return the question with the days that its period is today."""
        if not self.period:
            return self
        since, until = PERIODS[self.period](today)
        return replace(self, since=since, until=until)

    def over(self, days: Days) -> Question:
        """Return the same question over these days."""
        since, until = days
        return replace(self, period="", since=since, until=until)

    def number(self, parameter: str) -> float:
        """Return a parameter that is a number."""
        return float(self.parameters[parameter])

    def kinds(self) -> frozenset[str]:
        """Return the categories that are asked for, those of its sectors among them; {} for all."""
        known = rulebook.current().categories
        of_sectors = {code for code, one in known.items() if one.sector in self.sectors}
        return self.categories | of_sectors

    def done(self) -> Mapping[str, str]:
        """Return what is done to counts before they are compared, by field; "none" for nothing."""
        return {name: getattr(self, name) for name in CHOICES}

    def as_json(self) -> dict[str, Any]:
        """Return it as ``read`` takes it."""
        area = {"kind": self.area.kind, "wards": list(self.area.wards)}
        return {
            "method": self.method,
            "period": self.period,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "categories": sorted(self.categories),
            "sectors": sorted(self.sectors),
            "statuses": sorted(self.statuses),
            "area": area | ({"shape": json.loads(self.area.shape)} if self.area.shape else {}),
            "parameters": dict(self.parameters),
            **self.done(),
            "control": self.control,
        }


def read(data: object, *, gone: bool = False) -> Question:
    """Return the question that JSON holds; what is missing is as usual.

    ``gone``: it was asked before, and is read to be shown; wards, categories and sectors that there
    are no more stay in it. Raises UnreadableQuestion, UnknownMethod, BadQuestion, and
    ``own_shapes``' errors for a shape.
    """
    if not isinstance(data, Mapping) or not all(isinstance(key, str) for key in data):
        raise UnreadableQuestion
    method = _method(data.get("method", DEFAULT_METHOD))
    period, since, until = _period(data)
    known = rulebook.current().categories
    sectors = {one.sector for one in known.values()}
    return Question(
        method=method.code,
        period=period,
        since=since,
        until=until,
        categories=_among("categories", data, None if gone else known),
        sectors=_among("sectors", data, None if gone else sectors),
        statuses=_among("statuses", data, COUNTED),
        area=_area(data.get("area") or {"kind": CITY}, gone=gone),
        parameters=_parameters(method, data.get("parameters") or {}),
        **{name: _done(name, data, method) for name in CHOICES},
        control=_one("control", data.get("control", "fdr"), CONTROLS),
    )


def _method(code: object) -> Method:
    known = methods()
    if not isinstance(code, str) or code not in known:
        raise UnknownMethod(method=str(code)[:60], possible=", ".join(known))
    return known[code]


def _done(name: str, data: Mapping[str, Any], method: Method) -> str:
    possible = [*choices(name)] if method.code in RATES else ["none"]
    return _one(name, data.get(name, "none"), possible)


def _one(name: str, value: object, possible: Iterable[str]) -> str:
    known = list(possible)
    if not isinstance(value, str) or value not in known:
        raise BadQuestion(field=name, value=str(value)[:60], possible=listed(known))
    return value


def _among(name: str, data: Mapping[str, Any], possible: Iterable[str] | None) -> frozenset[str]:
    """Return the words that are given; None: any are possible."""
    given = data.get(name) or []
    if not isinstance(given, Sequence) or isinstance(given, str) or len(given) > 1_000:
        raise BadQuestion(field=name, value=str(given)[:60], possible="[…]")
    known = sorted(map(str, given) if possible is None else possible)
    return frozenset(_one(name, one, known) for one in given)


def _period(data: Mapping[str, Any]) -> tuple[str, date | None, date | None]:
    named = data.get("period", "" if data.get("since") else DEFAULT_PERIOD)
    if named:
        return _one("period", named, PERIODS), _day(data, "since"), _day(data, "until")
    since, until = _day(data, "since"), _day(data, "until")
    if since is None or until is None:
        raise BadQuestion(
            field="since" if since is None else "until", value="", possible="YYYY-MM-DD"
        )
    if until < since or (until - since).days > LONGEST_DAYS:
        possible = f"{since} + 0 … {LONGEST_DAYS} d"
        raise BadQuestion(field="until", value=until, possible=possible)
    return "", since, until


def _day(data: Mapping[str, Any], name: str) -> date | None:
    written = data.get(name)
    if not written:
        return None
    try:
        day = date.fromisoformat(str(written))
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day < date(2200, 1, 1):
        raise BadQuestion(field=name, value=str(written)[:30], possible="YYYY-MM-DD")
    return day


def _area(given: object, *, gone: bool) -> AskedArea:
    if not isinstance(given, Mapping):
        raise BadQuestion(field="area", value=str(given)[:60], possible="city, wards, shape")
    kind = _one("area", given.get("kind"), (CITY, WARDS, SHAPE))
    if kind == WARDS:
        wards = sorted(_among("wards", given, None if gone else _ward_codes()))
        if not wards:
            raise BadQuestion(field="wards", value="", possible="1 …")
        return AskedArea(WARDS, tuple(wards))
    if kind == SHAPE:
        drawn = given.get("shape")
        text = drawn if isinstance(drawn, str) else json.dumps(drawn)
        return AskedArea(SHAPE, shape=read_shape(text).geojson)
    return AskedArea()


def _ward_codes() -> list[str]:
    book = rulebook.current()
    edition = ward_edition()
    return [area.code for of, area in book.areas.values() if of == edition]


def ward_edition() -> int | None:
    """Return the id of the ward edition in force, else of the last one; None without any."""
    found = outlines.ward_edition()
    return found.id if found else None


def _parameters(method: Method, given: object) -> Mapping[str, Value]:
    if not isinstance(given, Mapping):
        raise BadQuestion(field="parameters", value=str(given)[:60], possible="{…}")
    known = {one.code for one in method.parameters}
    if unknown := sorted(set(map(str, given)) - known):
        raise BadQuestion(field=unknown[0][:60], value="…", possible=", ".join(sorted(known)))
    return MappingProxyType({
        one.code: _value(one, given.get(one.code, one.default)) for one in method.parameters
    })  # fmt: skip


def _value(parameter: Parameter, given: object) -> Value:
    if parameter.choices:
        return _one(parameter.code, given, (code for code, _ in parameter.choices))
    try:
        number = float(str(given).replace(",", "."))
    except ValueError:
        number = math.nan
    fits = parameter.least <= number <= parameter.most
    if not fits or (parameter.whole and not number.is_integer()):
        possible = f"{parameter.least:g} … {parameter.most:g}"
        raise BadQuestion(field=parameter.code, value=str(given)[:30], possible=possible)
    return int(number) if parameter.whole else number
