"""What fingers do to a text: no marks, Telex not switched on, slips, southern spelling."""

from __future__ import annotations

import random
import re
import unicodedata

TONE_KEYS = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
SHAPE_KEYS = {"\u0302": None, "\u0306": "w", "\u031b": "w"}
HOOK_AND_TILDE = str.maketrans({"\u0309": "\u0303", "\u0303": "\u0309"})
SOUTHERN = (
    (r"\bTr", "Ch"), (r"\bV(?=[iăâaề])", "D"), (r"\bX", "S"), (r"\bS", "X"), (r"n\b", "ng"),
    (r"(?<=[aăâ])c\b", "t"), (r"(?<=[aă])ng\b", "n"), (r"\bGi", "D"), (r"\bQu", "Q"),
)  # fmt: skip


def without_marks(text: str) -> str:
    """Return the text as typed without any mark."""
    apart = unicodedata.normalize("NFD", text)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return bare.replace("đ", "d").replace("Đ", "D").replace("Ð", "D")


def telex(text: str, *, tone_last: bool) -> str:
    """Return the keys that Telex would have made the text of."""
    return re.sub(r"\w+", lambda word: _keys(word[0], tone_last=tone_last), text)


def _keys(word: str, *, tone_last: bool) -> str:
    out, tone = "", ""
    for letter in unicodedata.normalize("NFC", word):
        plain, *marks = unicodedata.normalize("NFD", letter)
        if letter in "đĐÐ":
            plain, marks = ("d" if letter == "đ" else "D"), ["\u0302"]
        out += plain
        for mark in marks:
            if mark in SHAPE_KEYS:
                out += SHAPE_KEYS[mark] or plain.lower()
        for mark in marks:
            if key := TONE_KEYS.get(mark):
                tone, out = (key, out) if tone_last else ("", out + key)
    return out + tone


def slip(text: str, draw: random.Random, *, southern: bool) -> str:
    """Return the text with one slip in one of its longer words."""
    words = list(re.finditer(r"[^\W\d_]{3,}", text))
    if not words:
        return text
    word = draw.choice(words)
    ways = [_swapped, _doubled, _unmarked, _glued, _dropped, _tilde_for_hook, _southern]
    changed = draw.choice(ways[3:] if southern else ways[:4])(word[0], draw)
    end = word.end() + 1 if changed.endswith("\0") else word.end()
    return text[: word.start()] + changed.rstrip("\0") + text[end:]


def _swapped(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _doubled(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word))
    return word[: at + 1] + word[at:]


def _dropped(word: str, draw: random.Random) -> str:
    at = draw.randrange(1, len(word))
    return word[:at] + word[at + 1 :] if len(word) > 3 else word


def _unmarked(word: str, _draw: random.Random) -> str:
    return without_marks(word)


def _glued(word: str, _draw: random.Random) -> str:
    return word + "\0"


def _tilde_for_hook(word: str, _draw: random.Random) -> str:
    apart = unicodedata.normalize("NFD", word).translate(HOOK_AND_TILDE)
    return unicodedata.normalize("NFC", apart)


def _southern(word: str, draw: random.Random) -> str:
    habits = [habit for habit in SOUTHERN if re.search(habit[0], word)]
    return re.sub(*draw.choice(habits), word) if habits else _tilde_for_hook(word, draw)
