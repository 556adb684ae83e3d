"""The city this installation serves, from its file in the catalogue."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from districts import catalogue_files
from districts.catalogue_records import City, Explanations

__all__ = ["City", "Explanations", "current", "explanations"]


def current() -> City:
    """Return the city that WARDWISE_CITY names. Raises UnknownCity, BrokenCatalogue."""
    return _city(settings.WARDWISE_CITY)


def explanations() -> Explanations:
    """Return the sentences that the current city shows to people. Raises BrokenCatalogue."""
    return _explanations(settings.WARDWISE_CITY)


@cache
def _city(code: str) -> City:
    return catalogue_files.read_city(code)


@cache
def _explanations(code: str) -> Explanations:
    return catalogue_files.read_explanations(_city(code))
