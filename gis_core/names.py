"""Vietnamese names as people type them, brought to one form for comparing. Pure.

Three habits make one name look like several: Unicode writes a letter whole or as letter and marks
(NFC, NFD); the tone of "oa", "oe" and "uy" stands on the first letter (the old style, "Hòa") or on
the second (the new one, "Hoà"); and many people type no marks at all.
"""

from __future__ import annotations

import re
import unicodedata

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Combining grave, acute, tilde, hook above and dot below: the five written tones."""

_NOT_WORD = re.compile(r"(?:[^\w\u0300-\u036f]|_)+")
# The only pairs of vowels in which the tone wanders.
_OLD_STYLE = re.compile(rf"o([{TONES}])([ae])|u([{TONES}])(y)")


class _Bare(dict[int, str | None]):
    """What stands for a code point without its marks; learnt letter by letter, for it is quick."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        self[code] = None if unicodedata.combining(letter) else letter
        return self[code]


_BARE = _Bare({ord("đ"): "d", ord("ð"): "d"})


def spelled(text: str) -> str:
    """Return ``text`` in small letters, NFC, words parted by one space, tones in the new style.

    Equal for two spellings of the same letters and tones; other tones stay other names: "Hoà" is
    "Hòa", not "Hoa".
    """
    apart = unicodedata.normalize("NFD", text.casefold())
    moved = _OLD_STYLE.sub(_to_new_style, apart)
    return " ".join(_NOT_WORD.sub(" ", unicodedata.normalize("NFC", moved)).split())


def folded(text: str) -> str:
    """Return ``text`` in small ASCII-like letters without any mark, words parted by one space.

    "Đường Điện Biên Phủ" and "duong dien bien phu" fold to the same; Đ, and the Icelandic Ð that
    some keyboards write for it, become d.
    """
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFD", plain).translate(_BARE)
    return " ".join(_NOT_WORD.sub(" ", plain).split())


def _to_new_style(match: re.Match[str]) -> str:
    return match.expand(r"o\2\1" if match[1] else r"u\4\3")
