"""Names of wards and districts before July 2025 and what became of them, from the same tables."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from typing import Any

from districts.approximate.tables import key_of, read_tables

MAIN_SHARE = 0.6
"""Of a ward that was divided, what the tables' default successor is taken to have got."""
KINDS: Mapping[str, str] = {
    "phuong": "Phường", "xa": "Xã", "thitran": "Thị trấn",
    "quan": "Quận", "huyen": "Huyện", "thixa": "Thị xã",
}  # fmt: skip
"""How the tables' other names begin -> the kind."""
WRITTEN = (*KINDS.values(), "Thành phố", "Tỉnh")
"""How names of wards, districts and provinces begin."""


@dataclass(frozen=True, slots=True)
class Became:
    """A present ward's code, the share of the old area in it, and the share of it from there."""

    code: str
    share: float
    back_share: float


@dataclass(frozen=True, slots=True)
class FormerName:
    """A ward or district that is gone. ``within`` is a ward's district: "Quận 3"."""

    level: str
    """``ward``, ``district`` or ``province``."""
    code: str
    kind: str
    name: str
    within: str
    became: tuple[Became, ...]
    gone: date | None = None
    """The day from which it was gone, where it was before the last change."""


def former_names(province: str) -> list[FormerName]:
    """Return what a province's wards and districts were called; none twice. Raises NoTables.

    Besides the names of the last years also those that the tables know as other names: of wards
    and districts that had been merged before, whose successors are those of what they merged into.
    """
    rows, became, spellings = _tables(province)
    wards = [one for row in rows for one in _wards(row, became[key_of(row)], spellings)]
    wards.extend(_before_2021(province, wards))
    districts = [one for row in rows for one in _districts(row, became, spellings)]
    found = [*wards, *_of_districts(districts, wards), *_provinces(province, rows, became)]
    names: dict[tuple[str, str, str, str], FormerName] = {}
    for one in found:
        names.setdefault((one.level, one.within, one.kind, one.name), one)
    return list(names.values())


def _tables(
    province: str,
) -> tuple[list[sqlite3.Row], Mapping[str, tuple[Became, ...]], Mapping[str, str]]:
    tables = read_tables(province)
    codes = {row["wardKey"]: row["wardCode"] for row in tables.present}
    rows = [row for row in tables.former if row["provinceKey"] in tables.merged]
    return rows, _became(tables.converter, province, codes), _spellings(rows, tables.former)


def _became(
    converter: Mapping[str, Any], province: str, codes: Mapping[str, str]
) -> Mapping[str, tuple[Became, ...]]:
    """Return by a former ward's key what became of it."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    for new, olds in converter["DICT_PROVINCE_WARD_NO_DIVIDED"][province].items():
        for old in olds:
            shares[old][codes[new]] = 1.0
    for old, parts in converter["DICT_PROVINCE_WARD_DIVIDED"][province].items():
        rest = (1 - MAIN_SHARE) / max(len(parts) - 1, 1)
        for part in parts:
            share = MAIN_SHARE if part["isDefaultNewWard"] else rest
            shares[old][codes[part["newWardKey"]]] = share
    # How large the old wards were is not known: each gave its share of an equal part.
    whole: dict[str, float] = defaultdict(float)
    for parts in shares.values():
        for code, one in parts.items():
            whole[code] += one
    found: dict[str, tuple[Became, ...]] = defaultdict(tuple)
    for old, parts in shares.items():
        ranked = sorted(parts.items(), key=lambda part: (-part[1], part[0]))
        found[old] = tuple(Became(code, one, one / whole[code]) for code, one in ranked)
    return found


def _spellings(own: Iterable[sqlite3.Row], every: Iterable[sqlite3.Row]) -> dict[str, str]:
    """Return names with their marks by the tables' keys, where only one spelling is met."""
    found: dict[str, str] = {}
    for rows in (every, own):
        by_key: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            if row["wardCode"]:
                by_key[row["wardShortKey"]].add(row["wardShort"])
        found.update({key: names.pop() for key, names in by_key.items() if len(names) == 1})
    return found


def _wards(
    row: sqlite3.Row, became: tuple[Became, ...], spellings: Mapping[str, str]
) -> Iterator[FormerName]:
    if not row["wardCode"]:
        return
    (kind, name), within = _parted(row["ward"]), row["district"]
    yield FormerName("ward", row["wardCode"], kind, name, within, became)
    for other_kind, other in _other_names(row["wardAlias"], spellings):
        yield FormerName("ward", row["wardCode"], other_kind, other, within, became)


def _districts(
    row: sqlite3.Row, became: Mapping[str, tuple[Became, ...]], spellings: Mapping[str, str]
) -> Iterator[FormerName]:
    kind, name = _parted(row["district"])
    code, within = row["districtCode"], row["district"]
    # An island without wards: the district itself became one.
    whole = () if row["wardCode"] else became[key_of(row)]
    yield FormerName("district", code, kind, name, within, whole)
    for other_kind, other in _other_names(row["districtAlias"], spellings):
        yield FormerName("district", code, other_kind, other, within, whole)


def _parted(title: str) -> tuple[str, str]:
    """Return kind and name of "Phường 5": the tables' own columns for them are at odds."""
    kind = next(one for one in WRITTEN if title.startswith(f"{one} "))
    return kind, title.removeprefix(f"{kind} ")


def _other_names(aliases: str | None, spellings: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield kind and name of the other names in a cell, those whose marks are known."""
    for alias in json.loads(aliases or "[]"):
        for written, kind in KINDS.items():
            key = alias.removeprefix(written)
            if key != alias and key.isdigit():
                yield kind, str(int(key))
            elif key != alias and key in spellings:
                yield kind, spellings[key]


def _before_2021(province: str, wards: Sequence[FormerName]) -> Iterator[FormerName]:
    """Yield the wards of a city that was made of districts, under those districts."""
    text = resources.files(__package__).joinpath("former.toml").read_text(encoding="utf-8")
    facts = tomllib.loads(text)
    if facts["province"] != province:
        return
    of_code = {one.code: one.name for one in reversed(wards) if one.within == facts["of"]}
    for district, names in facts["districts"].items():
        for one in wards:
            if one.within == facts["of"] and of_code[one.code] in names:
                yield replace(one, within=district, gone=facts["gone"])


def _of_districts(
    districts: Sequence[FormerName], wards: Sequence[FormerName]
) -> Iterator[FormerName]:
    """Yield each district with what became of its wards."""
    own = {f"{one.kind} {one.name}": one for one in districts}
    by_district: dict[str, dict[str, FormerName]] = defaultdict(dict)
    for ward in reversed(wards):
        by_district[ward.within][ward.code] = ward
    for title in sorted(by_district.keys() - own.keys()):
        own[title] = FormerName("district", "", *_parted(title), title, ())
    for title, one in own.items():
        ones = list((by_district.get(title) or by_district.get(one.within, {})).values())
        became = _together(ones) or one.became
        yield replace(one, within="", became=became, gone=ones[0].gone if ones else None)


def _provinces(
    province: str, rows: Sequence[sqlite3.Row], became: Mapping[str, tuple[Became, ...]]
) -> Iterator[FormerName]:
    """Yield the provinces that were joined to this one."""
    by_province: dict[str, list[sqlite3.Row]] = defaultdict(list)
    for row in rows:
        if row["provinceKey"] != province:
            by_province[row["province"]].append(row)
    for title, own in by_province.items():
        kind, name = _parted(title)
        parts = [FormerName("ward", "", "", "", "", became[key_of(row)]) for row in own]
        yield FormerName("province", own[0]["provinceCode"], kind, name, "", _together(parts))


def _together(wards: Sequence[FormerName]) -> tuple[Became, ...]:
    shares: dict[str, float] = defaultdict(float)
    back: dict[str, float] = defaultdict(float)
    for ward in wards:
        for part in ward.became:
            shares[part.code] += part.share / len(wards)
            back[part.code] += part.back_share
    ranked = sorted(shares.items(), key=lambda part: (-part[1], part[0]))
    return tuple(Became(code, share, min(back[code], 1.0)) for code, share in ranked)
