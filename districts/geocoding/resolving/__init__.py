"""Parsed words and the gazetteer's names -> candidates with an honest radius and confidence."""

from __future__ import annotations

from districts.geocoding.resolving.resolver import resolve

__all__ = ["resolve"]
