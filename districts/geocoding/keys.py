"""The key under which a name is looked for: what the ways of writing one name share. Pure.

"Đường Lê Lợi", "le loi" and "LeLoi" have the key "leloi"; "Đường số 5", "Đ. 5" and "số 05" have
"so5"; "Truong THCS Ba Dinh" and "Trường trung học cơ sở Ba Đình" have one key, and so have
"ngã tư" and "Ngã 4". A key has small ASCII letters and digits only, never a space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from gis_core.names import folded

LONGEST = 120

DROPPED = frozenset({"duong", "d", "dg", "dai lo"})
"""Words for a street that people leave out before its name, folded."""
AFTER = frozenset({"street", "str", "st", "road", "boulevard", "alley"})
"""Words for a street behind its English name."""

STREET_WORDS: Mapping[str, str] = {
    "quoc lo": "ql", "ql": "ql",
    "tinh lo": "tl", "tl": "tl", "duong tinh": "tl", "dt": "tl",
    "lien tinh lo": "ltl", "ltl": "ltl",
    "huong lo": "hl", "hl": "hl",
    "so": "so", "no": "so",
}  # fmt: skip
"""Words for a numbered road, folded -> how its key begins."""

ALLEY_WORDS = frozenset({"hem", "ngo", "kiet", "ngach", "xuyet"})
"""Words for an alley, folded: which one is used depends on where the speaker comes from."""

GENERIC_WORDS: Mapping[str, str] = {
    "vong xoay": "vongxoay", "bung binh": "vongxoay", "vong xuyen": "vongxoay", "vx": "vongxoay",
    "thcs": "trunghoccoso", "thpt": "trunghocphothong", "th": "tieuhoc",
    "ptth": "trunghocphothong", "cap 1": "tieuhoc", "cap 2": "trunghoccoso",
    "cap 3": "trunghocphothong", "mn": "mamnon", "mg": "maugiao", "truong mn": "mamnon",
    "dh": "daihoc", "cd": "caodang",
    "bv": "benhvien", "tyt": "tramyte", "ubnd": "uybannhandan", "ub": "uybannhandan",
    "uy ban": "uybannhandan", "uy ban nhan dan": "uybannhandan", "ca": "congan",
    "cv": "congvien", "cvvh": "congvienvanhoa", "nvh": "nhavanhoa", "bx": "benxe",
    "ben xe buyt": "benxebuyt", "tram xe buyt": "tramxebuyt",
    "kcn": "khucongnghiep", "kcx": "khuchexuat", "kdc": "khudancu", "kdt": "khudothi",
    "ktx": "kytucxa", "cc": "chungcu", "tttm": "trungtamthuongmai", "tt": "trungtam",
    "nh": "nganhang", "ks": "khachsan", "st": "sieuthi", "bd": "buudien", "nt": "nhatho",
    "svd": "sanvandong", "tdtt": "theducthethao",
}  # fmt: skip
"""How a kind of landmark is written, folded -> how its key begins."""

SCHOOL_WORDS = ("thcs", "thpt", "ptth", "th", "mn", "mg", "dh", "cd", "tieu", "trung", "mam")

JUNCTION_WORDS: Mapping[str, str] = {
    "nga 3": "nga3", "nga ba": "nga3", "nga 4": "nga4", "nga tu": "nga4",
    "nga 5": "nga5", "nga nam": "nga5", "nga 6": "nga6", "nga sau": "nga6",
    "nga 7": "nga7", "nga bay": "nga7",
}  # fmt: skip
"""How a junction is counted, folded -> its form in a key, wherever in a name it stands."""

JUNCTION_KEYS = ("nga3", "nga4", "nga5", "nga6", "nga7", "vongxoay")
"""How the keys of junctions begin."""

NUMERALS: Mapping[str, str] = {
    "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "sau": "6",
    "bay": "7", "tam": "8", "chin": "9", "muoi": "10", "muoi mot": "11", "muoi hai": "12",
}  # fmt: skip

_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})\s*[/.-]\s*(\d{1,2})(?![\d/]|[.-]\d)")
_ASIDE = re.compile(r"(?<=\S)\s*\([^)]*\)?")
_NUMBERED = re.compile(r"\d+[a-z]{0,2}")
_GLUED_ROAD = re.compile(r"(ql|tl|dt|hl|ltl|so)(\d+[a-z]?)")
_ZEROS = re.compile(r"^0+(?=\d)")
# Both ways of writing the vowel are taught, "Lê Văn Sỹ" and "Sĩ"; in the whole key, so that glued
# words ("LyThuongKiet") are no other name.
_Y = re.compile(r"(?<=[bcdghklmnprstvx])y|(?<=qu)y")
_LETTERS = frozenset("abcdeghkmn")
_NUMBER_ENDS = frozenset({"bis", "ter"})
_BIS = re.compile(r"\s*(bis|ter)\b")
_NOT_NUMBER = re.compile(r"[^0-9a-z/+-]+")


def place_key(name: str) -> str:
    """Return the key of a name; "" where it holds no letter and no digit.

    At most 120 letters. Of a name that is nothing but generic words, they are the key.
    """
    return _kept_key(name) if len(name) <= LONGEST else _key(name)


def _key(name: str) -> str:
    return _Y.sub("i", "".join(key_words(name)))[:LONGEST]


# A text asks for every run of its words, a loader for every name several times over.
_kept_key = lru_cache(maxsize=1 << 15)(_key)


def key_words(name: str) -> list[str]:
    """Return the words that a key is joined from."""
    words = folded(_dates_spelled(_ASIDE.sub("", name))).split()
    words = _months([_ZEROS.sub("", word) for word in words])
    return _alley(words) or _generic(_without_street(words))


def initials(name: str) -> str:
    """Return the letters by which a long name is known: "ntmk", "cmt8", "dbp".

    "" for names of less than three words.
    """
    words = key_words(name)
    if len(words) < 3 or any(word[0].isdigit() for word in words[:-1]):
        return ""
    return "".join(word if word.isdigit() else word[0] for word in words)


def number_key(number: str) -> str:
    """Return a house number or a path of alleys as it is compared: "034a" -> "34A".

    "18 Bis" -> "18BIS", "Số 12/ 5" -> "12/5", "28/...." -> "28"; "" where there is no digit.
    """
    text = folded_number(number)
    parts = [_ZEROS.sub("", part) for part in text.split("/") if part.strip("+-")]
    return "/".join(parts).upper() if any(letter.isdigit() for letter in text) else ""


def folded_number(number: str) -> str:
    """Return ``number`` in small ASCII letters without the words before it and without spaces."""
    small = _BIS.sub(r"\1", " ".join(_plain(number).split()))
    first = re.search(r"\d", small)
    return _NOT_NUMBER.sub("", small[_word_start(small, first.start()) :]) if first else ""


def _word_start(text: str, digit: int) -> int:
    """Return where the word with the first digit starts, if it is a letter or two: "A12"."""
    start = text.rfind(" ", 0, digit) + 1
    return start if digit - start <= 2 else digit


def _plain(text: str) -> str:
    return "".join(folded(letter) if letter.isalpha() else letter for letter in text)


def _dates_spelled(name: str) -> str:
    """Return the name with "3/2" as "3 tháng 2", where that is a date and not a house number."""
    return _DATE.sub(lambda match: _date(match, name), name)


def _date(match: re.Match[str], name: str) -> str:
    day, month = int(match[1]), int(match[2])
    before, after = folded(name[: match.start()]).split(), name[match.end() :].strip()
    if not (0 < day <= 31 and 0 < month <= 12) or set(before[-1:]) & ALLEY_WORDS:
        return match[0]
    whole = set(before) <= DROPPED and not after
    return f"{day} thang {month}" if whole or (before and "/" in match[0]) else match[0]


def _months(words: Sequence[str]) -> list[str]:
    """Return the words with numerals beside "thang" as digits: "ba thang hai" -> "3 thang 2"."""
    found = list(words)
    for at, word in enumerate(words):
        if word != "thang":
            continue
        if two := NUMERALS.get(" ".join(words[at + 1 : at + 3])):
            found[at + 1 : at + 3] = [two]
        elif words[at + 1 : at + 2] and words[at + 1] in NUMERALS:
            found[at + 1] = NUMERALS[words[at + 1]]
        if at:
            found[at - 1] = NUMERALS.get(words[at - 1], words[at - 1])
        break
    return found


def _without_street(words: list[str]) -> list[str]:
    """Return the words without those for a street, numbered roads with their short word."""
    while len(words) > 1 and (length := _leading(words, DROPPED)):
        if " ".join(words[:2]) == "duong tinh" and len(words) > 2:
            break
        words = words[length:]
    while len(words) > 1 and words[-1] in AFTER:
        words = words[:-1]
    if len(words) == 1 and _NUMBERED.fullmatch(words[0]):
        return [f"so{words[0]}"]
    return _shortened(words)


def _shortened(words: list[str]) -> list[str]:
    """Return the words with each numbered road and each "nga tu" as one: "tl10", "nga4"."""
    found: list[str] = []
    at = 0
    while at < len(words):
        junction = JUNCTION_WORDS.get(" ".join(words[at : at + 2]), "")
        used, short = (2, junction) if junction else _road_at(words, at)
        found.append(short if used else words[at])
        at += used or 1
    return found


def _road_at(words: Sequence[str], at: int) -> tuple[int, str]:
    """Return how many words from here are a numbered road, and its short word."""
    for length in (3, 2, 1):
        begins = STREET_WORDS.get(" ".join(words[at : at + length]))
        number = words[at + length : at + length + 2]
        if begins and number and number[0][0].isdigit() and (at == 0 or begins != "so"):
            lettered = number[0].isdigit() and len(number) == 2 and number[1] in _LETTERS
            return length + 1 + lettered, _road(begins, "".join(number[: 1 + lettered]))
    if glued := _GLUED_ROAD.fullmatch(words[at]):
        return 1, _road(STREET_WORDS[glued[1]], _ZEROS.sub("", glued[2]))
    return 0, ""


def _road(begins: str, number: str) -> str:
    # The road along the country is "1" on its signs since 2004 and "1A" in people's mouths.
    return "ql1a" if (begins, number) == ("ql", "1") else begins + number


def _generic(words: list[str]) -> list[str]:
    if words and words[0] == "truong" and len(words) > 2 and words[1] in SCHOOL_WORDS:
        words = words[1:]
    for length in (4, 3, 2, 1):
        begins = GENERIC_WORDS.get(" ".join(words[:length]))
        if begins and len(words) > length:
            # A roundabout that is called a crossing too is known by that.
            known = begins == "vongxoay" and words[length] in JUNCTION_KEYS
            return words[length:] if known else [begins, *words[length:]]
    return words


def _alley(words: list[str]) -> list[str]:
    """Return the words of an alley: "hem", its number, its street's words; [] if it is none."""
    # "Ngô Quyền" folds to a word for alley too; only a number makes it one.
    if len(words) < 2 or words[0] not in ALLEY_WORDS:
        return []
    begins = 2 if words[1] == "so" else 1
    ends = begins
    while ends < len(words) and (words[ends][0].isdigit() or words[ends] in _NUMBER_ENDS):
        ends += 1
    return ["hem", *words[begins:ends], *_without_street(words[ends:])] if ends > begins else []


def _leading(words: Sequence[str], known: frozenset[str]) -> int:
    return next((length for length in (2, 1) if " ".join(words[:length]) in known), 0)
