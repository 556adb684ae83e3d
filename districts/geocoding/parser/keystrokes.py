"""Vietnamese typed with the keyboard's aid switched off: Telex "dduwowngf", VNI "d9uo7ng2". Pure.

Whether a text is so is decided for the whole of it, by how many of its words are syllables only
when their keys are undone; so English and Vietnamese without marks stay as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from districts.geocoding.parser.syllables import english, is_syllable, is_written_in_full

_TELEX_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_ROOFED = {"a": "â", "e": "ê", "o": "ô"}
_HOOKED = {"o": "ơ", "u": "ư", "a": "ă"}
_VOWELS = "aeiouyăâêôơưi"
_LONGEST = 12

_WORD = re.compile(r"[^\W_]+")
_LATE_TONE = re.compile(r"([A-Za-z]{2,12}),([sfrxj])(?![^\W_])")
_DIGIT_INSIDE = re.compile(r"[a-z]\d+[a-z]")

_ENOUGH = 4
_SURELY_LONG = 7
_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class _Undone:
    """A word with its keys undone; ``strong`` where letters changed, not the tone alone."""

    word: str
    strong: bool


Undo = Callable[[str], _Undone | None]


def undo_keys(text: str, hidden: Sequence[tuple[int, int]]) -> tuple[str, bool]:
    """Return the text with its keys undone, and whether they were; ``hidden`` spans stay."""
    ends = [0, *(end for _, end in hidden)]
    starts = [*(start for start, _ in hidden), len(text)]
    free = [text[end:start] for end, start in zip(ends, starts, strict=True)]
    words = [word for part in free for word in _WORD.findall(part)]
    if _is_telex(words):
        plain = [_undo(_LATE_TONE.sub(_move_tone, part), _telex) for part in free]
    elif _is_vni(words):
        plain = [_undo(part, _vni) for part in free]
    else:
        return text, False
    kept = [*(text[start:end] for start, end in hidden), ""]
    return "".join(part for pair in zip(plain, kept, strict=True) for part in pair), True


def _undo(text: str, undo: Undo) -> str:
    return _WORD.sub(lambda match: one.word if (one := undo(match[0])) else match[0], text)


def _move_tone(match: re.Match[str]) -> str:
    """Return "Lanhx," for "Lanh,x": the tone's key came after the comma's."""
    return f"{match[1]}{match[2]}," if _telex(match[1] + match[2]) else match[0]


def _is_telex(words: list[str]) -> bool:
    letters = [word for word in words if word.isalpha() and len(word) > 1]
    undone = [_telex(word) for word in letters]
    typed = [one for one in undone if one]
    strong = [word for one, word in zip(undone, letters, strict=True) if one and one.strong]
    marked = sum(is_written_in_full(word) for word in letters)
    long = any(len(word) >= _SURELY_LONG for word in strong)
    enough = bool(strong) and (long or len(strong) + len(typed) >= _ENOUGH)
    share = _SHARE * len(letters)
    return enough and len(typed) >= share >= max(marked, sum(map(_is_foreign, letters)))


def _is_foreign(word: str) -> bool:
    small = word.lower()
    return small in english() or (word == small and not _telex(word) and not is_syllable(word))


def _is_vni(words: list[str]) -> bool:
    mixed = [word for word in words if not word.isalpha() and not word.isdecimal()]
    typed = [word for word in mixed if _vni(word)]
    inside = any(_DIGIT_INSIDE.search(word.lower()) for word in typed)
    return inside and len(typed) > 1 and 2 * len(typed) >= len(mixed)


@lru_cache(maxsize=1 << 14)
def _telex(word: str) -> _Undone | None:
    """Return the syllable that Telex keys make, None where they make none or change nothing."""
    return _undone(word, word, _TELEX_TONES, _telex_key)


@lru_cache(maxsize=1 << 14)
def _vni(word: str) -> _Undone | None:
    """Return the syllable that VNI keys make, None where they make none or change nothing."""
    if not word[0].isalpha():
        return None
    return _undone(word, word, _VNI_TONES, _vni_key)


def _undone(
    word: str, keys: str, tones: Mapping[str, str], press: Callable[[str, str], str]
) -> _Undone | None:
    if len(word) > _LONGEST or not word.isascii():
        return None
    made, tone = "", ""
    for key in keys.lower():
        if key in tones and _has_vowel(made):
            tone = tones[key]
        else:
            made = press(made, key)
    if made == word.lower() or not made.isalpha():
        return None
    syllable = _with_tone(made, tone)
    if not is_syllable(syllable) or (tone and not is_written_in_full(syllable)):
        return None
    return _Undone(_like(word, syllable), strong=not made.isascii())


def _has_vowel(made: str) -> bool:
    # The u of "qu" and the i of "gi" belong to the consonant only before another vowel.
    return any(letter in _VOWELS for letter in made)


def _telex_key(made: str, key: str) -> str:
    if key == "w":
        return _hooked(made) or f"{made}ư"
    if key == "d" and made.startswith("d"):
        return f"đ{made[1:]}"
    if key in _ROOFED and (at := made.rfind(key)) >= 0 and _only_ends(made[at + 1 :]):
        return made[:at] + _ROOFED[key] + made[at + 1 :]
    return made + key


def _only_ends(rest: str) -> bool:
    """Tell whether the letters between a vowel and its second key close the syllable."""
    return not rest or not any(letter in _VOWELS for letter in rest)


def _vni_key(made: str, key: str) -> str:
    if key == "9" and made.startswith("d"):
        return f"đ{made[1:]}"
    if key == "7":
        return _hooked(made, "ou") or made + key
    if key == "8":
        return _hooked(made, "a") or made + key
    if key == "6":
        at = max(made.rfind(vowel) for vowel in _ROOFED)
        return made[:at] + _ROOFED[made[at]] + made[at + 1 :] if at >= 0 else made + key
    return made + key


def _hooked(made: str, letters: str = "oua") -> str:
    """Return the letters with a horn or a breve on the vowel that takes it, "" where none does."""
    at = made.rfind("uo")
    if at >= 0 and "o" in letters:
        return f"{made[:at]}ươ{made[at + 2 :]}"
    at = max(made.rfind(letter) for letter in letters)
    return made[:at] + _HOOKED[made[at]] + made[at + 1 :] if at >= 0 else ""


def _with_tone(syllable: str, tone: str) -> str:
    """Return the syllable with its tone in the new style: on the vowel that carries it."""
    if not tone:
        return syllable
    at = _carrier(syllable)
    return unicodedata.normalize("NFC", syllable[: at + 1] + tone + syllable[at + 1 :])


def _carrier(syllable: str) -> int:
    begin = 2 if syllable[:2] in {"qu", "gi"} and _has_vowel(syllable[2:]) else 0
    vowels = [at for at in range(begin, len(syllable)) if syllable[at] in _VOWELS]
    marked = [at for at in vowels if syllable[at] in "ăâêôơư"]
    if marked:
        return marked[-1]
    if len(vowels) < 2:
        return vowels[0]
    closed = vowels[-1] + 1 < len(syllable)
    pair = syllable[vowels[0] : vowels[0] + 2] in {"oa", "oe", "uy"}
    return vowels[1] if closed or pair or len(vowels) > 2 else vowels[0]


def _like(word: str, syllable: str) -> str:
    if word.isupper() and len(word) > 1:
        return syllable.upper()
    return syllable.capitalize() if word[0].isupper() else syllable
