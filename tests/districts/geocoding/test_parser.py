"""What is read of a text about where, before any gazetteer is asked: what people write.

The table is ``parser_cases.txt``: a text, "=>", and its mentions in the notation of ``_told``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from districts.geocoding.parsed import (
    AreaName,
    AssetNumber,
    Elsewhere,
    Junction,
    Landmark,
    Mention,
    Milestone,
    Parsed,
    Pin,
    Relation,
    Street,
    Stretch,
    Window,
)
from districts.geocoding.parser import parse

Said = Callable[[Window], str]

CASES = Path(__file__).with_name("parser_cases.txt")


def _cases() -> Iterator[tuple[str, list[str]]]:
    for line in CASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, told = line.rpartition(" => ")
            yield text, told.split("; ")


@pytest.mark.parametrize(("text", "wanted"), list(_cases()))
def test_the_mentions_are_read_in_order(text: str, wanted: list[str]) -> None:
    parsed = parse(text)
    told = [_told(parsed, mention) for mention in parsed.mentions]
    if wanted == ["nothing"]:
        assert told == []
        return
    rest = iter(told)
    assert all(one in rest for one in wanted), told


def test_the_table_is_large() -> None:
    assert len(list(_cases())) >= 200


def _told(parsed: Parsed, mention: Mention) -> str:
    return _TELL[type(mention)](mention, lambda window: _said(parsed, window))


def _said(parsed: Parsed, window: Window) -> str:
    return " ".join(token.spelled for token in parsed.words(window))


def _street(street: Street, said: Said) -> str:
    alleys, name = "/".join(street.alleys), said(street.name) + _how(street.relation)
    if street.house:
        return f"house {street.house}{f' in {alleys}' if alleys else ''} @ {name}"
    return f"alley {alleys} @ {name}" if alleys else f"street @ {name}"


def _junction(junction: Junction, said: Said) -> str:
    return "junction " + " x ".join(map(said, junction.streets)) + _how(junction.relation)


def _stretch(stretch: Stretch, said: Said) -> str:
    told = f"stretch {said(stretch.street)} | {said(stretch.begin)} > {said(stretch.end)}"
    return " ".join(told.split())


def _landmark(landmark: Landmark, said: Said) -> str:
    return f"landmark {said(landmark.name)}{_how(landmark.relation, landmark.distance_m)}"


def _how(relation: Relation, metres: float | None = None) -> str:
    if relation is Relation.AT:
        return ""
    return f" ({relation.value}, {metres:.0f} m)" if metres else f" ({relation.value})"


_TELL = {
    Street: _street,
    Junction: _junction,
    Stretch: _stretch,
    Landmark: _landmark,
    AreaName: lambda area, _: " ".join(f"area {area.kind} {area.text}".split()),
    Milestone: lambda post, said: f"km {post.km:g} @ {said(post.road)}",
    AssetNumber: lambda asset, _: f"number {asset.cue} {asset.number}",
    Pin: lambda pin, _: f"pin {pin.lonlat.lat:.5f} {pin.lonlat.lon:.5f} {pin.how}",
    Elsewhere: lambda elsewhere, _: f"elsewhere {elsewhere.name}",
}
