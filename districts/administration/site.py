"""Who may come in, and where those are sent who may not."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

ADMINISTRATOR_GROUP: Final = "administrator"
_KNOWN: Final = "_may_administer"


def may_administer(request: HttpRequest) -> bool:
    """Whether the asker is a superuser or in the group of administrators; asked once a request."""
    known: bool | None = getattr(request, _KNOWN, None)
    if known is None:
        known = _is_administrator(request.user)
        setattr(request, _KNOWN, known)
    return known


def _is_administrator(user: AbstractBaseUser | AnonymousUser) -> bool:
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or user.groups.filter(name=ADMINISTRATOR_GROUP).exists()


class Administration(AdminSite):
    """The site under /admin/."""

    site_title = "Wardwise"
    site_header = _("Wardwise administration")
    index_title = _("Who answers for what")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the asker may see any page here."""
        return may_administer(request)

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send strangers to the one sign-in; refuse those who are signed in as somebody else."""
        if request.user.is_authenticated and not may_administer(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", request.path))
