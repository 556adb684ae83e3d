"""Values -> lines of ``COPY … FROM STDIN`` in PostgreSQL's text format."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import NoneType
from typing import Any, Final

ESCAPED: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def line(values: Iterable[object]) -> str:
    """Return one row: text, numbers, yes or no, moments, JSON, None.

    Raises KeyError for a value of another type, which nobody has said how to write.
    """
    return "\t".join([_WRITTEN[type(value)](value) for value in values]) + "\n"


def _text(value: str) -> str:
    # All that needs a sign before it is no printable character, but for the sign itself.
    return value if value.isprintable() and "\\" not in value else value.translate(ESCAPED)


def _json(value: object) -> str:
    return _text(json.dumps(value, ensure_ascii=False))


_WRITTEN: Final[Mapping[type, Callable[[Any], str]]] = {
    NoneType: lambda _: r"\N",
    bool: lambda value: "t" if value else "f",
    int: str,
    float: repr,
    str: _text,
    datetime: datetime.isoformat,
    dict: _json,
    list: _json,
}
