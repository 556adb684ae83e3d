"""Gazetteers and the places they brought: to be looked at; what they say comes from files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from districts.administration.pages import CataloguePage, column, titled
from districts.geocoding.keys import place_key
from districts.models import PlaceKind

KINDS: Mapping[PlaceKind, Any] = {
    PlaceKind.STREET: _("street"),
    PlaceKind.ALLEY: _("alley"),
    PlaceKind.JUNCTION: _("crossing"),
    PlaceKind.LANDMARK: _("landmark"),
    PlaceKind.STOP: _("bus stop"),
    PlaceKind.HOUSE: _("house"),
}


class ToldPage(CataloguePage):
    """Rows that nobody changes here."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: the next load of the files would undo it."""
        return False


class GazetteerPage(ToldPage):
    """Sources of places, with their attribution."""

    search_fields = ("title", "code")
    ordering = ("title",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the places along."""
        gazetteers: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = gazetteers.annotate(count=Count("places"))
        return counted

    @admin.display(description=_("Places"), ordering="count")
    def places(self, row: Any) -> int:
        """Return how many places the gazetteer brought."""
        return int(row.count)

    list_display = (
        column("title", _("Name")), column("code", _("Code")), "places",
        column("attribution", _("Attribution")), column("licence", _("Licence")),
        column("loaded_at", _("Loaded")),
    )  # fmt: skip
    told = (*list_display, column("source", _("Source")), column("fingerprint", _("Checksum")))

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return the kind and code under which loads are recorded."""
        return "gazetteer", row.code


class KindFilter(admin.SimpleListFilter):
    """The places of one kind."""

    title = _("Kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the kinds in words."""
        return [(kind.value, word) for kind, word in KINDS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the places asked for."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class PlacePage(ToldPage):
    """What people can name; found by any of its names, however written."""

    list_filter = (
        ("gazetteer", titled(admin.RelatedFieldListFilter, _("Source"))),
        KindFilter,
    )
    list_select_related = ("gazetteer",)
    search_fields = ("name",)
    search_help_text = _("A whole name, however it is written: le loi, QL 1A, ngã 4 Hàng Xanh")
    ordering = ("name", "pk")
    show_facets = admin.ShowFacets.NEVER

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the places that bear the name."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(names__key=place_key(search_term)), True

    @admin.display(description=_("All names"))
    def all_names(self, row: Any) -> str:
        """Return every name, the present one first."""
        return " · ".join(row.names.order_by("pk").values_list("name", flat=True)) or row.name

    @admin.display(description=_("Kind"), ordering="kind")
    def of_kind(self, row: Any) -> str:
        """Return what the place is, in words."""
        return str(KINDS[PlaceKind(row.kind)])

    @admin.display(description=_("Class"), ordering="sort")
    def of_class(self, row: Any) -> str:
        """Return the source's own class."""
        return str(row.sort)

    @admin.display(description=_("Position"))
    def position(self, row: Any) -> str:
        """Return latitude and longitude as maps take them."""
        return f"{row.point.y:.5f}, {row.point.x:.5f}"

    list_display = (
        column("name", _("Name")), "of_kind", "of_class", column("gazetteer", _("Source")),
    )  # fmt: skip
    told = (
        *list_display, "all_names", column("number", _("House number")), "position",
        column("reference", _("Reference")), column("weight", _("Weight (0 to 1)")),
    )  # fmt: skip

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return the gazetteer's loads: places are recorded with them."""
        return "gazetteer", row.gazetteer.code
