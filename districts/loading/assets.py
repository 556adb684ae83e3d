"""Store utility assets: checked whole, changed rows superseded, unchanged ones left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import cast

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from districts import city, coverage, soundness
from districts.loading.agencies import AgencyBook
from districts.loading.checking import let_in
from districts.loading.ground import code_of, selected, widened
from districts.loading.journal import Facts, fingerprint, period, record_changes, take_turn
from districts.loading.superseding import Reloaded, plan
from districts.models import Asset
from districts.reading import Row
from districts.soundness import Lengths, Outline, Problem
from gis_core.shapes import to_geos_multi

LENGTHS = Lengths(code=80, name=200)


@dataclass(frozen=True, slots=True)
class AssetColumns:
    """Which columns hold what; () or "" where the file has no such column."""

    code: tuple[str, ...] = ()
    """Joined by "/"; without any, the code comes from the row's content."""
    name: str = ""
    owner: str = ""
    maintainer: str = ""

    def names(self) -> list[str]:
        """Return the columns that the file must have."""
        return [*self.code, *(name for name in (self.name, self.owner, self.maintainer) if name)]


@dataclass(frozen=True, slots=True)
class AssetFacts:
    """What holds for every asset of a load."""

    kind: str
    source: str
    owner: str = ""
    """Agency code where the file names none; likewise the maintainer."""
    maintainer: str = ""
    buffer_m: float = 0.0
    valid_from: date | None = None
    contract_from: date | None = None
    contract_to: date | None = None
    """The day after the contract's last."""
    only: Mapping[str, str] = field(default_factory=dict)
    """Rows to take: those whose columns say this."""
    agency_names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An asset as wanted, agencies as the file calls them."""

    code: str
    name: str
    owner: str
    maintainer: str
    shape: BaseGeometry | None


def load_assets(
    rows: Sequence[Row],
    columns: AssetColumns,
    facts: AssetFacts,
    *,
    repair: bool = False,
    actor: str = "",
) -> tuple[Reloaded, list[Problem]]:
    """Store the rows as assets of one kind, all or none; return what was done and each repair.

    Assets of the same kind and source that are no longer in the rows are closed. Assets may
    overlap. Raises Unsound with every fault found.
    """
    book = AgencyBook.current(facts.agency_names)
    drafts, repairs = _checked(_drafts(rows, columns, facts), facts, book, repair=repair)
    wanted = {draft.code: _asset(draft, facts, book) for draft in drafts}
    return _store(wanted, facts, actor), repairs


def _drafts(rows: Sequence[Row], columns: AssetColumns, facts: AssetFacts) -> list[_Draft]:
    chosen = selected(rows, facts.only)
    shapes = widened(chosen, facts.buffer_m, city.current().metric_srid)
    return [
        _Draft(
            code=code_of(row, columns.code),
            name=row.values[columns.name] if columns.name else "",
            owner=(row.values[columns.owner] if columns.owner else "") or facts.owner,
            maintainer=(row.values[columns.maintainer] if columns.maintainer else "")
            or facts.maintainer,
            shape=shape,
        )
        for row, shape in zip(chosen, shapes, strict=True)
    ]


def _checked(
    drafts: Sequence[_Draft], facts: AssetFacts, book: AgencyBook, *, repair: bool
) -> tuple[list[_Draft], list[Problem]]:
    outlines = [Outline(draft.code, draft.name, draft.shape) for draft in drafts]
    faults = soundness.rows_problems(outlines, LENGTHS, named=False)
    faults += book.problems(text for draft in drafts for text in (draft.owner, draft.maintainer))
    sound, repairs = let_in(outlines, facts.source, faults, repair=repair)
    pairs = zip(drafts, sound, strict=True)
    return [replace(draft, shape=outline.shape) for draft, outline in pairs], repairs


def _asset(draft: _Draft, facts: AssetFacts, book: AgencyBook) -> Asset:
    under_contract = facts.contract_from or facts.contract_to
    return Asset(
        kind=facts.kind,
        code=draft.code,
        name=draft.name,
        shape=to_geos_multi(cast("BaseGeometry", draft.shape)),
        owner=book.find(draft.owner),
        maintainer=book.find(draft.maintainer),
        contract=DateRange(facts.contract_from, facts.contract_to) if under_contract else None,
        valid=DateRange(facts.valid_from, None),
        source=facts.source,
    )


@transaction.atomic
def _store(wanted: Mapping[str, Asset], facts: AssetFacts, actor: str) -> Reloaded:
    take_turn()
    stored = Asset.objects.filter(kind=facts.kind, superseded_at=None)
    current = {asset.code: asset for asset in stored.select_related("owner", "maintainer")}
    steps = plan(
        {code: asset_facts(asset) for code, asset in current.items()},
        {code: asset_facts(asset) for code, asset in wanted.items()},
        frozenset(code for code, asset in current.items() if asset.source == facts.source),
    )
    stored.filter(code__in=steps.closed).update(superseded_at=timezone.now())
    made = Asset.objects.bulk_create([wanted[code] for code in steps.written])
    coverage.cover_assets([asset.pk for asset in made])
    record_changes(
        "asset",
        [
            (f"{facts.kind}/{code}", _said(current.get(code)), _said(wanted.get(code)))
            for code in (*steps.written, *steps.gone)
        ],
        actor,
    )
    return steps.counted()


def _said(asset: Asset | None) -> Facts | None:
    return asset_facts(asset) if asset else None


def asset_facts(asset: Asset) -> Facts:
    """Return what an asset says; two that say the same need not be told apart.

    Its legal period is left out: it begins with the load that first brought it.
    """
    return {
        "name": asset.name,
        "owner": asset.owner.code if asset.owner else None,
        "maintainer": asset.maintainer.code if asset.maintainer else None,
        "contract": period(asset.contract),
        "shape": fingerprint(asset.shape),
    }
