"""Forms for what has a shape: what is said of it may change, the shape comes from files."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from districts import editing
from districts.administration.forms import Labelled, day, fill_interval, several
from districts.models import Area, Asset, Category, Edition, ServiceArea


def _refuse_backwards(form: Any, first: str, last: str) -> None:
    start, end = form.cleaned_data.get(first), form.cleaned_data.get(last)
    if start and end and start >= end:
        form.add_error(last, gettext("The last day must come after the first."))


class AssetForm(Labelled):
    """An asset's owner, maintainer and contract; its shape comes from files."""

    contract_from = day(_("Contract from"))
    contract_to = day(_("Contract until the day before"))

    class Meta:
        model = Asset
        fields: ClassVar = ["name", "owner", "maintainer", "contract_from", "contract_to"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fill_interval(self, ("contract_from", "contract_to"), "contract")

    def clean(self) -> dict[str, Any]:
        """Refuse a contract that ends before it begins."""
        cleaned = super().clean() or self.cleaned_data
        _refuse_backwards(self, "contract_from", "contract_to")
        return cleaned

    def apply(self, actor: str) -> int:
        """Supersede the asset; return the current row's key."""
        told = self.cleaned_data
        edit = editing.AssetEdit(
            told["name"],
            told["owner"],
            told["maintainer"],
            (told["contract_from"], told["contract_to"]),
        )
        return editing.edit_asset(self.instance.pk, edit, actor).pk


class ServiceAreaForm(Labelled):
    """For what and when a service area counts; its shape and agency come from files."""

    categories = several(_("Categories"), size=12)
    valid_from = day(_("Valid from"))
    valid_to = day(_("Valid until the day before"))

    class Meta:
        model = ServiceArea
        fields: ClassVar = ["categories", "valid_from", "valid_to", "source"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(Category.objects.values_list("code", "name"))
        field = cast("forms.MultipleChoiceField", self.fields["categories"])
        field.choices, field.required = known, True
        fill_interval(self)

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins."""
        cleaned = super().clean() or self.cleaned_data
        _refuse_backwards(self, "valid_from", "valid_to")
        return cleaned

    def apply(self, actor: str) -> int:
        """Supersede the service area; return the current row's key."""
        told = self.cleaned_data
        valid = (told["valid_from"], told["valid_to"])
        edit = editing.ServiceAreaEdit(told["categories"], valid, told["source"])
        return editing.edit_service_area(self.instance.pk, edit, actor).pk


class AreaForm(Labelled):
    """An area's names and committee."""

    class Meta:
        model = Area
        fields: ClassVar = ["name", "name_en", "kind", "committee"]
        help_texts: ClassVar = {"kind": ""}

    def apply(self, actor: str) -> int:
        """Change the area; return its key."""
        told = self.cleaned_data
        edit = editing.AreaEdit(told["name"], told["name_en"], told["kind"], told["committee"])
        return editing.edit_area(self.instance.pk, edit, actor).pk


class EditionForm(Labelled):
    """Where an edition comes from."""

    class Meta:
        model = Edition
        fields: ClassVar = ["source", "licence", "attribution"]

    def apply(self, actor: str) -> int:
        """Change the edition; return its key."""
        told = self.cleaned_data
        edit = editing.EditionEdit(told["source"], told["licence"], told["attribution"])
        return editing.edit_edition(self.instance.pk, edit, actor).pk
