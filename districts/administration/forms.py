"""Forms whose saving is a verb: they say what the row should say, and name all that is wrong."""

from __future__ import annotations

import re
from typing import Any, ClassVar, cast

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from districts import city, editing
from districts.administration.problems import line
from districts.administration.words import ASSIGNS, BASES, CLASSES, FIELDS
from districts.catalogue_ledger import Facts
from districts.models import Agency, Category, Rule, Sector

_CODE = re.compile(r"\A[a-z0-9]+([-_][a-z0-9]+)*\Z")
_FORM = "%Y-%m-%d"


def day(label: Any) -> forms.DateField:
    """Return a field for a day, which may stay empty."""
    shown = forms.DateInput(format=_FORM, attrs={"type": "date"})
    return forms.DateField(label=label, required=False, input_formats=[_FORM], widget=shown)


def several(label: Any, *, size: int = 8) -> forms.MultipleChoiceField:
    """Return a field for any number of codes."""
    widget = forms.SelectMultiple(attrs={"size": size})
    return forms.MultipleChoiceField(label=label, required=False, widget=widget)


class Labelled(forms.ModelForm):  # type: ignore[type-arg]
    """Calls every field what the words say."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name in FIELDS:
                field.label = FIELDS[name]
            if not isinstance(field.widget, forms.CheckboxInput):
                field.localize = False

    def _post_clean(self) -> None:
        """Leave the row as it was read: what is written is the verb's."""


class CatalogueForm(Labelled):
    """A sector, category, agency or rule. ``kind`` is the record's."""

    kind: ClassVar[str]
    code = forms.CharField(
        max_length=60,
        label=_("Code"),
        validators=[RegexValidator(_CODE, _("Small letters, digits and hyphens."))],
        help_text=_("For ever: decisions and statistics name it."),
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "code" in self.fields:
            self.fields["code"].disabled = True
            self.initial["code"] = self.instance.code
        if self.instance.pk:
            self.initial["seen"] = editing.newest_change(self.kind, self.instance.code)

    def facts(self) -> Facts:
        """Return what the row is to say."""
        raise NotImplementedError

    def before(self) -> Facts:
        """Return what the row says now; nothing for a new one."""
        return editing.facts_now(self.kind, self.cleaned_data["code"]) or {}

    def clean(self) -> dict[str, Any]:
        """Hold the row to all that the catalogue's files are held to."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        code = cleaned["code"]
        if not self.instance.pk and editing.facts_now(self.kind, code) is not None:
            self.add_error("code", _("This code is taken."))
            return cleaned
        for problem in editing.problems_after(self.kind, code, self.facts()):
            self.add_error(None, line(problem))
        return cleaned

    def apply(self, actor: str) -> Any:
        """Save through the verb; return the key of the row as it is then."""
        code = self.cleaned_data["code"]
        known = self.cleaned_data.get("seen") if self.instance.pk else None
        editing.edit(self.kind, code, self.facts(), editing.Seen(actor, known))
        return code


class SectorForm(CatalogueForm):
    """A sector."""

    kind = "sector"

    class Meta:
        model = Sector
        fields: ClassVar = ["code", "name", "name_en", "icon", "position"]

    def facts(self) -> Facts:
        """Return what the row is to say."""
        return {name: self.cleaned_data[name] for name in ("name", "name_en", "icon", "position")}


class CategoryForm(CatalogueForm):
    """A category."""

    kind = "category"

    class Meta:
        model = Category
        fields: ClassVar = [
            "code", "sector", "name", "name_en", "icon", "position", "words", "danger", "public",
            "sensitive", "certainty_threshold", "duplicate_radius_m", "duplicate_window_days",
            "working_days", "active",
        ]  # fmt: skip
        labels: ClassVar = {"sector": _("Sector")}
        help_texts: ClassVar = dict.fromkeys(("words", "danger", "public", "sensitive"), "")

    def facts(self) -> Facts:
        """Return what the row is to say."""
        said_of = {
            name: self.cleaned_data[name]
            for name in CategoryForm.Meta.fields
            if name not in {"code", "sector"}
        }
        return {"sector_id": self.cleaned_data["sector"].code, **said_of}


class AgencyForm(CatalogueForm):
    """An agency; it is closed by its last day, never removed."""

    kind = "agency"
    agency_class = forms.ChoiceField(choices=CLASSES)
    website = forms.URLField(required=False, max_length=200, assume_scheme="https")
    valid_from = day(_("Valid from"))
    valid_to = day(_("Valid until the day before"))

    class Meta:
        model = Agency
        fields: ClassVar = [
            "code", "agency_class", "name", "name_en", "parent", "phone", "email", "website",
            "source", "valid_from", "valid_to",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_interval(self)

    def facts(self) -> Facts:
        """Return what the row is to say."""
        plain = ("agency_class", "name", "name_en", "phone", "email", "website", "source")
        parent = self.cleaned_data["parent"]
        return {
            **{name: self.cleaned_data[name] for name in plain},
            "parent": parent.code if parent else "",
            **_interval(self),
        }

    def apply(self, actor: str) -> Any:
        """Save through the verb; return the row's key."""
        return Agency.objects.get(code=super().apply(actor)).pk


class RuleForm(CatalogueForm):
    """A rule: the row that is saved supersedes the one that was opened."""

    kind = "rule"
    basis = forms.ChoiceField(choices=BASES)
    assign = forms.ChoiceField(choices=ASSIGNS)
    sectors = several(_("Sectors"))
    categories = several(_("Categories"), size=12)
    asset_kinds = several(_("Kinds of asset"))
    area_codes = forms.CharField(
        label=_("Only in these areas"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        help_text=_("Level and code, such as ward:26740; none: everywhere."),
    )
    valid_from = day(_("Valid from"))
    valid_to = day(_("Valid until the day before"))

    class Meta:
        model = Rule
        fields: ClassVar = ["code", "basis", "assign", "agency", "priority", "source"]
        help_texts: ClassVar = {"priority": ""}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = city.explanations().asset_kinds
        choices = {
            "sectors": list(Sector.objects.values_list("code", "name")),
            "categories": list(Category.objects.filter(active=True).values_list("code", "name")),
            "asset_kinds": [(one.code, one.names["vi"]) for one in kinds],
        }
        for name, known in choices.items():
            cast("forms.MultipleChoiceField", self.fields[name]).choices = known
            if self.instance.pk:
                self.initial[name] = getattr(self.instance, name)
        if self.instance.pk:
            self.initial["area_codes"] = " ".join(self.instance.area_codes)
        fill_interval(self)

    def facts(self) -> Facts:
        """Return what the rule is to say."""
        agency = self.cleaned_data["agency"]
        return {
            **{name: self.cleaned_data[name] for name in ("basis", "assign", "priority")},
            **{name: sorted(self.cleaned_data[name]) for name in _LISTS},
            "area_codes": sorted(set(re.split(r"[\s,]+", self.cleaned_data["area_codes"])) - {""}),
            "agency": agency.code if agency else "",
            "source": self.cleaned_data["source"],
            **_interval(self),
        }

    def apply(self, actor: str) -> Any:
        """Save through the verb; return the key of the row that is current then."""
        code = super().apply(actor)
        return Rule.objects.get(code=code, superseded_at=None).pk


_LISTS = ("sectors", "categories", "asset_kinds")


def _interval(form: forms.Form | Labelled) -> dict[str, str | None]:
    days = {name: form.cleaned_data[name] for name in ("valid_from", "valid_to")}
    return {name: value.isoformat() if value else None for name, value in days.items()}


def fill_interval(
    form: Any, names: tuple[str, str] = ("valid_from", "valid_to"), of: str = "valid"
) -> None:
    """Put the days of the row's interval ``of`` into the form's fields ``names``."""
    interval = getattr(form.instance, of, None)
    if form.instance.pk and interval is not None:
        form.initial.update(zip(names, (interval.lower, interval.upper), strict=True))
