"""The two languages of the service: Vietnamese, which everything has, and English."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import get_language

OFFICES: Final = re.compile(
    r"\b(authority|board|bureau|cent(?:er|re)|committee|company|cooperative|corporation|department"
    r"|division|enterprise|office|police)\b",
    re.IGNORECASE,
)
"""What offices are called in English; a name that says so takes an article, a brand takes none."""


def active() -> str:
    """Return the language of whoever is asking: ``en``, or ``vi`` where no other is active."""
    return "en" if (get_language() or "").startswith("en") else "vi"


def in_language(language: str, vietnamese: str, english: str) -> str:
    """Return the text in ``language``; the Vietnamese one where there is no other."""
    return vietnamese if language == "vi" else english or vietnamese


def in_sentence(language: str, name: str) -> str:
    """Return an office's name as it stands within a sentence: "the Department of Health"."""
    return f"the {name}" if language == "en" and OFFICES.search(name) else name


def begun(sentence: str) -> str:
    """Return a sentence with a capital at its beginning, whatever name it begins with."""
    return sentence[:1].upper() + sentence[1:]
