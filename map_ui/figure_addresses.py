"""Addresses of figures: a scope as words after the question mark."""

from __future__ import annotations

from urllib.parse import urlencode

from incidents.figures import By, Scope


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
