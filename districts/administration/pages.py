"""What all pages of the administration share: who may, no deleting, history, what is current."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.gis.geos import GEOSGeometry
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts.administration.drawing import picture
from districts.administration.names import names_by_code
from districts.administration.preview import Preview
from districts.administration.site import may_administer
from districts.administration.words import field_name, in_words, said_in_names
from districts.models import CatalogueChange
from gis_core.errors import DomainError

MOST_CHANGES = 200


def column(name: str, label: Any, *, order: str | None = None) -> Callable[[Any], Any]:
    """Return a column of a list that shows an attribute under a translated heading."""

    @admin.display(description=label, ordering=order or name)
    def shown(row: Any) -> Any:
        return in_words(getattr(row, name))

    shown.__name__ = name
    return shown


def named(name: str, label: Any) -> Callable[[Any], Any]:
    """Return an attribute that holds codes, with their names, for a page of one row."""

    @admin.display(description=label)
    def shown(row: Any) -> Any:
        return said_in_names(name, getattr(row, name), names_by_code())

    shown.__name__ = name
    return shown


def flag(name: str, label: Any) -> Callable[[Any], Any]:
    """Return a column of yes and no."""

    @admin.display(description=label, ordering=name, boolean=True)
    def shown(row: Any) -> bool:
        return bool(getattr(row, name))

    shown.__name__ = name
    return shown


def titled(kind: type[admin.FieldListFilter], label: Any) -> type[admin.FieldListFilter]:
    """Return a filter of this kind under a translated heading."""

    def begin(self: Any, *args: Any, **kwargs: Any) -> None:
        kind.__init__(self, *args, **kwargs)
        self.title = label

    return type("Titled", (kind,), {"__init__": begin})


class StandingFilter(admin.SimpleListFilter):
    """The rows that hold now, unless history is asked for."""

    title = _("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices besides the one taken when none is made."""
        return [("former", _("superseded")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Name the choice taken when none is made for what it is."""
        first, *others = super().choices(changelist)
        yield {**first, "display": gettext("current")}
        yield from others[:]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that were asked for."""
        if self.value() == "all":
            return queryset
        return queryset.filter(superseded_at__isnull=self.value() != "former")


class CataloguePage(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page of the catalogue: administrators only, nothing deleted, nothing in bulk."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    object_history_template = "admin/districts/changes.html"
    save_as_continue = False
    superseded = False
    """Whether the rows keep their own history."""
    told: tuple[Any, ...] = ()
    """What is shown of a row that may only be looked at."""

    class Media:
        css: ClassVar = {"all": ["districts/admin.css"]}

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the page is offered."""
        return may_administer(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be looked at."""
        return may_administer(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether a row may be changed: history may not."""
        return may_administer(request) and getattr(obj, "superseded_at", None) is None

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether a row may be added here; what has a shape comes from files."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: old decisions name it."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave shapes in the database; only a picture needs them."""
        heavy = [one.name for one in self.model._meta.concrete_fields if one.name in _SHAPES]
        return super().get_queryset(request).defer(*heavy)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the form's fields, or what is told of a row that is history."""
        if self._only_told(request, obj):
            return self.told
        return super().get_fields(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return what is shown and not asked."""
        if self._only_told(request, obj):
            return self.told
        return super().get_readonly_fields(request, obj)

    def _only_told(self, request: HttpRequest, obj: Any) -> bool:
        return bool(self.told) and obj is not None and not self.has_change_permission(request, obj)

    def recorded_as(self, row: Any) -> tuple[str, str]:
        """Return the kind and code under which changes of a row are recorded."""
        raise NotImplementedError

    def changes(self, row: Any) -> QuerySet[CatalogueChange]:
        """Return what was recorded of a row, newest first."""
        kind, code = self.recorded_as(row)
        return CatalogueChange.objects.filter(kind=kind, code=code)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what the catalogue's own record says, not Django's log."""
        row = self.get_object(request, object_id)
        names = names_by_code()
        changes = [] if row is None else self.changes(row)[:MOST_CHANGES]
        told = [_told(one, names) for one in changes]
        context = {"told": told, "states": self._states(row), **(extra_context or {})}
        return super().history_view(request, object_id, context)

    def _states(self, row: Any) -> list[Any]:
        return list(self.states(row)) if row is not None and self.superseded else []

    def states(self, row: Any) -> Iterable[Any]:
        """Return every state of a row that keeps its history, newest first."""
        return ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """Change the row through its verb; a superseding one gives the page its new row."""
        obj.pk = form.apply(request.user.get_username())
        obj.refresh_from_db()

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Answer a verb's refusal with its sentence, on the page it came from."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            messages.error(request, gettext(error.message) % error.facts)
            return HttpResponseRedirect(request.path)

    def form_of(self, request: HttpRequest, row: Any) -> ModelForm[Any]:
        """Return the page's form, filled with what was sent."""
        wanted = self.get_form(request, row, change=row is not None)
        return wanted(request.POST, instance=row)


_SHAPES = ("shape", "label_point")


def _told(change: CatalogueChange, names: Mapping[str, str]) -> dict[str, Any]:
    before, after = change.before or {}, change.after or {}
    lines = [
        _compared(name, before.get(name), after.get(name), names)[:3]
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]
    return {"at": change.at, "actor": change.actor, "lines": lines, "new": not change.before}


class ConfirmedPage(CataloguePage):
    """Shows old and new side by side before anything is saved."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ask once more; a form with faults goes back as always."""
        if request.method == "POST" and "_confirmed" not in request.POST:
            row = self.get_object(request, object_id) if object_id else None
            allowed = (
                self.has_change_permission(request, row)
                if row
                else self.has_add_permission(request)
            )
            form = self.form_of(request, row) if allowed and bool(row) == bool(object_id) else None
            if form is not None and form.is_valid():
                return self._question(request, row, form)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def _allowed_form(self, request: HttpRequest, row: Any, *, new: bool) -> ModelForm[Any] | None:
        if new:
            return self.form_of(request, None) if self.has_add_permission(request) else None
        found = row is not None and self.has_change_permission(request, row)
        return self.form_of(request, row) if found else None

    def _question(self, request: HttpRequest, row: Any, form: Any) -> HttpResponse:
        old, new = form.before(), form.facts()
        names = names_by_code()
        lines = [_compared(name, old.get(name), value, names) for name, value in new.items()]
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Before this is saved"),
            "opts": self.opts,
            "original": row,
            "lines": lines,
            "changed": any(line[-1] for line in lines),
            "sent": [pair for pair in sent if pair[0] != "csrfmiddlewaretoken"],
            "consequence": self.consequence(form, names),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/districts/confirm.html", context)

    def consequence(self, form: Any, names: Mapping[str, str]) -> Preview | None:
        """Return what the change would move; None where nobody can say."""
        return None


def _compared(
    name: str, old: Any, new: Any, names: Mapping[str, str]
) -> tuple[str, Any, Any, bool]:
    """Return what a field is called, both values in words, and whether they differ."""
    both = (said_in_names(name, one, names) for one in (old, new))
    return (field_name(name), *both, old != new)


def address(row: models.Model) -> str:
    """Return where a row's page is."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def map_of(shapes: list[GEOSGeometry], label: str, *, among_wards: bool = True) -> SafeString | str:
    """Return a picture, or a sentence where there is nothing to draw."""
    drawn = picture(shapes, gettext("Map: %(name)s") % {"name": label}, among_wards=among_wards)
    return drawn or gettext("There is no shape to show.")
