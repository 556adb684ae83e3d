"""Names of areas as people write them: the kind, the name, and whether two are the same. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from gis_core.names import folded, spelled

KINDS: Mapping[str, str] = {
    "p": "phuong", "phuong": "phuong", "ward": "phuong",
    "x": "xa", "xa": "xa", "commune": "xa",
    "tt": "thi tran", "thi tran": "thi tran", "township": "thi tran",
    "q": "quan", "quan": "quan", "district": "quan",
    "h": "huyen", "huyen": "huyen",
    "tx": "thi xa", "thi xa": "thi xa",
    "tp": "thanh pho", "thanh pho": "thanh pho", "city": "thanh pho",
    "dac khu": "dac khu", "special zone": "dac khu",
    "tinh": "tinh", "province": "tinh",
}  # fmt: skip
"""How a kind is written -> its kind, all folded."""

FAMILY: Mapping[str, str] = {
    **dict.fromkeys(("phuong", "xa", "thi tran", "dac khu"), "ward"),
    **dict.fromkeys(("quan", "huyen", "thi xa", "thanh pho"), "district"),
    "tinh": "province",
}
"""Kinds that people mistake for one another: what was a commune is now a ward."""

_GLUED = re.compile(r"\b([pqhx])(\d+)\b")
_NUMBER = re.compile(r"0*(\d+)")


@lru_cache(maxsize=4096)
def kind_and_name(text: str) -> tuple[str, str]:
    """Return the folded kind, "" where none was written, and the name as spelled without it."""
    words = _GLUED.sub(r"\1 \2", spelled(text)).split()
    for length in (2, 1):
        for kind, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            if rest and (known := KINDS.get(folded(" ".join(kind)))):
                return known, _number(" ".join(rest))
    return "", _number(" ".join(words))


def agree(typed: str, name: str) -> bool:
    """Tell whether every word is the name's own, or has no marks and is the name's without them."""
    words, own = typed.split(), name.split()
    if not words or len(words) != len(own):
        return False
    return all(one == other or one == folded(other) for one, other in zip(words, own, strict=True))


def _number(name: str) -> str:
    return match[1] if (match := _NUMBER.fullmatch(name)) else name
