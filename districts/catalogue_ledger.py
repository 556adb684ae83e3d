"""What a load changes, what it must leave alone, and the record of both.

A load compares three things: what the source says now, what it said when it was last taken over
(the newest CatalogueChange of this source), and what the row says. A row that somebody has edited
since then is left as it is, so that a start of the program never undoes the city's own work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from districts.models import CatalogueChange

Facts = dict[str, object]
"""A row as JSON has it, by column."""


class What(StrEnum):
    """What became of a row."""

    ADDED = "added"
    CHANGED = "changed"
    CLOSED = "closed"
    KEPT = "kept"
    """The source says something new, but somebody has edited the row: it was left as it is."""


@dataclass(frozen=True, slots=True)
class Change:
    """One row that a load added, changed, closed, or had to leave alone."""

    kind: str
    code: str
    what: What
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        fields = f" ({', '.join(self.fields)})" if self.fields else ""
        return f"{self.what} {self.kind} {self.code}{fields}"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The rows of one kind: as the source and as the database have them, and how to write one."""

    kind: str
    wanted: Mapping[str, Facts]
    current: Mapping[str, Facts]
    write: Callable[[str, Facts | None], None]
    """Make the row say this; None closes it."""
    gone: Callable[[Facts], Facts | None] | None = None
    """What a row that the source no longer has becomes; without it such rows stay as they are."""


class Ledger:
    """The changes of one source (``actor``), read once, and those of this load, written once."""

    def __init__(self, actor: str, kinds: Iterable[str], *, overwrite: bool = False) -> None:
        """With ``overwrite`` the source wins over whoever edited a row."""
        self.actor = actor
        self.overwrite = overwrite
        self.changes: list[Change] = []
        self._rows: list[CatalogueChange] = []
        of_kind = CatalogueChange.objects.filter(kind__in=list(kinds))
        own = of_kind.filter(actor=actor)
        self._taken = {(one.kind, one.code): one.after for one in own.order_by("id")}
        every = list(of_kind.order_by("id").values_list("kind", "code", "actor"))
        self._editor = {(kind, code): editor for kind, code, editor in every}
        self._edited = {(kind, code) for kind, code, editor in every if editor != actor}

    def untouched(self, kind: str, code: str) -> bool:
        """Whether nobody but this source has ever written the row."""
        return (kind, code) not in self._edited

    def reconcile(self, shelf: Shelf) -> None:
        """Make the rows of one kind say what the source says, but for those that were edited."""
        for code, facts in shelf.wanted.items():
            self._settle(shelf, code, facts, shelf.current.get(code))
        if shelf.gone is None:
            return
        for code, before in shelf.current.items():
            if code not in shelf.wanted and self._taken.get((shelf.kind, code)) is not None:
                self._settle(shelf, code, shelf.gone(before), before)

    def _settle(self, shelf: Shelf, code: str, facts: Facts | None, before: Facts | None) -> None:
        what = self._verdict(shelf.kind, code, facts, before)
        if what is None:
            return
        if what is not What.KEPT:
            shelf.write(code, facts)
        self.note(shelf.kind, code, what, before, facts)

    def _verdict(
        self, kind: str, code: str, facts: Facts | None, before: Facts | None
    ) -> What | None:
        if before == facts:
            return None
        if before is None:
            return What.ADDED
        if not self.overwrite and self._editor.get((kind, code), self.actor) != self.actor:
            return None if self._taken.get((kind, code)) == facts else What.KEPT
        return What.CLOSED if facts is None else What.CHANGED

    def note(
        self, kind: str, code: str, what: What, before: Facts | None, after: Facts | None
    ) -> None:
        """Take down what became of a row."""
        self.changes.append(Change(kind, code, what, _differing(before, after)))
        if what is not What.KEPT:
            self._rows.append(
                CatalogueChange(kind=kind, code=code, before=before, after=after, actor=self.actor)
            )

    def close(self) -> list[Change]:
        """Write the record of this load; call it inside the transaction that made the changes."""
        CatalogueChange.objects.bulk_create(self._rows)
        self._rows = []
        return self.changes


def _differing(before: Facts | None, after: Facts | None) -> tuple[str, ...]:
    if before is None or after is None:
        return ()
    return tuple(name for name in after if before.get(name) != after[name])
