"""A text -> what it says about where: tokens and mentions, before any gazetteer is asked. Pure."""

from __future__ import annotations

from bisect import bisect_right

from districts.geocoding.parsed import Mention, Parsed, Pin
from districts.geocoding.parser.cleaning import LONGEST, clean
from districts.geocoding.parser.keystrokes import undo_keys
from districts.geocoding.parser.pins import find_pins
from districts.geocoding.parser.reading import read
from districts.geocoding.parser.sentence import Sentence
from districts.geocoding.parser.short_forms import in_full
from districts.geocoding.parser.words import Word, words_of

__all__ = ["LONGEST", "parse"]


def parse(text: str) -> Parsed:
    """Return the tokens and mentions of a text, in the order in which they stand.

    Never fails; of more than LONGEST letters the rest is not read. Mentions whose windows overlap
    are readings of the same words.
    """
    plain = clean(text)
    pins, hidden = find_pins(plain)
    plain, telex = undo_keys(plain, hidden)
    if telex:
        pins, hidden = find_pins(plain)
    words = in_full(words_of(plain, hidden))
    mentions = _in_order(words, read(Sentence(words)), pins)
    return Parsed(plain, tuple(word.token() for word in words), mentions, telex)


def _in_order(
    words: list[Word], read_mentions: list[tuple[int, Mention]], pins: list[Pin]
) -> tuple[Mention, ...]:
    starts = [word.start for word in words]
    placed = [(bisect_right(starts, pin.start), 0, pin) for pin in pins]
    said = [(at, 1, mention) for at, mention in read_mentions]
    return tuple(mention for _, _, mention in sorted([*placed, *said], key=lambda one: one[:2]))
