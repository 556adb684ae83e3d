"""What a file's columns and words mean: a TOML file, read and checked whole. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from gis_core.errors import N_, DomainError
from incidents.imports.projected import is_known
from incidents.workflow import Status

NEEDED: Final = ("external_id", "reported_at", "lon", "lat", "category")
OPTIONAL: Final = ("text", "status", "agency", "closed_at", "address")
DEFAULT: Final = "default"
EPOCHS: Final = {"epoch": 1.0, "epoch_ms": 1000.0}
"""Forms of times that are numbers: how many of their units are a second."""
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STATUSES: Final = (
    Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.CLOSED, Status.REJECTED,
)  # fmt: skip
"""What another system can tell of; the other statuses are steps of our own people."""
LONGEST_NAME: Final = 23
"""With "import:" before it the name is a channel, of at most 30 characters."""

_KNOWN: Final[Table[str, tuple[str, ...]]] = {
    "": ("name", "columns", "time", "position", "category_map", "status_map", "agency_map"),
    "columns": (*NEEDED, *OPTIONAL),
    "time": ("format", "zone"),
    "position": ("method", "accuracy_m", "crs"),
}


class BrokenMapping(DomainError):
    """The mapping file cannot be read, or says something that cannot be."""

    code = "import.bad_mapping"
    status = 422
    message = N_(
        "%(file)s is no mapping to import by; nothing was imported. Correct this:\n%(problems)s"
    )


@dataclass(frozen=True, slots=True)
class Mapping:
    """Which column holds what, and what the file's words are called here."""

    name: str
    columns: Table[str, str]
    """By our name: the file's. A name that is optional may be missing."""
    categories: Table[str, str]
    statuses: Table[str, str] = field(default_factory=dict)
    agencies: Table[str, str] = field(default_factory=dict)
    time_format: str = ""
    """As ``strptime`` reads it; "" for ISO 8601; "epoch", "epoch_ms": since 1970 in UTC."""
    time_zone: str = ""
    """Of times that do not say theirs; "" for the city's."""
    method: str = "import"
    accuracy_m: float | None = None
    """None: what the city file says of ``method``, else 0."""
    crs: str = ""
    """What the coordinates are of, such as EPSG:2248; "" for degrees of WGS 84."""

    @property
    def channel(self) -> str:
        """The channel under which external ids are unique."""
        return f"import:{self.name}"


def read_mapping(path: Path) -> Mapping:
    """Return the mapping of a TOML file. Raises BrokenMapping with every problem in it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenMapping(file=path.name, problems=f"  {error}") from error
    if problems := list(_problems(table)):
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise BrokenMapping(file=path.name, problems=listed)
    time, position = table.get("time", {}), table.get("position", {})
    return Mapping(
        name=table["name"],
        columns=table["columns"],
        categories=table["category_map"],
        statuses=table.get("status_map", {}),
        agencies=table.get("agency_map", {}),
        time_format=time.get("format", ""),
        time_zone=time.get("zone", ""),
        method=position.get("method", "import"),
        accuracy_m=position.get("accuracy_m"),
        crs=position.get("crs", ""),
    )


def _problems(table: dict[str, Any]) -> Iterator[str]:
    name = table.get("name")
    if not (isinstance(name, str) and _NAME.fullmatch(name) and len(name) <= LONGEST_NAME):
        yield f"name: small letters, digits and hyphens, at most {LONGEST_NAME} characters"
    for part in ("columns", "category_map"):
        if not isinstance(table.get(part), dict):
            yield f"[{part}] is missing"
    for part, known in _KNOWN.items():
        own = table.get(part, {}) if part else table
        for key in sorted(set(own if isinstance(own, dict) else ()) - set(known)):
            yield f"{f'[{part}] ' if part else ''}{key} is not known; known: {', '.join(known)}"
    yield from _columns(_part(table, "columns"))
    yield from _words(table)
    yield from _measures(_part(table, "time"), _part(table, "position"))


def _part(table: dict[str, Any], name: str) -> dict[str, Any]:
    part = table.get(name, {})
    return part if isinstance(part, dict) else {}


def _columns(columns: dict[str, Any]) -> Iterator[str]:
    for key in NEEDED:
        if key not in columns:
            yield f"[columns] {key} is missing"
    for key, value in columns.items():
        if not (isinstance(value, str) and value):
            yield f"[columns] {key} must be the name of a column"


def _words(table: dict[str, Any]) -> Iterator[str]:
    for part in ("category_map", "status_map", "agency_map"):
        for word, meaning in _part(table, part).items():
            if not isinstance(meaning, str):
                yield f'[{part}] "{word}" must be a code'
    statuses = {status.value for status in STATUSES}
    for word, meaning in _part(table, "status_map").items():
        if meaning not in statuses:
            yield f'[status_map] "{word}" must be one of {", ".join(sorted(statuses))}'


def _measures(time: dict[str, Any], position: dict[str, Any]) -> Iterator[str]:
    zone, accuracy = time.get("zone", "UTC"), position.get("accuracy_m", 0)
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError, TypeError):
        yield f'[time] zone "{zone}" is not a time zone'
    if not _reads_times(time.get("format", "")):
        yield (
            "[time] format must be a text such as %d/%m/%Y %H:%M, or epoch, or epoch_ms; "
            "leave it out for ISO 8601"
        )
    if not isinstance(accuracy, int | float) or not 0 <= accuracy <= 50_000:
        yield "[position] accuracy_m must be metres, 0 to 50000"
    if not re.fullmatch(r"[a-z_-]{1,20}", str(position.get("method", "import"))):
        yield "[position] method: small letters, at most 20"
    crs = position.get("crs", "")
    if not isinstance(crs, str) or (crs and not is_known(crs)):
        yield f'[position] crs "{crs}" is no coordinate reference system; write it as EPSG:2248'


def _reads_times(form: object) -> bool:
    """Tell whether a form reads back what it writes, day and year at least."""
    if form in {"", *EPOCHS}:
        return True
    moment = datetime(2024, 12, 31, 23, 58, tzinfo=UTC)
    try:
        back = datetime.strptime(moment.strftime(str(form)), str(form))  # noqa: DTZ007  days alone
    except ValueError:
        return False
    return isinstance(form, str) and back.date() == moment.date()
