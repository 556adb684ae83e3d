"""Editions, areas, assets and service areas: what has a shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Model, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from districts.administration.drawing import simplified
from districts.administration.ground_forms import (
    AreaForm,
    AssetForm,
    EditionForm,
    ServiceAreaForm,
)
from districts.administration.pages import (
    CataloguePage,
    StandingFilter,
    address,
    column,
    flag,
    map_of,
    titled,
)
from districts.administration.words import in_words
from districts.editing.ground import area_code, asset_code, service_area_code
from districts.models import Area

COARSE, FINE = 0.002, 0.00002
"""Degrees that the picture of an edition, and of one shape, may leave out."""


class ShapedPage(CataloguePage):
    """Rows with a column ``shape``."""

    @admin.display(description=_("Map"))
    def map(self, row: Any) -> SafeString | str:
        """Return a map of the row's shape."""
        rows: QuerySet[Model] = type(row).objects.filter(pk=row.pk)
        return map_of(simplified(rows, FINE), str(row))

    def get_list_display_links(self, request: HttpRequest, list_display: Any) -> Any:
        """Return the first column, under whatever name."""
        return list(list_display)[:1]


class EditionPage(CataloguePage):
    """Dated sets of boundaries."""

    form = EditionForm
    list_filter = (
        ("level", titled(admin.AllValuesFieldListFilter, _("Level"))),
        ("published", titled(admin.BooleanFieldListFilter, _("Published"))),
        ("approximate", titled(admin.BooleanFieldListFilter, _("Approximate"))),
        ("territory", titled(admin.AllValuesFieldListFilter, _("Territory"))),
    )
    search_fields = ("name", "source")
    ordering = ("level", "-valid")
    readonly_fields: ClassVar[Any] = (
        column("name", _("Name")), column("level", _("Level")),
        column("territory", _("Territory")), column("valid", _("Period")),
        flag("published", _("Published")), flag("approximate", _("Approximate")),
        column("sha256", _("Checksum")), column("loaded_at", _("Loaded")),
        column("published_at", _("Put into use")), "map",
    )  # fmt: skip
    fields: ClassVar[Any] = (
        *readonly_fields[:6], "source", "licence", "attribution", *readonly_fields[6:],
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count the areas along."""
        editions: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = editions.annotate(count=Count("areas"))
        return counted

    @admin.display(description=_("Areas"), ordering="count")
    def areas(self, row: Any) -> int:
        """Return how many areas the edition has."""
        return int(row.count)

    list_display = (
        column("name", _("Name")), column("level", _("Level")), column("valid", _("Period")),
        "areas", flag("published", _("Published")), flag("approximate", _("Approximate")),
    )  # fmt: skip

    @admin.display(description=_("Map"))
    def map(self, row: Any) -> SafeString | str:
        """Return a map of all areas."""
        return map_of(simplified(row.areas.all(), COARSE), str(row), among_wards=False)

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return the kind and code under which changes are recorded."""
        return "edition", row.name

    def changes(self, row: Any) -> QuerySet[Any]:
        """Leave out the other levels of the same name."""
        own = super().changes(row)
        return own.exclude(after__has_key="level") | own.filter(after__level=row.level)


class AreaPage(ShapedPage):
    """Wards and districts of every edition."""

    form = AreaForm
    autocomplete_fields = ("committee",)
    list_filter = (
        ("edition", titled(admin.RelatedFieldListFilter, _("Edition"))),
        ("kind", titled(admin.AllValuesFieldListFilter, _("Kind"))),
    )
    list_select_related = ("edition", "committee")
    search_fields = ("code", "name", "name_en")
    readonly_fields: ClassVar[Any] = (
        column("code", _("Code")), column("edition", _("Edition")), "map",
    )  # fmt: skip
    fields: ClassVar[Any] = (*readonly_fields[:2], "name", "name_en", "kind", "committee", "map")
    list_display = (
        column("name", _("Name")), column("kind", _("Kind")), column("code", _("Code")),
        column("edition", _("Edition")), column("committee", _("Committee")),
    )  # fmt: skip

    def recorded_as(self, row: Area) -> tuple[str, str]:
        """Return the kind and code under which changes are recorded."""
        return "area", area_code(row)


class StatesPage(ShapedPage):
    """Rows that are superseded."""

    superseded = True

    @admin.display(description=_("Standing"))
    def standing(self, row: Any) -> str:
        """Return since when this state holds, and until when it did."""
        until = in_words(row.superseded_at) if row.superseded_at else "…"
        return f"{in_words(row.recorded_at)} → {until}"

    def same(self, row: Any) -> dict[str, Any]:
        """Return what the states of one thing have in common."""
        raise NotImplementedError

    def states(self, row: Any) -> Iterator[dict[str, Any]]:
        """Return every state that the thing has had."""
        kept = type(row).objects.filter(**self.same(row)).defer("shape").order_by("-recorded_at")
        for one in kept:
            yield {"address": address(one), "recorded_at": one.recorded_at,
                   "superseded_at": one.superseded_at}  # fmt: skip


class AssetPage(StatesPage):
    """Utility assets."""

    form = AssetForm
    list_filter = (StandingFilter, ("kind", titled(admin.AllValuesFieldListFilter, _("Kind"))))
    list_select_related = ("owner", "maintainer")
    search_fields = ("code", "name", "owner__name", "maintainer__name", "source")
    ordering = ("kind", "code")
    readonly_fields: ClassVar[Any] = (
        column("kind", _("Kind")), column("code", _("Code")), column("source", _("Source")),
        "standing", "map",
    )  # fmt: skip
    fields: ClassVar[Any] = (
        *readonly_fields[:2], "name", "owner", "maintainer", "contract_from", "contract_to",
        *readonly_fields[2:],
    )  # fmt: skip
    told = (
        *readonly_fields[:2], column("name", _("Name")), column("owner", _("Owner")),
        column("maintainer", _("Maintainer")), column("contract", _("Contract")),
        *readonly_fields[2:],
    )  # fmt: skip
    list_display = (
        column("code", _("Code")), column("name", _("Name")), column("kind", _("Kind")),
        column("owner", _("Owner")), column("maintainer", _("Maintainer")),
        column("contract", _("Contract")),
    )  # fmt: skip

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return the kind and code under which changes are recorded."""
        return "asset", asset_code(row)

    def same(self, row: Any) -> dict[str, Any]:
        """Return kind and code."""
        return {"kind": row.kind, "code": row.code}


class ServiceAreaPage(StatesPage):
    """Where networks' agencies answer."""

    form = ServiceAreaForm
    list_filter = (StandingFilter,)
    list_select_related = ("agency",)
    search_fields = ("name", "agency__name", "agency__code", "categories", "source")
    ordering = ("name",)
    readonly_fields: ClassVar[Any] = (
        column("name", _("Name")), column("agency", _("Agency")), "standing", "map",
    )  # fmt: skip
    fields: ClassVar[Any] = (
        *readonly_fields[:2], "categories", "valid_from", "valid_to", "source",
        *readonly_fields[2:],
    )  # fmt: skip
    told = (
        *readonly_fields[:2], column("categories", _("Categories")), column("valid", _("Period")),
        column("source", _("Source")), *readonly_fields[2:],
    )  # fmt: skip
    list_display = (
        column("name", _("Name")), column("agency", _("Agency")),
        column("categories", _("Categories")), column("valid", _("Period")),
    )  # fmt: skip

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return the kind and code under which changes are recorded."""
        return "service-area", service_area_code(row)

    def same(self, row: Any) -> dict[str, Any]:
        """Return agency and name."""
        return {"agency": row.agency, "name": row.name}
