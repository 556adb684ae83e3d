"""What a Vietnamese syllable can be, with its marks or without. Pure."""

from __future__ import annotations

import tomllib
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from gis_core.names import TONES, folded

LONGEST = 7
"""Letters of the longest syllable, "nghiêng"."""

FILE = Path(__file__).parents[1] / "language" / "syllables.toml"

_STOPPED = ("c", "ch", "p", "t")
_RISING_OR_HEAVY = {"\u0301", "\u0323"}


@cache
def toneless() -> frozenset[str]:
    """Return every syllable with its letters' own marks, without a tone."""
    data = tomllib.loads(FILE.read_text("utf-8"))
    onsets = ["", *data["onsets"].split()]
    rhymes = data["rhymes"].split()
    return frozenset(
        {first + rest for first in onsets for rest in rhymes} | {*data["others"].split()}
    )


@cache
def markless() -> frozenset[str]:
    """Return every syllable as it is typed without any mark."""
    return frozenset(folded(syllable) for syllable in toneless())


@cache
def english() -> frozenset[str]:
    """Return English words that look like a syllable typed in Telex."""
    return frozenset(tomllib.loads(FILE.read_text("utf-8"))["english"].split())


@lru_cache(maxsize=1 << 16)
def is_syllable(word: str) -> bool:
    """Tell whether ``word`` is a syllable, written in full or without any mark."""
    if len(word) > LONGEST + 1:
        return False
    apart = unicodedata.normalize("NFD", word.casefold())
    tones = [letter for letter in apart if letter in TONES]
    bare = unicodedata.normalize("NFC", "".join(one for one in apart if one not in TONES))
    if not tones and bare in markless():
        return True
    if len(tones) > 1 or bare not in toneless():
        return False
    return not tones or not bare.endswith(_STOPPED) or tones[0] in _RISING_OR_HEAVY


def is_written_in_full(word: str) -> bool:
    """Tell whether ``word`` is a syllable with a mark that tells it from others."""
    return word.casefold() != folded(word) and is_syllable(word)


@lru_cache(maxsize=1 << 16)
def repaired(word: str) -> str:
    """Return the syllable that a mistyped one was meant to be, the word itself where unsure.

    A letter typed twice ("Vănn") or two in the wrong order ("Logn"), where one syllable alone
    comes of it.
    """
    if not 3 <= len(word) <= LONGEST + 1 or not word.isalpha() or is_syllable(word):
        return word
    if len(word) == 3 and word.isascii():
        return word
    twice = [at for at in range(1, len(word)) if word[at].casefold() == word[at - 1].casefold()]
    if word.casefold() == folded(word):
        twice = [at for at in twice if _no_english(word.casefold(), at)]
    meant = {word[:at] + word[at + 1 :] for at in twice} or _swapped(word)
    syllables = [one for one in meant if is_syllable(one)]
    return syllables[0] if len(syllables) == 1 else word


def _no_english(word: str, at: int) -> bool:
    """Tell whether English would not double the letter there: at the end, or "a", "i", "u"."""
    return word[at] in "aiu" or (at == len(word) - 1 and word[at] in "nghtmco")


def _swapped(word: str) -> set[str]:
    pairs = range(len(word) - 1)
    return {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in pairs}


def split_glued(word: str, cues: frozenset[str]) -> tuple[str, ...]:
    """Return the syllables of words written as one ("đầuhẻm"); the word itself where unsure.

    Without marks only where a syllable is one of ``cues``, folded: "hemso", but not "taxi".
    """
    if is_syllable(word) or not 4 <= len(word) <= 3 * LONGEST:
        return (word,)
    sure = word.casefold() != folded(word)
    for at in range(2, min(len(word) - 1, LONGEST + 1)):
        first, rest = word[:at], word[at:]
        if not is_syllable(first):
            continue
        if is_syllable(rest) and (sure or _holds(cues, first, rest)):
            return first, rest
    return _split_in_three(word) if sure else (word,)


def _holds(cues: frozenset[str], first: str, rest: str) -> bool:
    return min(len(first), len(rest)) > 2 and bool({folded(first), folded(rest)} & cues)


def _split_in_three(word: str) -> tuple[str, ...]:
    for at in range(2, min(len(word) - 3, LONGEST + 1)):
        if not is_syllable(word[:at]):
            continue
        for then in range(at + 2, min(len(word) - 1, at + LONGEST + 1)):
            if is_syllable(word[at:then]) and is_syllable(word[then:]):
                return word[:at], word[at:then], word[then:]
    return (word,)
