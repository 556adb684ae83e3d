"""Change one sector, category, agency or rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from districts import committees
from districts.catalogue_ledger import Facts
from districts.catalogue_loading import (
    categories_now,
    rules_now,
    sectors_now,
    supersede_rule,
    write_category,
    write_sector,
)
from districts.editing.checking import EditRefused, problems_after
from districts.loading.journal import record_change, take_turn
from districts.models import CatalogueChange
from gis_core.errors import N_, DomainError


class EditedMeanwhile(DomainError):
    """Somebody else changed the row after the form was opened."""

    code = "catalogue.edited_meanwhile"
    status = 409
    message = N_(
        "%(row)s was changed by somebody else while you were editing it. "
        "Open it again, look at what changed, and make your change there."
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """Who edits, and the newest change of the row that was known when the form was opened."""

    actor: str
    change: int | None = None
    """None: a new row, or nobody looked."""


_Now = Callable[[], dict[str, Facts]]
_Write = Callable[[str, Facts | None], None]
_KINDS: dict[str, tuple[_Now, _Write]] = {
    "sector": (sectors_now, write_sector),
    "category": (categories_now, write_category),
    "agency": (committees.agencies_now, committees.write_agency),
    "rule": (rules_now, supersede_rule),
}


def facts_now(kind: str, code: str) -> Facts | None:
    """Return what a row says now; None where there is none, or a rule is closed."""
    now, _ = _KINDS[kind]
    return now().get(code)


def newest_change(kind: str, code: str) -> int:
    """Return the id of the row's newest change; 0 where it has none."""
    own = CatalogueChange.objects.filter(kind=kind, code=code)
    return own.aggregate(newest=Max("id"))["newest"] or 0


@transaction.atomic
def edit(kind: str, code: str, facts: Facts, seen: Seen) -> bool:
    """Make a row say ``facts``, or add it; return whether anything changed.

    A rule is superseded, the others are changed with what they said before in the record.
    Raises EditRefused with every problem, EditedMeanwhile.
    """
    take_turn()
    if seen.change is not None and newest_change(kind, code) != seen.change:
        raise EditedMeanwhile(row=f"{kind} {code}")
    before = facts_now(kind, code)
    if before == facts:
        return False
    if problems := problems_after(kind, code, facts):
        raise EditRefused(problems)
    _, write = _KINDS[kind]
    write(code, facts)
    record_change(kind, code, before, facts, seen.actor)
    return True
