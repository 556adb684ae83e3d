"""Where the words say that streets meet: "A giao B", "góc A và B", "A - B", "A/B". Pure."""

from __future__ import annotations

from dataclasses import dataclass

from districts.geocoding.parsed import Side, Window
from districts.geocoding.parser.cues import Cue
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.numbers import is_date
from districts.geocoding.parser.sentence import LONGEST_NAME, Sentence
from districts.geocoding.parser.words import PARTING, Gap

_SURELY_NAME = 3
_LONGEST_ALONE = 4
_JOINING_GAPS = frozenset({Gap.DASH, Gap.SLASH, Gap.AND})
_BEGINS = frozenset(
    {Role.CROSSING, Role.ROAD, Role.RELATION, Role.PIECE, Role.BETWEEN, Role.FROM, Role.STOP}
)
_NO_STREETS = (Role.AREA, Role.CITY, Role.ASSET, Role.MILESTONE)
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
        return 0 if sentence.parts(at) else cue.last
    if cue and cue.role is Role.CROSSING and _joins(sentence, cue):
        return cue.last
    if sentence.words[at].gap in _JOINING_GAPS:
        return 0 if _numbers_on(sentence, at) else at
    if sentence.parts(at):
        return 0
    if _is_second_road(sentence, at):
        return at
    word = sentence.function_word(vietnamese().joins_after_cue, at)
    return at + len(word) if word else 0


def _numbers_on(sentence: Sentence, at: int) -> bool:
    """Tell whether a slash or dash stands in a house number: "36 Bis/2"."""
    pair = sentence.words[at - 1 : at + 1]
    return pair[1].is_number and (pair[0].is_number or pair[0].folded in {"bis", "ter"})


def _is_second_road(sentence: Sentence, at: int) -> bool:
    """Tell whether a street begins after another: "góc Đường số 8A Đường số 21C"."""
    cue = sentence.cue(at)
    road = cue is not None and cue.role is Role.ROAD
    return road and not _ended_cue(sentence, at)


def _joins(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether a word for a crossing follows a name: "Nguyễn Huệ góc Lê Lợi"."""
    first, joining = cue.first, cue.phrase.value in vietnamese().joining_crossings
    if sentence.parts(first) and not (joining and _is_alone(sentence, cue)):
        return False
    before = sentence.words[first - 1]
    return sentence.cased and before.capital and sentence.cue(first - 1) is None


def _is_alone(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether one street alone follows after a comma: "Lê Lợi, góc Pasteur"."""
    if sentence.words[cue.first].gap is not Gap.COMMA or sentence.parts(cue.last):
        return False
    last = sentence.name_end(cue.last)
    return last - cue.last <= _LONGEST_ALONE and (
        last >= len(sentence) or not _join_at(sentence, last)
    )


def _crossing(sentence: Sentence, at: int, join: int, floor: int) -> Crossing | None:
    first, begun_by = _left(sentence, at, floor)
    surely = sentence.is_role(at, Role.JOIN, Role.CROSSING)
    said = _said(sentence, first)
    if sentence.words[at].gap in _JOINING_GAPS:
        if not (surely or said) and _joined_later(sentence, at):
            return None
    elif not (surely or said or _both_named(sentence, at, join)):
        return None
    if first >= at or not _may_be_streets(sentence, first, at, join):
        return None
    whole = begun_by is not None and begun_by is not Role.STOP
    if sentence.is_role(first, Role.LANDMARK) and not sentence.is_surely(first, Role.LANDMARK):
        # "cho" without its mark may be "chợ" or "chỗ".
        whole = False
    streets = [Window(first, at, Side.WHOLE if whole else Side.END)]
    last = at
    while join and (window := _right(sentence, join, said=said)):
        streets.append(window)
        last = window.last
        join = _join_at(sentence, last) if last < len(sentence) else 0
        if join and sentence.words[last].gap not in _JOINING_GAPS and not surely and not said:
            break
    return Crossing(first, last, tuple(streets), begun_by, surely or said) if last > at else None


def _said(sentence: Sentence, first: int) -> bool:
    """Tell whether a word before the name, or before "đường", says that streets meet."""
    begun = sentence.cue_before(first)
    if begun and begun.role is Role.ROAD:
        begun = sentence.cue_before(begun.first)
    return begun is not None and begun.role in {Role.CROSSING, Role.BETWEEN, Role.PIECE}


def _both_named(sentence: Sentence, at: int, join: int) -> bool:
    """Tell whether "and" stands between two names, or what follows says that they meet."""
    if not at < join < len(sentence):
        return False
    after = sentence.past(join, Role.ROAD)
    if any(
        sentence.phrase(vietnamese().joins_at_the_end, later)
        for later in range(after + 1, min(after + LONGEST_NAME, len(sentence)))
    ):
        return True
    named = after < len(sentence) and sentence.words[after].capital
    return sentence.cased and named and sentence.words[at - 1].capital


def _joined_later(sentence: Sentence, at: int) -> bool:
    """Tell whether a word joins streets soon after a dash: "Trung Mỹ - Tân Xuân giao Lê Lợi"."""
    for after in range(at + 1, min(at + LONGEST_NAME, len(sentence))):
        if sentence.parts(after):
            return False
        if sentence.is_role(after, Role.JOIN):
            return True
    return False


def _left(sentence: Sentence, at: int, floor: int) -> tuple[int, Role | None]:
    """Return where the name that ends before ``at`` can begin, and the cue before it."""
    first = at
    while first > max(floor, at - LONGEST_NAME):
        begun = _ended_cue(sentence, first)
        if begun and not (at - first < _SURELY_NAME and sentence.is_weak(first - 1)):
            return first, begun
        if first < at and (sentence.parts(first) or _separates(sentence, first, at)):
            break
        first -= 1
    return first, None


def _separates(sentence: Sentence, first: int, at: int) -> bool:
    """Tell whether a dash before ``first`` parts it; a surer join at ``at`` leaves it in a name."""
    gap = sentence.words[first].gap
    return gap in _JOINING_GAPS and not (gap is Gap.DASH and sentence.is_role(at, Role.JOIN))


def _ended_cue(sentence: Sentence, first: int) -> Role | None:
    """Return the role of the cue whose last word stands before ``first``, if it begins names."""
    cue = sentence.cue_before(first)
    if cue is None or cue.role not in _BEGINS:
        return None
    # "Cầu vượt Ngã tư Thủ Đức" is one name.
    named = cue.role is Role.CROSSING and sentence.continues_landmark(cue.first)
    return None if named else cue.role


def _right(sentence: Sentence, first: int, *, said: bool) -> Window | None:
    announced = sentence.past(first, Role.ROAD, Role.CROSSING)
    if announced == first and not said and _is_numbered(sentence, first):
        return None
    first = announced
    if first >= len(sentence) or sentence.words[first].gap in PARTING:
        return None
    if not _begins_a_street(sentence, first):
        return None
    return Window(first, sentence.name_end(first), Side.START)


def _is_numbered(sentence: Sentence, first: int) -> bool:
    """Tell whether a house or an alley follows: "Lê Văn Sỹ - hẻm 413"."""
    at = sentence.past(first, Role.ALLEY, Role.HOUSE)
    return at > first and sentence.is_number(at)


def _begins_a_street(sentence: Sentence, first: int) -> bool:
    cue = sentence.cue(first)
    if cue is None or cue.role not in _NOT_STREETS or sentence.can_name(first):
        return True
    if cue.role is Role.HOUSE:
        return sentence.is_number(cue.last) or not sentence.parts(cue.last)
    return cue.role is Role.AREA and not sentence.is_surely(first, Role.AREA)


def _may_be_streets(sentence: Sentence, first: int, last: int, join: int) -> bool:
    """Tell whether the words before a join can be a street: no ward, no house, no bare number."""
    words = sentence.words
    if any(sentence.is_surely(at, *_NO_STREETS) for at in range(first, last)):
        return False
    if sentence.is_role(first, Role.AREA) and sentence.is_role(join, Role.AREA):
        return False
    begun = _ended_cue(sentence, first)
    if words[first].raw in vietnamese().dates or is_date(sentence, first):
        return True
    return not words[first].is_number or begun in {Role.ROAD, Role.CROSSING, Role.BETWEEN}
