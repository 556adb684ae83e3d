"""Addresses of figures: a scope as words after the question mark."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from incidents.figures import By, Pair, Scope

NARROWS: Final = {By.AGENCY: "agency", By.SECTOR: "sector", By.CATEGORY: "category"}
"""The filter by which a line of each group is found; of wards and districts it is ``area``."""


def address(scope: Scope, by: By = By.AGENCY, **changes: str | int) -> str:
    """Return the scope as an address has it, with changes; "" takes a word out."""
    said: dict[str, str | int] = {
        "period": scope.period.code,
        "sector": scope.sector,
        "category": scope.category,
        "agency": scope.agency,
        "only": "1" if scope.only else "",
        "taker": scope.taker,
        "contractor": scope.contractor,
        "area": scope.area,
        "within": scope.within,
        "by": by.value if by is not By.AGENCY else "",
        **changes,
    }
    return urlencode({name: value for name, value in said.items() if value})


def listed(scope: Scope, figure: str, **changes: str) -> str:
    """Return the path of the list of what a figure counts."""
    return (
        f"{reverse('pages:overview_cases')}?{address(scope, By.AGENCY, figure=figure, **changes)}"
    )


def listed_of_line(scope: Scope, by: By, key: str, figure: str) -> str:
    """Return the path of the list of what a line's figure counts.

    Of that agency alone; of a ward, what of it lies in the district that was asked for.
    """
    changes = {NARROWS.get(by, "area"): key}
    if by is By.AGENCY:
        changes["only"] = "1"
    elif by not in NARROWS and scope.area and str(scope.area) != key:
        changes["within"] = str(scope.area)
    return listed(scope, figure, **changes)


def listed_of_pair(scope: Scope, pair: Pair) -> str:
    """Return the path of the list of what one agency passed on to another."""
    taker = pair.taker.code if pair.taker else "-"
    return listed(scope, "declined", agency=pair.giver.code, only="1", taker=taker)
