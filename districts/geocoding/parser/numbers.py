"""House numbers and the numbers of alleys: "123/45/6", "số 5 hẻm 24", "18-20", "5 Bis". Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.sentence import Sentence
from districts.geocoding.parser.words import PARTING, Gap

_PHONE = re.compile(r"0\d{8,10}|\d{7,}")
_MEASURE = re.compile(r"\d+(?:m|h)\d*")
_DAY = re.compile(r"[0-3]?\d/[01]?\d(?:/\d{2,4})?")
_LONGEST_PATH = 6
_MOST_NUMBERS = 6
_MONTHS = frozenset(
    {*map(str, range(1, 13)), "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi"}
)
_AFTER = frozenset({"bis", "ter"})


@dataclass(slots=True)
class Numbers:
    """What was read of a house and its alleys, and where the reading stopped."""

    at: int
    house: str = ""
    alleys: list[str] = field(default_factory=list)
    cued: bool = False
    """Whether a word said that this is a house or an alley."""
    path: str = ""
    """The house's number as it was written, with the alleys in it."""

    def __bool__(self) -> bool:
        return bool(self.house or self.alleys)


def read_numbers(sentence: Sentence, at: int) -> Numbers:
    """Return the house and alleys said from a word on; falsy where there are none.

    Alleys are outermost first: "số 5 ngách 7 ngõ 24" is alleys 24 and 7, house 5.
    """
    found = Numbers(at)
    for _ in range(_MOST_NUMBERS):
        if found.at >= len(sentence) or not _read_one(sentence, found):
            break
    return found


def is_counted(sentence: Sentence, at: int) -> bool:
    """Tell whether the number at a word is an amount, a time, a date or a telephone number."""
    known, raw = vietnamese(), sentence.words[at].raw
    if _PHONE.match(raw) or raw.count("/") > _LONGEST_PATH:
        return True
    after = at + 1
    if _MEASURE.fullmatch(raw):
        named = sentence.cased and not sentence.parts(after) and sentence.words[after].capital
        return not named
    if after < len(sentence) and not sentence.parts(after):
        unit = sentence.function_word(known.units, after)
        if unit and not _is_in_a_name(sentence, after, after + len(unit)):
            return True
    return _is_grouped(sentence, at) or _is_said_a_count(sentence, at)


def _is_grouped(sentence: Sentence, at: int) -> bool:
    """Tell whether the number is a part of a longer one: "0903 123 456"."""
    for first in (at, at + 1):
        if not 0 < first < len(sentence) or not sentence.is_number(first):
            continue
        pair = sentence.words[first - 1 : first + 1]
        decimal = all(word.raw.isdecimal() for word in pair)
        if decimal and pair[1].gap in {Gap.NONE, Gap.DOT} and not is_date(sentence, first):
            return True
    return False


def is_date(sentence: Sentence, at: int) -> bool:
    """Tell whether "3 tháng 2", as streets are named too, stands at a word."""
    said = sentence.words[at : at + 3]
    return len(said) == 3 and said[1].folded == "thang" and said[2].folded in _MONTHS


def _is_said_a_count(sentence: Sentence, at: int) -> bool:
    """Tell whether the word before makes it a time or an amount, and no street follows."""
    if sentence.parts(at):
        return False
    announced = sentence.is_role(at + 1, Role.ROAD, Role.NAMED_ROAD, Role.ALLEY)
    if announced and not sentence.parts(at + 1):
        return False
    known = vietnamese().counted_after
    if at and sentence.words[at - 1].folded == "ngay":
        # Without its mark, "ngày" is "ngay": right at.
        return is_date(sentence, at) or _DAY.fullmatch(sentence.words[at].raw) is not None
    return any(
        (phrase := sentence.function_word(known, at - length))
        and len(phrase) == length
        and not sentence.is_inside(at - length, Role.ASSET)
        for length in (1, 2, 3)
    )


def _is_in_a_name(sentence: Sentence, at: int, last: int) -> bool:
    """Tell whether what reads as a unit begins a name: "15 Cây Trâm"; or is a letter: "26 M"."""
    words = sentence.words
    if is_date(sentence, at - 1):
        return True
    if words[at].raw.isupper() and len(words[at].raw) == 1 and not sentence.shouted:
        return True
    if not sentence.cased:
        end = sentence.name_end(at)
        return end > last and sentence.is_role(end, Role.AREA)
    if not words[at].raw[0].isupper():
        return False
    return last < len(words) and words[last].capital and not sentence.parts(last)


def _read_one(sentence: Sentence, found: Numbers) -> bool:
    """Read one more number, with the words before it; tell whether there was one."""
    at = sentence.past(found.at, Role.HOUSE)
    said_house = at > found.at
    alley = sentence.is_role(at, Role.ALLEY)
    if alley:
        at = sentence.past(at, Role.ALLEY, Role.HOUSE)
    if not (alley or said_house) and (found or not _starts(sentence, found.at)):
        return False
    read = _number(sentence, at)
    if read is None or is_counted(sentence, at):
        return False
    if found and sentence.words[found.at].gap is Gap.STOP:
        return False
    path, found.at = read
    found.cued = found.cued or alley or said_house
    (_add_alley if alley else _add_house)(found, path)
    return True


def _starts(sentence: Sentence, at: int) -> bool:
    return at < len(sentence) and (sentence.words[at].is_number or _is_block(sentence, at))


def _is_block(sentence: Sentence, at: int) -> bool:
    """Tell whether a letter before a number belongs to it: "A12/3"."""
    words = sentence.words
    if at + 1 >= len(words) or len(words[at].raw) != 1 or words[at].short:
        return False
    following = words[at + 1]
    return following.is_number and following.glued and "/" in following.raw


def _number(sentence: Sentence, at: int) -> tuple[list[str], int] | None:
    """Return the parts of the number at a word ("123/45" has two), and where it ends."""
    words = sentence.words
    letter = ""
    if at < len(words) and _is_block(sentence, at):
        letter, at = words[at].raw.upper(), at + 1
    if at >= len(words) or not words[at].is_number:
        return None
    path = [part for part in words[at].raw.replace(" ", "").upper().split("/") if part]
    path[0] = letter + path[0]
    at += 1
    if at < len(words) and _continues(sentence, at):
        path[-1] += f"-{words[at].raw.upper()}"
        at += 1
    if at < len(words) and _is_letter(sentence, at):
        path[-1] += words[at].raw
        at += 1
    if at < len(words) and words[at].folded in _AFTER and words[at].gap not in PARTING:
        path[-1] += f" {words[at].raw.capitalize()}"
        at += 1
        if sentence.is_number(at) and words[at].gap is Gap.SLASH:
            path += words[at].raw.upper().split("/")
            at += 1
    return path, at


def _is_letter(sentence: Sentence, at: int) -> bool:
    """Tell whether a capital alone belongs to the number: "26 M, đường ..."."""
    word = sentence.words[at]
    alone = len(word.raw) == 1 and word.raw.isascii() and word.raw.isupper() and not word.short
    following = sentence.parts(at + 1) or sentence.is_role(
        at + 1, Role.ROAD, Role.NAMED_ROAD, Role.ALLEY
    )
    return alone and following and word.gap is Gap.NONE and not sentence.cue(at)


def _continues(sentence: Sentence, at: int) -> bool:
    """Tell whether a number is the second half of a range: "30 - 32"."""
    word = sentence.words[at]
    return word.is_number and word.gap is Gap.DASH and "/" not in word.raw


def _add_house(found: Numbers, path: list[str]) -> None:
    if found.house:
        return
    *outer, house = path
    found.path = "/".join(path)
    if not found.alleys or outer[: len(found.alleys)] == found.alleys:
        found.alleys, found.house = [*found.alleys, *outer[len(found.alleys) :]], house
    else:
        found.house = found.path


def _add_alley(found: Numbers, path: list[str]) -> None:
    if found.alleys[: len(path)] == path:
        return
    if "/" in found.path:
        # "213/23 hẻm 227": the house's number is of another alley than the one it is told by.
        found.house, found.path, found.alleys = found.path, "", path
    else:
        found.alleys = [*path, *found.alleys]
