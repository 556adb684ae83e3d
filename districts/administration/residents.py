"""How many people live in wards: what was loaded, and a file to load."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts import city
from districts.administration.forms import Labelled
from districts.administration.pages import CataloguePage, column
from districts.administration.site import may_administer
from districts.loading import CountFacts, load_residents
from districts.loading.residents import YEARS, count_code
from districts.models import Edition, ResidentCount
from districts.outlines import ward_edition
from districts.resident_files import Line, ResidentColumns, ResidentsRefused, csv_lines
from districts.residents import Shares, residents
from districts.ward_sizes import ward_sizes
from gis_core.errors import N_, DomainError

FOLLOWS = N_("Residents are known now for %(known)s of the %(all)s wards of %(edition)s.")
FOLLOWS_NOT = N_(
    "Nothing follows yet for the wards of %(edition)s: what became of the former wards is computed "
    "by manage.py compute_lineage."
)
MOST_BYTES = 2_000_000
MOST_FAULTS = 50
SHARES: dict[str, str | Promise] = {
    Shares.AREA.value: _("by area"),
    Shares.ADDRESSES.value: _("by addresses"),
}


class ResidentCountForm(Labelled):
    """A file of residents, held to the checks of ``load_residents`` before it is saved."""

    year = forms.IntegerField(label=_("Year"), min_value=YEARS[0], max_value=YEARS[-1])
    shares = forms.ChoiceField(
        label=_("Shared out to other wards"),
        choices=list(SHARES.items()),
        initial=Shares.AREA.value,
    )
    file = forms.FileField(label=_("File"), help_text=_("CSV in UTF-8, a ward on each line"))
    code_column = forms.CharField(label=_("Column of wards' codes"), initial="code")
    people_column = forms.CharField(label=_("Column of residents"), initial="people")

    class Meta:
        model = ResidentCount
        fields: ClassVar = ["edition", "year", "source", "shares"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = city.current()
        if "edition" in self.fields:
            wards = Edition.objects.filter(territory=here.territory, level=here.ward_level)
            self.fields["edition"].queryset = wards.order_by("-valid")  # type: ignore[attr-defined]
        self.lines: list[Line] = []

    def clean_file(self) -> UploadedFile[bytes]:
        """Refuse what is larger than any city's file."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(gettext("The file is larger than 2 MB."))
        return file

    def clean(self) -> dict[str, Any]:
        """Hold the file to all that a load is held to; name each line at fault."""
        told = self.cleaned_data
        if self.errors:
            return told
        columns = ResidentColumns(told["code_column"], told["people_column"])
        try:
            self.lines = csv_lines(told["file"].file, told["file"].name, columns)
            self._load(dry_run=True)
        except ResidentsRefused as error:
            self.add_error("file", [said(one) for one in (error, *error.problems[:MOST_FAULTS])])
        except DomainError as error:
            self.add_error("file", said(error))
        return told

    def apply(self, actor: str) -> int | None:
        """Load the file; return the count's key."""
        return self._load(actor=actor)

    def _load(self, *, dry_run: bool = False, actor: str = "") -> int | None:
        told = self.cleaned_data
        facts = CountFacts(
            told["edition"].name, told["year"], told["source"], Shares(told["shares"])
        )
        name = told["file"].name
        return load_residents(self.lines, facts, file=name, dry_run=dry_run, actor=actor).pk


def said(error: DomainError) -> str:
    """Return an error in the reader's language, its code behind it."""
    return f"{gettext(error.message) % error.facts} [{error.code}]"


class ResidentCountPage(CataloguePage):
    """Counts of residents; a new file of the same edition and year replaces its count."""

    form = ResidentCountForm
    ordering = ("-year", "-loaded_at")
    list_select_related = ("edition",)
    fields: ClassVar[Any] = (
        "edition", "year", "source", "shares", "file", "code_column", "people_column",
    )  # fmt: skip

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a count is replaced whole, by a file."""
        return False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whether a file may be loaded."""
        return may_administer(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count wards and people along."""
        counts: QuerySet[Any] = super().get_queryset(request)
        counted: QuerySet[Any] = counts.annotate(
            known=Count("residents"), people=Sum("residents__people")
        )
        return counted

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001  Django's signature
        """Load the file, and say what follows for today's wards where it is of others."""
        super().save_model(request, obj, form, change)
        today, known = ward_edition(), residents()
        if today is None or today.id == obj.edition_id:
            return
        facts = {"edition": today.name, "known": len(known), "all": len(ward_sizes())}
        messages.info(request, gettext(FOLLOWS if known else FOLLOWS_NOT) % facts)

    @admin.display(description=_("Year"), ordering="year")
    def counted_in(self, row: Any) -> str:
        """Return the year, which has no thousands apart."""
        return str(row.year)

    @admin.display(description=_("Wards known"), ordering="known")
    def wards(self, row: Any) -> str:
        """Return how many wards the count has, of how many."""
        return gettext("%(known)s of %(all)s") % {
            "known": row.known, "all": row.edition.areas.count(),
        }  # fmt: skip

    @admin.display(description=_("Residents"), ordering="people")
    def people_told(self, row: Any) -> str:
        """Return how many people there are in all."""
        return _whole(row.people or 0)

    @admin.display(description=_("Shared out to other wards"))
    def shared(self, row: Any) -> str:
        """Return by what people are shared out."""
        return str(SHARES[row.shares])

    @admin.display(description=_("By ward"))
    def by_ward(self, row: Any) -> str:
        """Return code, name and people, a ward a line."""
        known = row.residents.order_by("area__code")
        lines: Iterable[tuple[str, str, str, int]] = known.values_list(
            "area__code", "area__kind", "area__name", "people"
        )
        return "\n".join(
            f"{code} {kind} {name}: {_whole(people)}" for code, kind, name, people in lines
        )

    list_display = (
        column("edition", _("Edition")), "counted_in", "wards", "people_told",
        column("source", _("Source")), column("loaded_at", _("Loaded")),
    )  # fmt: skip
    told = (*list_display, "shared", "by_ward")

    def recorded_as(self, row: ResidentCount) -> tuple[str, str]:
        """Return the kind and code under which loads are recorded."""
        return "residents", count_code(row)


def _whole(number: int) -> str:
    return number_format(number, 0, use_l10n=True, force_grouping=True)
