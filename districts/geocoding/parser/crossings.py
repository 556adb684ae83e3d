"""Where the words say that streets meet: "A giao B", "góc A và B", "A - B", "A/B". Pure."""

from __future__ import annotations

from dataclasses import dataclass

from districts.geocoding.parsed import Side, Window
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.sentence import LONGEST_NAME, Sentence
from districts.geocoding.parser.words import PARTING, Gap

_JOINING_GAPS = frozenset({Gap.DASH, Gap.SLASH, Gap.AND})
_BEGINS = frozenset(
    {Role.CROSSING, Role.ROAD, Role.RELATION, Role.PIECE, Role.BETWEEN, Role.FROM, Role.STOP}
)
_NOT_STREETS = (Role.AREA, Role.CITY, Role.STOP, Role.HOUSE, Role.ASSET, Role.RELATION)


@dataclass(frozen=True, slots=True)
class Crossing:
    """Streets that are said to meet, in words [first, last)."""

    first: int
    last: int
    streets: tuple[Window, ...]
    begun_by: Role | None
    """What stood before the first name."""
    surely: bool
    """Whether a word said so, not a dash alone."""


def crossings_in(sentence: Sentence) -> list[Crossing]:
    """Return the crossings of a text in order; none overlaps the one before."""
    found: list[Crossing] = []
    at = 1
    while at < len(sentence):
        join = _join_at(sentence, at)
        crossing = _crossing(sentence, at, join, found[-1].last if found else 0) if join else None
        if crossing:
            found.append(crossing)
            at = crossing.last
        else:
            at += 1
    return found


def _join_at(sentence: Sentence, at: int) -> int:
    """Return where the name after the joining word or dash at ``at`` begins; 0 where none joins."""
    cue = sentence.cue(at)
    if cue and cue.role is Role.JOIN:
        return cue.last
    if cue and cue.role is Role.CROSSING and not sentence.parts(at) and _named_before(sentence, at):
        return cue.last
    if sentence.words[at].gap in _JOINING_GAPS:
        return at
    word = sentence.phrase(vietnamese().joins_after_cue, at)
    return at + len(word) if word and not sentence.parts(at) else 0


def _named_before(sentence: Sentence, at: int) -> bool:
    """Tell whether the word before is of a name: "Nguyễn Huệ góc Lê Lợi"."""
    before = sentence.words[at - 1]
    return sentence.cased and before.capital and sentence.cue(at - 1) is None


def _crossing(sentence: Sentence, at: int, join: int, floor: int) -> Crossing | None:
    first, begun_by = _left(sentence, at, floor)
    surely = sentence.is_role(at, Role.JOIN, Role.CROSSING)
    said = begun_by in {Role.CROSSING, Role.BETWEEN, Role.PIECE}
    if sentence.words[at].gap not in _JOINING_GAPS and not (surely or said):
        return None
    if first >= at or not _may_be_streets(sentence, first, at):
        return None
    whole = begun_by is not None and begun_by is not Role.STOP
    streets = [Window(first, at, Side.WHOLE if whole else Side.END)]
    last = at
    while join and (window := _right(sentence, join)):
        streets.append(window)
        last = window.last
        join = _join_at(sentence, last) if last < len(sentence) else 0
        if join and sentence.words[last].gap not in _JOINING_GAPS and not surely and not said:
            break
    return Crossing(first, last, tuple(streets), begun_by, surely or said) if last > at else None


def _left(sentence: Sentence, at: int, floor: int) -> tuple[int, Role | None]:
    """Return where the name that ends before ``at`` can begin, and the cue before it."""
    first = at
    while first > max(floor, at - LONGEST_NAME):
        if begun := _ended_cue(sentence, first):
            return first, begun
        if first < at and (sentence.parts(first) or sentence.words[first].gap in _JOINING_GAPS):
            break
        first -= 1
    return first, None


def _ended_cue(sentence: Sentence, first: int) -> Role | None:
    """Return the role of the cue whose last word stands before ``first``, if it begins names."""
    for length in (1, 2, 3, 4):
        cue = sentence.cue(first - length)
        if cue and cue.last == first and cue.role in _BEGINS:
            return cue.role
    return None


def _right(sentence: Sentence, first: int) -> Window | None:
    while sentence.is_role(first, Role.ROAD, Role.CROSSING):
        cue = sentence.cue(first)
        first = cue.last if cue else first
    if first >= len(sentence) or sentence.words[first].gap in PARTING:
        return None
    cue = sentence.cue(first)
    if cue and cue.role in _NOT_STREETS and (cue.sure or cue.role is not Role.AREA):
        numbered = cue.role is Role.HOUSE and sentence.name_end(first) > cue.last
        if not numbered:
            return None
    return Window(first, sentence.name_end(first), Side.START)


def _may_be_streets(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether the words before a join can be a street: no ward, no house, no bare number."""
    words = sentence.words
    if any(sentence.is_role(at, Role.AREA, Role.CITY) and _sure(sentence, at)
           for at in range(first, last)):  # fmt: skip
        return False
    begun = _ended_cue(sentence, first)
    return not words[first].is_number or begun in {Role.ROAD, Role.CROSSING, Role.BETWEEN}


def _sure(sentence: Sentence, at: int) -> bool:
    cue = sentence.cue(at)
    return cue is not None and cue.sure
