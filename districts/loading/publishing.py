"""Put an edition into use in one step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from districts import city, committees
from districts.loading.journal import edition_facts, record_change, take_turn
from districts.models import Edition
from gis_core.errors import N_, DomainError


class NoEdition(DomainError):
    """There is no edition of that name."""

    code = "boundaries.no_edition"
    status = 404
    message = N_('There is no edition "%(name)s". Editions that are loaded: %(known)s.')


class WhichLevel(DomainError):
    """An edition's name stands for several levels."""

    code = "boundaries.which_level"
    status = 422
    message = N_("%(name)s has several levels (%(levels)s). Say which with --level.")


class EditionsOverlap(DomainError):
    """Two editions would be in force on the same day."""

    code = "boundaries.editions_overlap"
    status = 409
    message = N_(
        "%(name)s cannot be published: %(other)s is in force in part of the same period "
        "(%(period)s). Give the new edition another period, or use --replaces %(other)s."
    )


class ExactInForce(DomainError):
    """An approximate edition would take the place of an exact one."""

    code = "boundaries.exact_in_force"
    status = 409
    message = N_(
        "%(name)s is only approximate and %(other)s, which is exact, is in force. "
        "Nothing needs to be published."
    )


@dataclass(frozen=True, slots=True)
class Publication:
    """What was put into use, or would be, and which editions went out of use for it."""

    edition: Edition
    areas: int
    withdrawn: Sequence[str]
    already: bool = False


@transaction.atomic
def publish_edition(
    name: str,
    level: str = "",
    *,
    replaces: Sequence[str] = (),
    dry_run: bool = False,
    actor: str = "",
) -> Publication:
    """Put an edition into use, taking approximate ones, and those named, out of use with it.

    ``level`` is needed only where the name has several. With ``dry_run`` nothing is written.
    Raises NoEdition, WhichLevel, EditionsOverlap, ExactInForce.
    """
    take_turn()
    edition = find_edition(name, level)
    if edition.published:
        return Publication(edition, edition.areas.count(), (), already=True)
    rivals = _rivals(edition, replaces)
    publication = Publication(edition, edition.areas.count(), [rival.name for rival in rivals])
    if not dry_run:
        for rival in rivals:
            _set_published(rival, actor, published=False)
        _set_published(edition, actor, published=True)
        if edition.level == city.current().ward_level:
            committees.make_committees(edition)
    return publication


def find_edition(name: str, level: str = "") -> Edition:
    """Return an edition, published or not. Raises NoEdition, WhichLevel."""
    named = Edition.objects.filter(name=name)
    found = list(named.filter(level=level) if level else named)
    if not found:
        known = ", ".join(str(edition) for edition in Edition.objects.order_by("name", "level"))
        raise NoEdition(name=f"{name} {level}".strip(), known=known or "-")
    if len(found) > 1:
        raise WhichLevel(name=name, levels=", ".join(edition.level for edition in found))
    return found[0]


def _rivals(edition: Edition, replaces: Sequence[str]) -> list[Edition]:
    """Return the published editions that must go out of use. Raises where one must not."""
    rivals = list(
        Edition.objects.filter(
            territory=edition.territory,
            level=edition.level,
            published=True,
            valid__overlap=edition.valid,
        ).order_by("name")
    )
    for rival in rivals:
        if rival.name in replaces:
            continue
        if edition.approximate and not rival.approximate:
            raise ExactInForce(name=edition.name, other=rival.name)
        if not rival.approximate or edition.approximate:
            raise EditionsOverlap(name=edition.name, other=rival.name, period=_period(rival))
    return rivals


def _period(edition: Edition) -> str:
    return f"{edition.valid.lower or '…'} – {edition.valid.upper or '…'}"


def _set_published(edition: Edition, actor: str, *, published: bool) -> None:
    before = edition_facts(edition)
    edition.published = published
    if published:
        edition.published_at = timezone.now()
    edition.save(update_fields=["published", "published_at"])
    record_change("edition", edition.name, before, edition_facts(edition), actor)
