"""A text -> what it says about where: tokens and mentions, before any gazetteer is asked. Pure."""

from __future__ import annotations

from districts.geocoding.parsed import Parsed
from districts.geocoding.parser.cleaning import LONGEST, clean
from districts.geocoding.parser.reading import read
from districts.geocoding.parser.sentence import Sentence
from districts.geocoding.parser.words import words_of

__all__ = ["LONGEST", "parse"]


def parse(text: str) -> Parsed:
    """Return the tokens and mentions of a text, in the order in which they stand.

    Never fails; of more than LONGEST letters the rest is not read. Mentions whose windows overlap
    are readings of the same words.
    """
    plain = clean(text)
    words = words_of(plain)
    mentions = read(Sentence(words))
    return Parsed(plain, tuple(word.token() for word in words), tuple(mentions))
