"""Who works with the service; and what the pages of the rules ask about past incidents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from django.contrib import admin
from django.utils.translation import gettext

from districts.administration.catalogue import RulePage
from districts.administration.preview import Handover, Preview
from districts.routing import Rule
from gis_core import sql
from incidents.models import Staff
from incidents.rule_trial import A_PERSON, NOBODY, try_rules

NEWEST: Final = 2_000
"""Incidents that are decided again before a rule is saved; a page must not wait for more."""


def preview(rules: Sequence[Rule]) -> Preview:
    """Return what ``rules``, in place of today's, would move of the newest incidents."""
    [(since,)] = sql.rows("incidents", "newest_since", {"count": NEWEST})
    if since is None:
        return Preview(0, ())
    trial = try_rules(rules, since)
    moves = (Handover(_who(one.before), _who(one.after), one.count) for one in trial.moves)
    return Preview(trial.tried, tuple(moves))


def _who(code: str) -> str:
    """Return the agency's code; what is no agency is said."""
    said = {A_PERSON: gettext("a person decides"), NOBODY: gettext("nobody")}
    return said.get(code, code)


if TYPE_CHECKING:
    _Page = admin.ModelAdmin[Staff]
else:
    _Page = admin.ModelAdmin


@admin.register(Staff)
class StaffPage(_Page):
    """Offices, by hand: a superuser says who may do what, and where."""

    list_display = ("user", "role", "agency")
    list_filter = ("role",)
    list_select_related = ("user", "agency")
    search_fields = ("user__username", "agency__name")
    autocomplete_fields: ClassVar = ("agency", "areas")


RulePage.trial = staticmethod(preview)
