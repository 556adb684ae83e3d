"""Sectors, categories, agencies, rules, and the record of all changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.administration.drawing import simplified
from districts.administration.forms import AgencyForm, CategoryForm, RuleForm, SectorForm
from districts.administration.names import names_by_code
from districts.administration.pages import (
    CataloguePage,
    ConfirmedPage,
    StandingFilter,
    address,
    column,
    flag,
    map_of,
    named,
    titled,
)
from districts.administration.preview import Preview, Trial, with_change
from districts.administration.site import may_administer
from districts.administration.words import CLASSES, code_name, field_name, in_words
from districts.models import Area, Asset, CatalogueChange, Rule, ServiceArea

MOST_NAMED = 4
FINE = 0.0002
"""Degrees; what a picture of a city does not show."""


class CodedPage(CataloguePage):
    """Rows that are recorded under their own code, and may be added here."""

    kind = ""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether a row may be added."""
        return may_administer(request)

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return the kind and code under which changes of a row are recorded."""
        return self.kind, row.code


class SectorPage(CodedPage):
    """The service's sectors."""

    kind = "sector"
    form = SectorForm
    list_display = (column("code", _("Code")), column("name", _("Name")),
                    column("name_en", _("Name in English")), column("icon", _("Icon")))  # fmt: skip
    search_fields = ("code", "name", "name_en")


class CategoryPage(CodedPage):
    """What may be reported."""

    kind = "category"
    form = CategoryForm
    list_display = (
        column("name", _("Name")), column("name_en", _("Name in English")),
        column("sector", _("Sector")), flag("danger", _("Danger")), flag("public", _("Public")),
        column("working_days", _("Limit in working days")), flag("active", _("In use")),
    )  # fmt: skip
    list_filter = (
        ("sector", titled(admin.RelatedFieldListFilter, _("Sector"))),
        ("active", titled(admin.BooleanFieldListFilter, _("In use"))),
        ("danger", titled(admin.BooleanFieldListFilter, _("Danger"))),
        ("public", titled(admin.BooleanFieldListFilter, _("Public"))),
    )
    list_select_related = ("sector",)
    search_fields = ("code", "name", "name_en", "words")


class ClassFilter(admin.SimpleListFilter):
    """The service's three classes."""

    title = _("class")
    parameter_name = "class"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the classes."""
        return list(CLASSES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the agencies of the class asked for."""
        return queryset.filter(agency_class=self.value()) if self.value() else queryset


class ClosedFilter(admin.SimpleListFilter):
    """Whether an agency exists today."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return [("today", _("exists today")), ("closed", _("closed or not begun"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the agencies asked for."""
        today = Q(valid__contains=date.today())  # noqa: DTZ011  agencies' days are the city's
        chosen = {"today": today, "closed": ~today}.get(self.value() or "")
        return queryset.filter(chosen) if chosen is not None else queryset


class AgencyPage(CodedPage):
    """Who may answer."""

    kind = "agency"
    form = AgencyForm
    autocomplete_fields = ("parent",)
    list_filter = (ClassFilter, ClosedFilter)
    list_select_related = ("parent",)
    search_fields = ("code", "name", "name_en")
    readonly_fields = ("answers_where",)

    @admin.display(description=_("Class"), ordering="agency_class")
    def class_name(self, row: Any) -> str:
        """Return the agency's class."""
        return code_name("agency_class", row.agency_class)

    list_display = (
        column("name", _("Name")), column("code", _("Code")), "class_name",
        column("parent", _("Answers to")), column("phone", _("Telephone")),
        column("valid", _("Period")),
    )  # fmt: skip

    @admin.display(description=_("Wards, networks and assets of its own"))
    def answers_where(self, row: Any) -> SafeString | str:
        """Return a map of what names the agency."""
        if row.pk is None:
            return "–"
        return map_of(list(_ground_of(row)), row.name)


def _ground_of(row: Any) -> Iterator[GEOSGeometry]:
    current = Q(superseded_at=None)
    yield from simplified(Area.objects.filter(committee=row, edition__published=True), FINE)
    yield from simplified(ServiceArea.objects.filter(current, agency=row), FINE)
    tended = Q(owner=row) | Q(maintainer=row)
    yield from simplified(Asset.objects.filter(current & tended), FINE)


class RulePage(ConfirmedPage, CodedPage):
    """Who answers for what."""

    kind = "rule"
    superseded = True
    form = RuleForm
    autocomplete_fields = ("agency",)
    list_filter = (
        StandingFilter,
        ("priority", titled(admin.AllValuesFieldListFilter, _("Priority"))),
    )
    list_select_related = ("agency",)
    search_fields = ("code", "categories", "sectors", "agency__code", "agency__name", "source")
    readonly_fields = ("where", "standing")
    trial: ClassVar[Trial | None] = None
    """Tells what changed rules would move; set by the package that knows past decisions."""

    @admin.display(description=_("What decides"), ordering="basis")
    def basis_name(self, row: Any) -> str:
        """Return what decides."""
        return code_name("basis", row.basis)

    @admin.display(description=_("Who gets it"), ordering="agency__name")
    def receiver(self, row: Any) -> str:
        """Return whom the rule gives a case to."""
        return str(row.agency or code_name("assign", row.assign))

    def get_list_display(self, request: HttpRequest) -> Any:
        """Look the names up once, not for every row."""
        return [_concerned(names_by_code()), *super().get_list_display(request)[1:]]

    list_display = (
        "__str__", "receiver", "basis_name", column("priority", _("Priority")),
        column("valid", _("Period")), column("code", _("Code")),
    )  # fmt: skip
    told = (
        column("code", _("Code")), named("sectors", _("Sectors")),
        named("categories", _("Categories")), column("asset_kinds", _("Kinds of asset")),
        "basis_name", "receiver", column("priority", _("Priority")), column("valid", _("Period")),
        column("source", _("Source")), "standing", "where",
    )  # fmt: skip

    @admin.display(description=_("Where it holds"))
    def where(self, row: Any) -> SafeString | str:
        """Return a map of the rule's areas."""
        if not getattr(row, "area_codes", None):
            return gettext("Everywhere.")
        return map_of(list(_areas_of(row)), row.code)

    @admin.display(description=_("Standing"))
    def standing(self, row: Any) -> str:
        """Return since when this state holds, and until when it did."""
        if row.pk is None:
            return gettext("new")
        until = in_words(row.superseded_at) if row.superseded_at else gettext("now")
        return f"{in_words(row.recorded_at)} → {until}"

    def states(self, row: Any) -> Iterator[dict[str, Any]]:
        """Return every state that the rule has had."""
        for one in Rule.objects.filter(code=row.code).order_by("-recorded_at"):
            yield {"address": address(one), "recorded_at": one.recorded_at,
                   "superseded_at": one.superseded_at}  # fmt: skip

    def consequence(self, form: Any, names: Mapping[str, str]) -> Preview | None:
        """Return what the change would move."""
        trial = type(self).trial
        if trial is None:
            return None
        return trial(with_change(form.cleaned_data["code"], form.facts())).named(names)


def _concerned(names: Mapping[str, str]) -> Callable[[Any], str]:
    @admin.display(description=_("For"), ordering="code")
    def concerned(row: Any) -> str:
        of = [names.get(code, code) for code in (*row.sectors, *row.categories)]
        more = len(of) - MOST_NAMED
        listed = "; ".join(of[:MOST_NAMED]) or gettext("everything")
        return f"{listed}; +{more}" if more > 0 else listed

    return concerned


def _areas_of(row: Rule) -> Iterator[GEOSGeometry]:
    pairs = sorted(code.split(":", 1) for code in row.area_codes)
    published = Area.objects.filter(edition__published=True, edition__valid__overlap=row.valid)
    for level, of_level in groupby(pairs, key=lambda pair: pair[0]):
        codes = [code for _, code in of_level]
        yield from simplified(published.filter(edition__level=level, code__in=codes), FINE)


class ChangePage(CataloguePage):
    """The catalogue's own history: read, never written."""

    list_filter = (
        ("kind", titled(admin.AllValuesFieldListFilter, _("Kind"))),
        ("actor", titled(admin.AllValuesFieldListFilter, _("Who"))),
    )
    search_fields = ("code", "actor")
    date_hierarchy = "at"
    told = (
        column("at", _("When")), column("actor", _("Who")), column("kind", _("Kind")),
        column("code", _("Code")), "said_before", "said_after",
    )  # fmt: skip
    list_display = (
        column("at", _("When")), column("actor", _("Who")), column("kind", _("Kind")),
        column("code", _("Code")), "fields_changed",
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A record is not changed."""
        return False

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return what the change was of."""
        return row.kind, row.code

    @admin.display(description=_("What changed"))
    def fields_changed(self, row: CatalogueChange) -> str:
        """Return the fields that differ."""
        if not row.before:
            return gettext("new")
        before, after = row.before, row.after or {}
        changed = [name for name in after if before.get(name) != after.get(name)]
        return ", ".join(field_name(name) for name in changed)

    @admin.display(description=_("Before"))
    def said_before(self, row: CatalogueChange) -> str:
        """Return what the row said before."""
        return _listed(row.before)

    @admin.display(description=_("After"))
    def said_after(self, row: CatalogueChange) -> str:
        """Return what the row said after."""
        return _listed(row.after)


def _listed(facts: dict[str, Any] | None) -> str:
    return "\n".join(
        f"{field_name(key)}: {in_words(value)}" for key, value in (facts or {}).items()
    )
