"""Who is asking: as little of a user as a question of permission needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from gis_core import sql
from incidents.errors import PermissionDenied
from incidents.permissions import Act, Reach, Role, reach_of
from incidents.workflow import Status


class Held(Protocol):
    """What of an incident decides who may see or touch it: an ``Incident``, or its likeness."""

    @property
    def pk(self) -> int: ...
    @property
    def agency_id(self) -> int | None: ...
    @property
    def ward_id(self) -> int | None: ...
    @property
    def district_id(self) -> int | None: ...
    @property
    def public(self) -> bool: ...
    @property
    def status(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks or acts. ``kind`` is what events keep of the role."""

    user_id: int | None = None
    role: Role = Role.CITIZEN
    agencies: frozenset[int] = frozenset()
    """Ids of the own agency and of all below it."""
    areas: frozenset[int] = frozenset()
    """Ids of the own wards and districts."""
    incident: int | None = None
    """The one incident of a contractor's link, or of the own report."""
    link: int | None = None
    """The link that this one came by."""

    @property
    def is_nobody(self) -> bool:
        """Whether nothing is known of this one; what the service does of itself is done so."""
        return self.user_id is None and self.incident is None

    @property
    def kind(self) -> str:
        """The role's name."""
        return self.role.value

    @property
    def sees_everything(self) -> bool:
        """Whether no incident is hidden from this one."""
        return self.reach(Act.SEE) is Reach.ALL

    def reach(self, act: Act) -> Reach:
        """Return how far this one may do it."""
        return reach_of(self.role, act)

    def may(self, act: Act, incident: Held | None = None) -> bool:
        """Tell whether this one may do it to the incident; without one, whether to all of them."""
        reach = self.reach(act)
        if incident is not None and incident.status == Status.MERGED:
            return False
        if incident is None or reach in {Reach.ALL, Reach.NONE}:
            return reach is Reach.ALL
        held = incident.agency_id in self.agencies
        inside = bool({incident.ward_id, incident.district_id} & self.areas)
        return {
            Reach.PUBLIC: incident.public and incident.status != Status.REJECTED,
            Reach.AGENCY: held,
            Reach.AREA: inside,
            Reach.OFFICE: held or inside,
            Reach.THIS: incident.pk == self.incident,
            Reach.OWN_REPORT: incident.pk == self.incident,
        }[reach]

    def sees(self, incident: Held) -> bool:
        """Tell whether the incident is shown to this one: as public, or as within its reach."""
        return ANYBODY.may(Act.SEE, incident) or self.may(Act.SEE, incident)

    def must(self, act: Act, incident: Held | None = None) -> Actor:
        """Return self; raises PermissionDenied where it may not."""
        if not self.may(act, incident):
            raise PermissionDenied
        return self


ANYBODY: Final = Actor()


def actor_of(user: AbstractBaseUser | AnonymousUser) -> Actor:
    """Return the actor that a request's user is; an inactive user is nobody in particular."""
    if not isinstance(user, User) or not user.is_active:
        return ANYBODY
    if user.is_superuser:
        return Actor(user.pk, Role.ADMINISTRATOR)
    office = sql.prepared("incidents", "staff_office", [user.pk])
    if not office:
        return Actor(user.pk)
    [(role, agencies, areas)] = office
    return Actor(user.pk, Role(role), frozenset(agencies), frozenset(areas))
