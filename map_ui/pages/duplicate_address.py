"""What the address of the page of possible duplicates asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.http import urlencode

from map_ui.pages.console import number

MOST_CHOSEN: Final = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """A line of the queue, or incidents chosen by hand; nothing: the likeliest."""

    line: str = ""
    """``pair=3`` or ``group=12``."""
    chosen: tuple[int, ...] = ()
    start: int = 0
    """From which line on the list is shown."""
    back: int = 0
    """The incident whose page was left for this one."""

    @property
    def anything(self) -> bool:
        """Whether something is named."""
        return bool(self.line or self.chosen)

    @property
    def typed(self) -> str:
        """The chosen numbers as somebody types them."""
        return ", ".join(map(str, self.chosen))

    @property
    def query(self) -> str:
        """The address's query."""
        line = self.line.split("=") if self.line else ("chosen", ",".join(map(str, self.chosen)))
        parts = (tuple(line), ("from", self.start), ("return", self.back))
        return urlencode([(name, value) for name, value in parts if value])


def read_asked(said: QueryDict) -> Asked:
    """Return what an address asks for; what cannot be read asks for nothing."""
    name = next((name for name in ("pair", "group") if name in said), "")
    together = f"{said.get('with', '')} {said.get('chosen', '')}"
    return Asked(
        f"{name}={number(said.get(name))}" if name else "",
        read_numbers(together),
        number(said.get("from")),
        number(said.get("return")),
    )


def asked_before(said: QueryDict, chosen: Sequence[int]) -> Asked:
    """Return what was looked at when a form was sent."""
    line = read_line(said.get("at", ""))
    kept = () if line else tuple(chosen)
    return Asked(line, kept, number(said.get("from")), number(said.get("return")))


def read_line(text: str) -> str:
    """Return a line of the queue as a form names it; "" for what is none."""
    name, _, value = text.partition("=")
    return f"{name}={number(value)}" if name in {"pair", "group"} else ""


def read_numbers(text: str) -> tuple[int, ...]:
    """Return the numbers of incidents as somebody types them: "12, #15 19"."""
    found = dict.fromkeys(number(one) for one in re.findall(r"[0-9]+", text))
    return tuple(one for one in found if one)[:MOST_CHOSEN]
