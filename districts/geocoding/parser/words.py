"""A clean text -> its words: numbers with their slashes, glued words parted, short forms in full.

Pure. The words of a short form ("NTMK") all stand where the short form stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from districts.geocoding.parsed import Token
from districts.geocoding.parser.lexicon import vietnamese
from districts.geocoding.parser.syllables import repaired, split_glued
from gis_core.names import folded, spelled

_LETTER = r"[^\W\d_]"
_SUFFIX = r"(?:[A-Za-zĐđ](?:\d{1,2})?(?![^\W_]))?"
_NUMBER = rf"\d+{_SUFFIX}"
_PART = rf"(?:{_NUMBER}|[A-Za-zĐđ]\d*(?![^\W_]))"
_WORD = re.compile(
    rf"(?P<number>{_NUMBER}(?: ?/ ?{_PART})*(?:-{_NUMBER})?)|(?P<letters>{_LETTER}+)"
)
_LONGEST_GLUED = 40


class Gap(StrEnum):
    """What stands before a word."""

    NONE = ""
    DOT = "dot"
    DASH = "dash"
    SLASH = "slash"
    AND = "and"
    COMMA = "comma"
    STOP = "stop"


PARTING = frozenset({Gap.COMMA, Gap.STOP})


@dataclass(frozen=True, slots=True)
class Word:
    """A token, as it was written (``raw``), and what stands before it."""

    spelled: str
    folded: str
    raw: str
    start: int
    end: int
    gap: Gap
    glued: bool = False
    """Whether it follows the word before it with nothing between."""
    short: str = ""
    """The short form that it is part of, as it was written."""

    @property
    def is_number(self) -> bool:
        return self.raw[0].isdigit() and not self.short

    @property
    def capital(self) -> bool:
        return self.raw[0].isupper() or self.raw[0].isdigit()

    @property
    def marked(self) -> bool:
        return self.spelled != self.folded

    def token(self) -> Token:
        """Return the word as the rest of the geocoder sees it."""
        return Token(
            spelled=self.spelled,
            folded=self.folded,
            start=self.start,
            end=self.end,
            parted=self.gap not in {Gap.NONE, Gap.DOT},
            short=self.short,
        )


def words_of(text: str, hidden: Sequence[tuple[int, int]] = ()) -> list[Word]:
    """Return the words of a clean text; ``hidden`` spans hold none, and part those around them."""
    return _in_full(list(_plain_words(text, hidden)))


def _plain_words(text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[Word]:
    end, before = 0, ""
    for start, stop in [*hidden, (len(text), len(text))]:
        for match in _WORD.finditer(text, end, start):
            for raw, at in _pieces(match):
                gap = _gap(text[end:at], before) if before else Gap.STOP
                yield _word(raw, at, gap, glued=at == end and bool(before))
                end, before = at + len(raw), raw
        end, before = stop, ""


def _pieces(match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """Yield a match's words and where each starts: one, or those that were glued."""
    if match["number"] is not None:
        yield match[0], match.start()
        return
    at = match.start()
    for hump in _humps(match[0]):
        for piece in split_glued(hump, vietnamese().glued):
            yield piece, at
            at += len(piece)


def _humps(letters: str) -> list[str]:
    """Return the words that capitals begin in it: of "HungThuan", but not of "McD" or "TpHCM"."""
    begins = [at for at in range(1, len(letters)) if letters[at].isupper()]
    if not begins or letters.isupper() or len(letters) > _LONGEST_GLUED:
        return [letters]
    ends = [*begins, len(letters)]
    humps = [letters[at:end] for at, end in zip([0, *begins], ends, strict=True)]
    return humps if all(len(one) > 1 and one[1:].islower() for one in humps) else [letters]


def _word(raw: str, start: int, gap: Gap, *, glued: bool) -> Word:
    spelling, plain = _spellings(raw)
    return Word(spelling, plain, raw, start, start + len(raw), gap, glued)


@lru_cache(maxsize=1 << 16)
def _spellings(raw: str) -> tuple[str, str]:
    if raw[0].isdigit():
        number = raw.casefold().replace(" ", "")
        return number, number.replace("đ", "d")
    meant = repaired(raw)
    return spelled(meant) or raw.casefold(), folded(meant) or raw.casefold()


def _gap(between: str, before: str) -> Gap:
    marks = between.strip(" ")
    if not marks:
        return Gap.NONE
    if set(marks) & set("\n!?"):
        return Gap.STOP
    for letters, gap in ((',;:()"|[]{}•*', Gap.COMMA), ("-", Gap.DASH), ("/\\", Gap.SLASH)):
        if set(marks) & set(letters):
            return gap
    if marks[0] == ".":
        return _dot(between, before)
    return Gap.AND if marks in {"&", "+"} else Gap.COMMA if marks != "'" else Gap.NONE


def _dot(between: str, before: str) -> Gap:
    if between == ".":
        return Gap.DOT
    if between.strip(" ") != "." or before[0].isdigit():
        return Gap.STOP
    return Gap.DOT if _is_short(before) else Gap.STOP


@lru_cache(maxsize=4096)
def _is_short(word: str) -> bool:
    """Tell whether a dot after the word shortens it."""
    known, plain = vietnamese(), spelled(word)
    shortened = plain in known.names or plain in known.short_words or plain in known.initials
    return len(word) <= 2 or shortened or plain in {"đg", "str", "tphcm", "hcm"}


def _in_full(words: list[Word]) -> list[Word]:
    found: list[Word] = []
    at = 0
    while at < len(words):
        name, length = _stands_for(words, at)
        if name:
            found += _expanded(words[at : at + length], name)
        else:
            found.append(words[at])
        at += max(length, 1)
    return found


def _expanded(short: Sequence[Word], name: str) -> Iterator[Word]:
    first, last = short[0], short[-1]
    written = "".join(
        (" " if at and not word.glued else "") + word.raw for at, word in enumerate(short)
    )
    for at, one in enumerate(name.split()):
        # A name in full is written as names are.
        raw = one[0].upper() + one[1:]
        gap = first.gap if at == 0 else Gap.NONE
        yield Word(spelled(one), folded(one), raw, first.start, last.end, gap, short=written)


def _stands_for(words: Sequence[Word], at: int) -> tuple[str, int]:
    """Return the name in full for the short form that begins here, and its length in words."""
    word = words[at]
    if word.is_number:
        return "", 0
    following = words[at + 1] if at + 1 < len(words) else None
    for name, length in (
        _initials(word, following),
        _spoken(words, at),
        _short_word(word, following),
        _middle_name(words, at),
    ):
        if name:
            return name, length
    return "", 0


def _initials(word: Word, following: Word | None) -> tuple[str, int]:
    known = vietnamese().initials
    if following and following.glued and following.is_number:
        name = known.get(word.spelled + following.spelled, "")
        if name:
            return name, 2
    # "CMT 8" and "cmt tám" are spoken forms.
    if word.spelled == "cmt" and following and following.folded in {"8", "tam"}:
        return known["cmt"], 2
    return known.get(word.spelled, ""), 1


def _spoken(words: Sequence[Word], at: int) -> tuple[str, int]:
    for phrase in vietnamese().spoken.get(words[at].folded, ()):
        said = words[at : at + len(phrase)]
        if tuple(word.folded for word in said) != phrase.folded:
            continue
        if all(word.gap in {Gap.NONE, Gap.DOT} for word in said[1:]):
            return phrase.value, len(phrase)
    return "", 0


def _short_word(word: Word, following: Word | None) -> tuple[str, int]:
    known = vietnamese()
    short = word.spelled
    if following is None or following.gap in PARTING:
        return "", 0
    if short in known.roads and _numbers_a_road(following):
        return known.roads[short], 1
    if short in known.short_words and not following.is_number and _is_meant_short(word):
        return known.short_words[short], 1
    return "", 0


def _numbers_a_road(following: Word) -> bool:
    return following.is_number and len(following.raw) <= 4 and "/" not in following.raw


def _is_meant_short(word: Word) -> bool:
    return word.raw.isupper() or (len(word.raw) > 2) or word.spelled == "bv"


def _middle_name(words: Sequence[Word], at: int) -> tuple[str, int]:
    """Return "văn" for the V of "Võ V.Kiệt", "nguyễn" for "Ng. Trãi"."""
    word, names = words[at], vietnamese().names
    following = words[at + 1] if at + 1 < len(words) else None
    if word.spelled not in names or following is None or following.is_number:
        return "", 0
    if following.gap is not Gap.DOT or not following.capital:
        return "", 0
    if len(word.raw) > 1:
        return names[word.spelled], 1
    before = words[at - 1] if at else None
    named = before is not None and len(before.raw) > 1 and before.capital
    return (names[word.spelled], 1) if named and word.gap is Gap.NONE else ("", 0)
