"""The two languages of the service: Vietnamese, which everything has, and English. Pure."""

from __future__ import annotations


def in_language(language: str, vietnamese: str, english: str) -> str:
    """Return the text in ``language``; the Vietnamese one where there is no other."""
    return vietnamese if language == "vi" else english or vietnamese
