"""Incidents as features: the rows of exports, as everybody sees them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db.models import Min, Q, QuerySet

from districts import rulebook
from districts.models import Category
from districts.wards_today import wards_today
from incidents.actors import ANYBODY
from incidents.errors import BadCursor
from incidents.exports.rows import FIELDS, NAME, Wish, one_by_one, read
from incidents.exports.table import Table
from incidents.exports.writers.geojson import feature
from incidents.filters import Filters
from incidents.listing import read_cursor, write_cursor
from incidents.models import Incident
from incidents.ogc.errors import BadParameter
from incidents.ogc.pages import LARGEST_ID, Page, within
from incidents.ogc.parameters import Asked
from incidents.visibility import HIDDEN
from incidents.workflow import Status

_written = feature(Table(NAME, FIELDS, ()))


def page(asked: Asked) -> Page:
    """Return a page, the newest first. Raises BadParameter."""
    rows = _wanted(asked)
    if asked.cursor:
        rows = rows.filter(_after(asked.cursor))
    found = list(
        rows.order_by("-opened_at", "-pk").values_list("pk", "opened_at")[: asked.limit + 1]
    )
    shown = found[: asked.limit]
    more = len(found) > asked.limit
    return Page(
        _features([pk for pk, _opened in shown]),
        write_cursor(shown[-1][1], shown[-1][0]) if more else "",
    )


def one(feature_id: str) -> str | None:
    """Return one feature, None where nobody may see it."""
    if not feature_id.isascii() or not feature_id.isdigit() or int(feature_id) > LARGEST_ID:
        return None
    rows = _everybodys(Filters()).filter(pk=int(feature_id))
    return next((_written(row) for row in read(rows, ANYBODY)), None)


def queryables() -> Mapping[str, Collection[str]]:
    """Return the properties to filter by, with their values."""
    shown = Category.objects.filter(sensitive=False, public=True).values_list("code", "sector_id")
    return {
        "category": [code for code, _sector in shown],
        "sector": sorted({sector for _code, sector in shown}),
        "status": [one.value for one in Status if one.value not in HIDDEN],
        "agency": sorted(rulebook.current().agencies),
        "ward": sorted(wards_today()),
    }


def first_moment() -> str | None:
    """Return when the first one was opened."""
    first = _everybodys(Filters()).aggregate(first=Min("opened_at"))["first"]
    return first.isoformat(timespec="seconds") if first else None


def _everybodys(filters: Filters) -> QuerySet[Incident]:
    return one_by_one(Wish(ANYBODY, filters))


def _wanted(asked: Asked) -> QuerySet[Incident]:
    words = asked.words
    filters = Filters(
        sectors=words.get("sector", frozenset()),
        categories=words.get("category", frozenset()),
        statuses=words.get("status", frozenset()),
        agencies=rulebook.current().agencies_under(words.get("agency", frozenset())),
        wards=words.get("ward", frozenset()),
    )
    rows = _everybodys(filters).filter(within(asked.boxes, "position"))
    if asked.since:
        rows = rows.filter(opened_at__gte=asked.since)
    return rows.filter(opened_at__lte=asked.until) if asked.until else rows


def _after(cursor: str) -> Q:
    try:
        opened, last = read_cursor(cursor)
    except BadCursor:
        raise BadParameter(
            parameter="cursor", value=cursor[:60], possible="the link to the next page"
        ) from None
    return Q(opened_at__lt=opened) | Q(opened_at=opened, pk__lt=last)


def _features(ids: list[int]) -> list[str]:
    written = {row[0]: _written(row) for row in read(Incident.objects.filter(pk__in=ids), ANYBODY)}
    return [written[pk] for pk in ids if pk in written]
