"""A clean text -> its words: numbers with their slashes, glued words parted. Pure."""

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
_SUFFIX = r"(?:(?:[A-Za-zĐđ]\d{0,2}|[A-ZĐ]{2})(?![^\W_]))?"
_NUMBER = rf"\d+{_SUFFIX}"
_PART = rf"(?:{_NUMBER}|[A-Za-zĐđ]\d*(?![^\W_]))"
_WORD = re.compile(
    rf"(?P<number>{_NUMBER}(?: ?/ ?{_PART})*(?:-{_NUMBER})?)|(?P<letters>{_LETTER}+)"
)
_LABELS = frozenset(["duong", "so", "hem", "phuong", "quan", "xa", "huyen", "nha"])
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
    named: bool = False
    """Whether that is short for a whole name: no word of it means anything else."""

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
    return list(_words(text, hidden))


def _words(text: str, hidden: Sequence[tuple[int, int]]) -> Iterator[Word]:
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
        mended = repaired(hump) != hump
        for piece in (hump,) if mended else split_glued(hump, vietnamese().glued):
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
    if marks == ":" and folded(before) in _LABELS:
        return Gap.NONE
    for letters, gap in ((',;:()"|[]{}•*', Gap.COMMA), ("-~", Gap.DASH), ("/\\", Gap.SLASH)):
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
