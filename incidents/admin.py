"""Who works with the service; and what the pages of the rules ask about past incidents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.administration.catalogue import RulePage
from districts.administration.preview import Handover, Preview
from districts.routing import Rule
from gis_core import sql
from incidents.actors import actor_of
from incidents.models import AgencyNotices, DecreedDay, Notice, Staff
from incidents.notifications.composing import compose
from incidents.permissions import Act
from incidents.rereading.rule_trial import A_PERSON, NOBODY, try_rules
from incidents.services import resending

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
    _NoticePage = admin.ModelAdmin[Notice]
    _DecreedDayPage = admin.ModelAdmin[DecreedDay]
    _AgencyNoticesPage = admin.ModelAdmin[AgencyNotices]
else:
    _Page = _NoticePage = _DecreedDayPage = _AgencyNoticesPage = admin.ModelAdmin


@admin.register(Staff)
class StaffPage(_Page):
    """Offices, by hand: a superuser says who may do what, and where."""

    list_display = ("user", "role", "agency")
    list_filter = ("role",)
    list_select_related = ("user", "agency")
    search_fields = ("user__username", "agency__name")
    autocomplete_fields: ClassVar = ("agency", "areas")


@admin.register(DecreedDay)
class DecreedDayPage(_DecreedDayPage):
    """Exchanged days, entered as soon as they are decreed; limits that already run stay as due."""

    list_display = ("day", "works", "source")
    date_hierarchy = "day"


@admin.register(AgencyNotices)
class AgencyNoticesPage(_AgencyNoticesPage):
    """Which agencies get a digest at their address of record, when, and when all is quiet there."""

    list_display = ("agency", "address", "digest", "digest_from", "quiet_from", "quiet_until")
    list_select_related = ("agency",)
    search_fields = ("agency__name", "agency__code")
    autocomplete_fields: ClassVar = ("agency",)
    readonly_fields = ("address",)

    @admin.display(description=_("Address of record"))
    def address(self, row: AgencyNotices) -> str:
        """The agency's e-mail, which is changed on its own page; without one nothing is sent."""
        return (row.agency.email if row.agency_id else "") or "–"


@admin.register(Notice)
class NoticePage(_NoticePage):
    """What goes out to people: as it would read, what became of it, and sending it again."""

    list_display = ("kind", "carrier", "state", "attempts", "due_at", "last_error")
    list_filter = ("state", "carrier", "kind")
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("send_again",)
    fields = readonly_fields = (
        "kind", "carrier", "state", "attempts", "last_error", "due_at", "ended_at", "subject",
        "body",
    )  # fmt: skip

    def has_view_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:  # noqa: ARG002
        """Whoever may see what became of notices; rights given in the admin add nothing to it."""
        return actor_of(request.user).may(Act.SEE_NOTICES)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  Django's signature
        """Nobody writes notices by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:  # noqa: ARG002
        """A notice stays: it says that it was told."""
        return False

    @admin.display(description=_("Subject"))
    def subject(self, notice: Notice) -> str:
        """The subject as the reader gets it."""
        return message.subject if (message := compose(notice)) else "–"

    @admin.display(description=_("Message"))
    def body(self, notice: Notice) -> str:
        """The text as the reader gets it."""
        message = compose(notice)
        if message is None:
            return "–"
        return message.body if notice.carrier == "email" else message.short

    @admin.action(description=_("Send the dead letters among these again"))
    def send_again(self, request: HttpRequest, chosen: QuerySet[Notice]) -> None:
        """Give new attempts to those that were given up."""
        ids = list(chosen.values_list("pk", flat=True))
        count = resending.send_again(actor_of(request.user), ids)
        self.message_user(request, _("Sent again: %(count)s.") % {"count": count})


RulePage.trial = staticmethod(preview)
