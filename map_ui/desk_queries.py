"""A desk's filter as its address has it."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.http import QueryDict

from incidents.intake.web import refuse_nul

FIELDS: Final = ("tab", "q", "category", "due", "agency", "ward", "area")


def desk_query(query: QueryDict) -> dict[str, str]:
    """Return the fields of a filter that an address names; one that is repeated, with commas.

    Raises TextHasNul.
    """
    asked = {field: ",".join(filter(None, query.getlist(field))) for field in FIELDS}
    refuse_nul(asked)
    return {field: value for field, value in asked.items() if value}


def with_tab(query: dict[str, str], tab: str) -> str:
    """Return the address of the same filter on another tab, as a query."""
    return urlencode({**query, "tab": tab})
