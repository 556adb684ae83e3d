"""Numbers that are no houses: "200m" from somewhere, kilometre posts, numbers on poles. Pure."""

from __future__ import annotations

import re

from districts.geocoding.parser.cues import Cue
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.sentence import Sentence
from districts.geocoding.parser.words import Gap

_METRES = re.compile(r"(\d{1,5})m")
_FARTHEST_M = 20_000.0
_REACH = 3
_LONGEST_NUMBER = 4
_IN_A_NUMBER = frozenset({Gap.NONE, Gap.DOT, Gap.DASH, Gap.SLASH})


def after(sentence: Sentence, first: int) -> float | None:
    """Return the metres said within a few words from ``first``: "cách chợ khoảng 200m"."""
    for at in range(first, min(first + _REACH, len(sentence))):
        if (metres := _metres_at(sentence, at)) is not None:
            return metres
    return None


def _metres_at(sentence: Sentence, at: int) -> float | None:
    word = sentence.words[at]
    if not word.is_number:
        return None
    if glued := _METRES.fullmatch(word.folded):
        return min(float(glued[1]), _FARTHEST_M)
    unit = sentence.phrase(vietnamese().distances, at + 1)
    if unit is None or not word.raw.isdecimal() or len(word.raw) > 5:
        return None
    return min(float(word.raw) * (1000 if unit.value == "km" else 1), _FARTHEST_M)


def kilometre(sentence: Sentence, at: int) -> tuple[float | None, int]:
    """Return the kilometres said at a word ("12+300", "1842", "12.5"), and where they end."""
    if at >= len(sentence) or not sentence.words[at].raw.isdecimal():
        return None, at
    whole, rest, last = sentence.words[at].raw, "", at + 1
    if len(whole) > 4:
        return None, at
    if last < len(sentence) and sentence.words[last].raw.isdecimal():
        joined = sentence.words[last].gap
        decimals = joined is Gap.DOT or (joined is Gap.COMMA and sentence.words[last].glued)
        if joined is Gap.AND and len(sentence.words[last].raw) <= 3:
            return float(whole) + float(sentence.words[last].raw) / 1000, last + 1
        if decimals:
            rest, last = sentence.words[last].raw, last + 1
    return float(f"{whole}.{rest or 0}"), last


def asset_number(sentence: Sentence, cue: Cue) -> tuple[str, int]:
    """Return the number on the thing named by a cue, "" where none is said, and where it ends."""
    at, said = cue.last, False
    while word := sentence.phrase(vietnamese().number_words, at):
        at, said = at + len(word), True
    if at >= len(sentence) or (sentence.parts(at) and not said):
        return "", cue.last
    last = at
    while last < len(sentence) and last - at < _LONGEST_NUMBER and _in_number(sentence, at, last):
        last += 1
    words = sentence.words[at:last]
    if not any(word.is_number for word in words) or (
        (not said or cue.phrase.value == "stop") and _is_a_house(sentence, at, last)
    ):
        return "", cue.last
    return "".join(_written(sentence, one, at) for one in range(at, last)), last


def _is_a_house(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether a street follows the number: "trạm xe buýt 57 Nguyễn Thông"."""
    if not sentence.words[first].is_number or last >= len(sentence):
        return False
    cue = sentence.cue(last)
    if cue:
        return cue.role in {Role.ROAD, Role.NAMED_ROAD, Role.ALLEY}
    return not sentence.cased or sentence.words[last].capital


def _in_number(sentence: Sentence, first: int, at: int) -> bool:
    """Tell whether a word belongs to the number: "PN", "12", "3A", but no word of more letters."""
    word = sentence.words[at]
    if at > first and (word.gap not in _IN_A_NUMBER or (word.gap is Gap.NONE and not word.glued)):
        return False
    return word.is_number or (len(word.raw) <= 4 and word.raw.isupper() and not word.short)


def _written(sentence: Sentence, at: int, first: int) -> str:
    joined = {Gap.DASH: "-", Gap.SLASH: "/", Gap.DOT: "."}
    before = joined.get(sentence.words[at].gap, "") if at > first else ""
    return before + sentence.words[at].raw
