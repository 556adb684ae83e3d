"""Who is asking: as little of a user as a question of permission needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User

from incidents.errors import PermissionDenied

OPERATOR_GROUP: Final = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who asks or acts. ``kind`` is what events keep of the role."""

    user_id: int | None = None
    operator: bool = False
    administrator: bool = False

    @property
    def kind(self) -> str:
        """citizen, operator or administrator."""
        if self.administrator:
            return "administrator"
        return "operator" if self.operator else "citizen"

    @property
    def sees_everything(self) -> bool:
        """Whether nothing is hidden from this one, and words may be approved."""
        return self.operator or self.administrator

    def must_be_operator(self) -> Actor:
        """Return self; raises PermissionDenied for anybody who is not at least an operator."""
        if not self.sees_everything:
            raise PermissionDenied
        return self


ANYBODY: Final = Actor()


def actor_of(user: AbstractBaseUser | AnonymousUser) -> Actor:
    """Return the actor that a request's user is; an inactive user is nobody in particular."""
    if not isinstance(user, User) or not user.is_active:
        return ANYBODY
    if user.is_superuser:
        return Actor(user.pk, operator=True, administrator=True)
    return Actor(user.pk, operator=user.groups.filter(name=OPERATOR_GROUP).exists())
