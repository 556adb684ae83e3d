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
    """Return the path of the list of what a line's figure counts: of that agency alone."""
    only = {"only": "1"} if by is By.AGENCY else {}
    return listed(scope, figure, **{NARROWS.get(by, "area"): key}, **only)


def listed_of_pair(scope: Scope, pair: Pair) -> str:
    """Return the path of the list of what one agency passed on to another."""
    taker = pair.taker.code if pair.taker else "-"
    return listed(scope, "declined", agency=pair.giver.code, only="1", taker=taker)
