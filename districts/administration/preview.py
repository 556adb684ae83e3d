"""What a changed rule would move, told by whoever knows past decisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from districts import rulebook
from districts.routing import Assign, Basis, Rule


@dataclass(frozen=True, slots=True)
class Handover:
    """Incidents that would go from one agency to another, by code."""

    before: str
    after: str
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """How many of the newest incidents were decided again, and what moved."""

    tried: int
    moves: tuple[Handover, ...]

    @property
    def moved(self) -> int:
        """How many incidents would move."""
        return sum(move.count for move in self.moves)

    def named(self, names: Mapping[str, str]) -> Preview:
        """Return the same with agencies' names beside their codes."""

        def called(code: str) -> str:
            return f"{names[code]} ({code})" if code in names else code

        moves = (replace(one, before=called(one.before), after=called(one.after))
                 for one in self.moves)  # fmt: skip
        return replace(self, moves=tuple(moves))


Trial = Callable[[Sequence[Rule]], Preview]


def with_change(code: str, facts: Mapping[str, Any]) -> list[Rule]:
    """Return today's rules with one that says ``facts`` in the place of its former self."""
    others = [rule for rule in rulebook.current().rules if rule.code != code]
    return [*others, _rule(code, facts)]


def _rule(code: str, facts: Mapping[str, Any]) -> Rule:
    days = {name: facts[name] for name in ("valid_from", "valid_to")}
    lists = ("sectors", "categories", "asset_kinds", "area_codes")
    said: dict[str, Any] = {name: frozenset(facts[name]) for name in lists}
    said |= {name: date.fromisoformat(day) if day else None for name, day in days.items()}
    return Rule(
        code=code,
        basis=Basis(facts["basis"]),
        assign=Assign(facts["assign"]),
        priority=facts["priority"],
        agency=facts["agency"] or None,
        **said,
    )
