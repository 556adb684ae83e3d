"""What a Vietnamese syllable can be, with its marks or without. Pure."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from gis_core.names import TONES, folded

LONGEST = 7
"""Letters of the longest syllable, "nghiêng"."""

_ONSETS = (
    " b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"  # "" begins vowels
).split(" ")
_RHYMES = [
    "a",
    "ac",
    "ach",
    "ai",
    "am",
    "an",
    "ang",
    "anh",
    "ao",
    "ap",
    "at",
    "au",
    "ay",
    "ă",
    "ăc",
    "ăm",
    "ăn",
    "ăng",
    "ăp",
    "ăt",
    "âc",
    "âm",
    "ân",
    "âng",
    "âp",
    "ât",
    "âu",
    "ây",
    "e",
    "ec",
    "em",
    "en",
    "eng",
    "eo",
    "ep",
    "et",
    "ê",
    "êch",
    "êm",
    "ên",
    "ênh",
    "êp",
    "êt",
    "êu",
    "i",
    "ia",
    "ich",
    "iêc",
    "iêm",
    "iên",
    "iêng",
    "iêp",
    "iêt",
    "iêu",
    "im",
    "in",
    "inh",
    "ip",
    "it",
    "iu",
    "o",
    "oa",
    "oac",
    "oach",
    "oai",
    "oam",
    "oan",
    "oang",
    "oanh",
    "oao",
    "oap",
    "oat",
    "oay",
    "oăc",
    "oăm",
    "oăn",
    "oăng",
    "oăt",
    "oc",
    "oe",
    "oen",
    "oeo",
    "oet",
    "oi",
    "om",
    "on",
    "ong",
    "op",
    "ot",
    "ooc",
    "oong",
    "ô",
    "ôc",
    "ôi",
    "ôm",
    "ôn",
    "ông",
    "ôp",
    "ôt",
    "ơ",
    "ơi",
    "ơm",
    "ơn",
    "ơp",
    "ơt",
    "u",
    "ua",
    "uân",
    "uâng",
    "uât",
    "uây",
    "uc",
    "uê",
    "uêch",
    "uênh",
    "ui",
    "um",
    "un",
    "ung",
    "uôc",
    "uôi",
    "uôm",
    "uôn",
    "uông",
    "uôt",
    "uơ",
    "up",
    "ut",
    "uy",
    "uya",
    "uych",
    "uyên",
    "uyêt",
    "uynh",
    "uyt",
    "uyu",
    "ư",
    "ưa",
    "ưc",
    "ưi",
    "ưm",
    "ưn",
    "ưng",
    "ưt",
    "ươc",
    "ươi",
    "ươm",
    "ươn",
    "ương",
    "ươp",
    "ươt",
    "ươu",
    "ưu",
    "y",
    "yêm",
    "yên",
    "yêng",
    "yêt",
    "yêu",
    "ynh",
    "yt",
]
_SPELLED = frozenset(onset + rhyme for onset in _ONSETS for rhyme in _RHYMES) | {"gin", "gi"}
_FOLDED = frozenset(folded(syllable) for syllable in _SPELLED)
_STOPPED = ("c", "ch", "p", "t")
_RISING_OR_HEAVY = {"\u0301", "\u0323"}


@lru_cache(maxsize=1 << 16)
def is_syllable(word: str) -> bool:
    """Tell whether ``word`` is a syllable, written in full or without any mark."""
    if len(word) > LONGEST + 1:
        return False
    apart = unicodedata.normalize("NFD", word.casefold())
    tones = [letter for letter in apart if letter in TONES]
    bare = unicodedata.normalize("NFC", "".join(one for one in apart if one not in TONES))
    if not tones and bare in _FOLDED:
        return True
    if len(tones) > 1 or bare not in _SPELLED:
        return False
    return not tones or not bare.endswith(_STOPPED) or tones[0] in _RISING_OR_HEAVY


def is_written_in_full(word: str) -> bool:
    """Tell whether ``word`` is a syllable with a tone or a letter that English has not."""
    return word != folded(word) and is_syllable(word)


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
        if is_syllable(rest) and (sure or {folded(first), folded(rest)} & cues):
            return first, rest
    return _split_in_three(word) if sure else (word,)


def _split_in_three(word: str) -> tuple[str, ...]:
    for at in range(2, min(len(word) - 3, LONGEST + 1)):
        if not is_syllable(word[:at]):
            continue
        for then in range(at + 2, min(len(word) - 1, at + LONGEST + 1)):
            if is_syllable(word[at:then]) and is_syllable(word[then:]):
                return word[:at], word[at:then], word[then:]
    return (word,)
