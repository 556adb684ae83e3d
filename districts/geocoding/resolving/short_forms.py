"""Names with words cut to their first letters: "C. Hoà" for Cộng Hoà, "Võ V. Kiệt"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from districts.geocoding.keys import key_words
from districts.geocoding.parsed import Token
from districts.models import PlaceKind
from gis_core import sql

SQL = "districts.geocoding"
SHORTENED = 3
"""A word of more letters is written in full."""
_FULL = 2

Known = Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


def keys_of(tokens: Sequence[Token], version: int) -> tuple[str, ...]:
    """Return the keys of the streets that the words may be, some of them cut; () if none is.

    The last word stands in full. "C Hoa" is Cộng Hoà, but also Chính Hoà if there is one.
    """
    words = [token.folded for token in tokens]
    if len(words) < 2 or len(words[-1]) < _FULL or not any(map(_is_cut, words[:-1])):
        return ()
    known = read(version).get(_short(words), ())
    return tuple(key for full, key in known if _agree(words, full))


def _is_cut(word: str) -> bool:
    return word.isalpha() and (len(word) == 1 or (len(word) < SHORTENED and not _has_vowel(word)))


def _has_vowel(word: str) -> bool:
    return any(letter in "aeiouy" for letter in word)


def _agree(words: Sequence[str], full: Sequence[str]) -> bool:
    return all(
        own.startswith(word) if _is_cut(word) else own == word
        for word, own in zip(words, full, strict=True)
    )


def _short(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words[:-1]) + " " + words[-1]


@lru_cache(maxsize=2)
def read(version: int) -> Known:  # noqa: ARG001  a new gazetteer has other names
    """Return (words, key) of all streets by their initials and last word."""
    names: dict[str, set[tuple[tuple[str, ...], str]]] = defaultdict(set)
    for folded, key in sql.prepared(SQL, "street_names", [PlaceKind.STREET.value]):
        for words in {tuple(folded.split()), tuple(key_words(folded))}:
            if len(words) > 1 and words[-1].isalpha():
                names[_short(words)].add((words, key))
    return {short: tuple(sorted(found)) for short, found in names.items()}
