"""Short forms in full: initials of streets, "T.Chinh", "QL 1A", "BV", the V of "Võ V.Kiệt". Pure.

The words of a short form all stand where the short form stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from districts.geocoding.parser.lexicon import vietnamese
from districts.geocoding.parser.words import PARTING, Gap, Word
from gis_core.names import folded, spelled

_JOINED = frozenset({Gap.NONE, Gap.DOT})
_LONGEST_ROAD_NUMBER = 4


@dataclass(frozen=True, slots=True)
class _Long:
    """What a short form of so many words stands for; ``named`` where that is a whole name."""

    name: str
    words: int
    named: bool


def in_full(words: Sequence[Word]) -> list[Word]:
    """Return the words with every short form that the language's files hold in full."""
    found: list[Word] = []
    at = 0
    while at < len(words):
        if long := _stands_for(words, at):
            full = list(_expanded(words[at : at + long.words], long))
            # "trường THPT" has its first word already.
            twice = found and found[-1].folded == full[0].folded and not long.named
            found += full[1:] if twice else full
            at += long.words
        else:
            found.append(words[at])
            at += 1
    return found


def _expanded(short: Sequence[Word], long: _Long) -> Iterator[Word]:
    first, last = short[0], short[-1]
    written = "".join(
        (" " if at and not word.glued else "") + word.raw for at, word in enumerate(short)
    )
    for at, one in enumerate(long.name.split()):
        yield Word(
            spelled=spelled(one),
            folded=folded(one),
            # A name in full is written as names are.
            raw=one[0].upper() + one[1:],
            start=first.start,
            end=last.end,
            gap=first.gap if at == 0 else Gap.NONE,
            short=written,
            named=long.named,
        )


def _stands_for(words: Sequence[Word], at: int) -> _Long | None:
    if words[at].is_number:
        return None
    following = words[at + 1] if at + 1 < len(words) else None
    return (
        _spoken(words, at)
        or _initials(words[at], following)
        or _short_word(words[at], following)
        or _middle_name(words, at)
    )


def _initials(word: Word, following: Word | None) -> _Long | None:
    known = vietnamese().initials
    glued = following.spelled if following and following.glued and following.is_number else ""
    if glued and (name := known.get(word.spelled + glued)):
        return _Long(name, 2, named=True)
    name = known.get(word.spelled)
    return _Long(name, 1, named=True) if name else None


def _spoken(words: Sequence[Word], at: int) -> _Long | None:
    for phrase in vietnamese().spoken.get(words[at].folded, ()):
        said = words[at : at + len(phrase)]
        if tuple(word.folded for word in said) != phrase.folded:
            continue
        if all(word.gap in _JOINED for word in said[1:]):
            return _Long(phrase.value, len(phrase), named=True)
    return None


def _short_word(word: Word, following: Word | None) -> _Long | None:
    known, short = vietnamese(), word.spelled
    if following is None or following.gap in PARTING:
        return None
    if short in known.roads and _numbers_a_road(following):
        return _Long(known.roads[short], 1, named=False)
    if short in known.short_words and not following.is_number and _is_meant_short(word):
        return _Long(known.short_words[short], 1, named=False)
    return None


def _numbers_a_road(following: Word) -> bool:
    number = following.raw
    return following.is_number and len(number) <= _LONGEST_ROAD_NUMBER and "/" not in number


def _is_meant_short(word: Word) -> bool:
    return word.raw.isupper() or len(word.raw) > 2 or word.spelled == "bv"


def _middle_name(words: Sequence[Word], at: int) -> _Long | None:
    """Return "văn" for the V of "Võ V.Kiệt", "nguyễn" for "Ng. Trãi"."""
    name = vietnamese().names.get(words[at].spelled)
    following = words[at + 1] if at + 1 < len(words) else None
    if name is None or following is None or following.is_number:
        return None
    if following.gap is not Gap.DOT:
        return None
    if len(words[at].raw) > 1:
        return _Long(name, 1, named=True)
    before = words[at - 1] if at else None
    named = before is not None and len(before.raw) > 1 and before.capital and following.capital
    return _Long(name, 1, named=True) if named and words[at].gap is Gap.NONE else None
