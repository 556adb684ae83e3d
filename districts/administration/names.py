"""What the codes in the catalogue's facts are called."""

from __future__ import annotations

from itertools import chain

from districts.models import Agency, Category, Sector


def names_by_code() -> dict[str, str]:
    """Return the Vietnamese names of all agencies, sectors and categories by code."""
    rows = (model.objects.values_list("code", "name") for model in (Agency, Sector, Category))
    return dict(chain.from_iterable(rows))
