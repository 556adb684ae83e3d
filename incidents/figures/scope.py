"""Which incidents figures are asked of: a period, and what it is narrowed to; and by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from districts import city
from districts.models import Agency, Area, Category, Sector
from gis_core import sql
from gis_core.errors import N_, DomainError
from incidents.actors import Actor
from incidents.errors import BadFilter, PermissionDenied
from incidents.figures.periods import Period
from incidents.models import Custody, Incident
from incidents.permissions import Act, Reach
from incidents.visibility import hidden, merged, public, reached, within

NOBODY: Final = "-"
CODES: Final[Mapping[str, type[Model]]] = MappingProxyType({
    "sector": Sector, "category": Category, "agency": Agency, "taker": Agency,
    "contractor": Agency,
})  # fmt: skip
Row = TypeVar("Row", bound=Model)


class UnknownArea(DomainError):
    """No ward or district has this number."""

    code = "figures.unknown_area"
    status = 422
    message = N_("There is no ward or district %(area)s. Choose one in the overview.")


@dataclass(frozen=True, slots=True)
class Scope:
    """A period and filters, by the codes that an address names; "" asks for everything.

    ``agency`` stands for itself and all below it, with ``only`` for itself alone; ``contractor``
    for whom work was delegated to.
    ``area`` and ``within`` are ids of wards or districts. ``public`` leaves out what is not
    everybody's.
    """

    actor: Actor
    period: Period
    sector: str = ""
    category: str = ""
    agency: str = ""
    only: bool = False
    contractor: str = ""
    taker: str = ""
    """Of cases passed on: who got them next, by code; "-" for nobody yet."""
    area: int = 0
    within: int = 0
    """The other level's area that is asked for too: a ward may lie in two former districts."""
    agencies: frozenset[int] = frozenset()
    """Ids of the agency, and of all below it."""
    public: bool = False

    @property
    def zone(self) -> ZoneInfo:
        """The city's time zone."""
        return ZoneInfo(city.current().time_zone)

    def moments(self) -> tuple[datetime, datetime]:
        """Return the period's first moment and the first after it."""
        return self.period.moments(self.zone)

    def standing_at(self) -> datetime | None:
        """Return the period's end; None while it lasts, for what stands open now."""
        until = self.moments()[1]
        return until if until <= timezone.now() else None


def read_scope(actor: Actor, period: Period, **filters: str) -> Scope:
    """Return a scope from an address' words: those of ``CODES``, only, area, within.

    Raises PermissionDenied for whoever sees no figures; BadFilter and UnknownArea for what is none.
    """
    if actor.reach(Act.SEE_FIGURES) is Reach.NONE:
        raise PermissionDenied
    said = {name: filters.get(name, "") for name in CODES}
    for name, model in CODES.items():
        _must_be(model, name, "" if said[name] == NOBODY else said[name])
    only = bool(filters.get("only"))
    return Scope(
        actor,
        period,
        sector=said["sector"],
        category=said["category"],
        agency=said["agency"],
        only=only,
        contractor=said["contractor"],
        taker=said["taker"],
        area=_area(filters.get("area", "")),
        within=_area(filters.get("within", "")),
        agencies=_agencies(said["agency"], only=only),
    )


def _agencies(code: str, *, only: bool) -> frozenset[int]:
    own = Agency.objects.filter(code=code).values_list("pk", flat=True).first() if code else None
    if own is None or only:
        return frozenset((own,) if own else ())
    return frozenset(pk for (pk,) in sql.rows("incidents", "agencies_under", {"agency": own}))


def _must_be(model: type[Model], field: str, code: str) -> None:
    if code and not QuerySet(model).filter(code=code).exists():
        raise BadFilter(field=field, value=code[:60], possible="GET /api/v1/catalogue")


def _area(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if text and not Area.objects.filter(pk=number).exists():
        raise UnknownArea(area=text[:60])
    return number


def _seen(scope: Scope, to: str, *, joined: bool) -> Q:
    if scope.public:
        return public(to) if joined or not to else ~hidden(to)
    if joined:
        return reached(scope.actor, Act.SEE_FIGURES, to)
    return within(scope.actor, Act.SEE_FIGURES, to) & ~merged(to)


def scoped(scope: Scope, rows: type[Row], *, joined: bool = False) -> QuerySet[Row]:
    """Return the rows of custodies, incidents or ratings that lie in the scope, of any time.

    ``joined``: few incidents are joined with them anyway, and are asked of their own status.
    """
    to = "" if rows is Incident else "incident__"
    holder = "" if rows is Custody else to
    narrowed = _seen(scope, to, joined=joined)
    wanted: dict[str, Any] = {
        f"{to}category__sector": scope.sector,
        f"{to}category": scope.category,
        f"{holder}agency__in": scope.agencies,
    }
    narrowed &= Q(**{path: value for path, value in wanted.items() if value})
    for area in filter(None, (scope.area, scope.within)):
        narrowed &= Q(**{f"{to}ward": area}) | Q(**{f"{to}district": area})
    if scope.contractor and rows is Custody:
        narrowed &= Q(contractor__code=scope.contractor)
    elif scope.contractor:
        lent = Custody.objects.filter(contractor__code=scope.contractor)
        narrowed &= Q(**{f"{to}pk__in": lent.values("incident")})
    return QuerySet(rows).filter(narrowed)
