"""Streets, with the house or the alley that is said of them. Pure."""

from __future__ import annotations

from dataclasses import replace

from districts.geocoding.parsed import Relation, Side, Street, Window
from districts.geocoding.parser import area_names
from districts.geocoding.parser.cues import Cue
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.numbers import Numbers, is_counted, is_date, read_numbers
from districts.geocoding.parser.sentence import LONGEST_NAME
from districts.geocoding.parser.state import State
from districts.geocoding.parser.words import Gap

_MOST_CUES = 4
_ROADS = (Role.ROAD, Role.NAMED_ROAD)


def read_address(state: State, at: int) -> int:
    """Read a house or an alley with its street; return where it ends, 0 where none stands."""
    if not (state.sentence.is_role(at, Role.HOUSE, Role.ALLEY) or _may_be_number(state, at)):
        return 0
    numbers = read_numbers(state.sentence, at)
    if not numbers or not _is_plausible(state, at, numbers):
        return 0
    name, cued = _street_name(state, numbers.at, parted=True)
    if name is None:
        return _without_street(state, at, numbers)
    street = Street(name, numbers.house, tuple(numbers.alleys), state.take_relation(), cued)
    return _add_street(state, at, street, numbers.at)


def read_road(state: State, cue: Cue) -> int:
    """Read a street that a word announces: "đường Lê Lợi"."""
    if cue.last in state.crossings:
        return cue.last
    name, _ = _street_name(state, cue.first, parted=False)
    if name is None:
        return cue.last
    street = Street(name, relation=state.take_relation(), cued=True)
    return _add_street(state, cue.first, street, cue.first)


def read_named_road(state: State, cue: Cue) -> int:
    """Read a street whose name begins with its class: "quốc lộ 13"."""
    sentence = state.sentence
    numbered = sentence.is_number(cue.last) and not sentence.parts(cue.last)
    last = cue.last + 1 if numbered else sentence.name_end(cue.last - 1)
    if cue.phrase.folded[-2:] == ("cao", "toc"):
        last = _motorway_end(state, cue.last)
    areas = list(area_names.bare_after(sentence, last)) if numbered else []
    for area in areas:
        state.add(last, area)
    name = Window(cue.first, last)
    street = Street(name, relation=state.take_relation(), cued=True)
    end = _add_street(state, cue.first, street, cue.first)
    return max([end, *(area.name.last for area in areas)])


def _motorway_end(state: State, at: int) -> int:
    """Return where a motorway's name ends, which holds cities: "TP.HCM - Long Thành"."""
    sentence, limit = state.sentence, at + 2 * LONGEST_NAME
    while at < min(limit, len(sentence)) and not sentence.parts(at):
        if sentence.is_surely(at, Role.AREA, Role.STOP):
            break
        at += 1
    return at


def read_alley(state: State, cue: Cue) -> int:
    """Read an alley without a number: "trong hẻm Lê Văn Sỹ"."""
    name, cued = _street_name(state, cue.last, parted=False)
    if name is None:
        return cue.last
    street = Street(name, relation=state.take_relation(), cued=cued)
    return _add_street(state, cue.first, street, cue.last)


def _may_be_number(state: State, at: int) -> bool:
    words = state.sentence.words
    if words[at].is_number:
        return True
    following = words[at + 1] if at + 1 < len(words) else None
    return len(words[at].raw) == 1 and following is not None and following.glued


def _is_plausible(state: State, at: int, numbers: Numbers) -> bool:
    """Tell whether a number that no word announced is a house: a name follows, with a capital."""
    sentence = state.sentence
    if numbers.cued or numbers.at >= len(sentence):
        return numbers.cued
    after = sentence.words[numbers.at]
    if after.gap is Gap.STOP:
        return False
    if sentence.is_role(numbers.at, *_ROADS, Role.ALLEY):
        return True
    begins = at == 0 or sentence.parts(at) or state.relation is not None
    return begins or after.capital or not sentence.cased


def _street_name(state: State, at: int, *, parted: bool) -> tuple[Window | None, bool]:
    """Return the window of a street's name from a word on, and whether a word announced it.

    ``parted`` allows a comma before it.
    """
    sentence, cued = state.sentence, False
    at = _past_localities(state, at)
    for _ in range(_MOST_CUES):
        cue = sentence.cue(at)
        if cue is None or cue.role not in {Role.ROAD, Role.RELATION}:
            break
        if _begins_a_name(state, cue) and (cued or cue.role is Role.RELATION):
            break
        if cue.role is Role.RELATION and (cued or not _is_on(cue)):
            return None, cued
        if sentence.words[at].gap is Gap.STOP and at > 0 and cue.role is Role.RELATION:
            return None, cued
        cued, at, parted = cued or cue.role is Role.ROAD, cue.last, parted and not cued
    if at >= len(sentence) or (sentence.parts(at) and (not parted or cued)):
        return None, cued
    if sentence.words[at].gap is Gap.STOP or not _names_street(state, at, cued=cued):
        return None, cued
    return Window(at, _street_end(state, at)), cued


def _past_localities(state: State, first: int) -> int:
    """Return where the street stands after "tổ 4, KP3, đường ..."; ``first`` where none does."""
    sentence, at = state.sentence, first
    for _ in range(_MOST_CUES):
        locality = sentence.phrase(vietnamese().localities, at)
        if locality is None or not sentence.is_number(at + len(locality)):
            break
        at += len(locality) + 1
    return at if sentence.is_role(at, *_ROADS) else first


def _begins_a_name(state: State, cue: Cue) -> bool:
    """Tell whether the word after "đường" begins a name: "duong Duong Ba Trac", "duong cong ly"."""
    if cue.sure or len(cue.phrase) > 1 or state.sentence.parts(cue.last):
        return False
    if cue.role is Role.ROAD:
        numbered = state.sentence.is_role(cue.last, Role.HOUSE) or state.sentence.is_number(
            cue.last
        )
        return not numbered
    return state.sentence.is_weak(cue.first)


def _is_on(cue: Cue) -> bool:
    """Tell whether the relation may stand between a number and its street: "45 trên Lê Lợi"."""
    return cue.phrase.value == Relation.AT.value and len(cue.phrase) == 1


def _names_street(state: State, at: int, *, cued: bool) -> bool:
    sentence = state.sentence
    if sentence.is_number(at):
        return _numbers_street(state, at, cued=cued)
    cue = sentence.cue(at)
    if cue and cue.role is Role.HOUSE:
        numbered = sentence.is_number(cue.last)
        return (cued or not (numbered or cue.sure)) and _numbers_or_names(state, cue)
    if cue and cue.role is Role.ALLEY:
        return not sentence.is_number(state.sentence.past(at, Role.ALLEY, Role.HOUSE))
    return sentence.can_name(at)


def _numbers_or_names(state: State, cue: Cue) -> bool:
    """Tell whether "số 11" or "lô tư" is what a word for a street announced."""
    if state.sentence.is_number(cue.last):
        return _numbers_street(state, cue.last, cued=True)
    return not state.sentence.parts(cue.last) and state.sentence.can_name(cue.last)


def _numbers_street(state: State, at: int, *, cued: bool) -> bool:
    """Tell whether a number is a street's: "đường 26/3", not "xuống đường 148, Lê Lợi"."""
    sentence, raw = state.sentence, state.sentence.words[at].raw
    if is_date(sentence, at):
        return True
    if raw in vietnamese().dates:
        return cued or not sentence.is_role(at + 1, *_ROADS)
    if not cued or "/" in raw or is_counted(sentence, at):
        return False
    # "đường 148 đường Lê Lợi": the first number was a house's.
    return not sentence.is_role(at + 1, *_ROADS) or sentence.parts(at + 1)


def _street_end(state: State, at: int) -> int:
    """Return where the name ends; "số" before a number is part of it."""
    cue = state.sentence.cue(at)
    if cue and cue.role is Role.HOUSE and cue.last < len(state.sentence):
        return state.sentence.name_end(cue.last)
    return state.sentence.name_end(cue.last - 1 if cue and len(cue.phrase) > 1 else at)


def _add_street(state: State, at: int, street: Street, cue_at: int) -> int:
    """Add a street with its readings; return where it ends, a house said after it included."""
    full, last = _with_house_after(state, street)
    state.add(at, full)
    if twin := _twin(state, full, cue_at):
        state.add(at, twin)
    state.add_areas_in(street.name)
    state.add_elsewhere_in(street.name)
    state.street = street.name
    return last


def _with_house_after(state: State, street: Street) -> tuple[Street, int]:
    """Return the street with a house said after it: "Hẻm 413 Lê Văn Sỹ, nhà 413/22"."""
    sentence, at = state.sentence, street.name.last
    cue = sentence.cue(at)
    if street.house or cue is None or cue.role not in {Role.HOUSE, Role.ALLEY}:
        return street, at
    if sentence.words[at].gap is Gap.STOP:
        return street, at
    numbers = read_numbers(sentence, at)
    if not numbers or _street_name(state, numbers.at, parted=False)[0]:
        return street, at
    own = [one for one in numbers.alleys if one not in street.alleys]
    return replace(street, house=numbers.house, alleys=(*street.alleys, *own)), numbers.at


def _without_street(state: State, at: int, numbers: Numbers) -> int:
    """Give a number without a street to the one before it: "đường Lê Lợi, số 45".

    Where none was, "số 45" may be the street itself.
    """
    if not numbers.cued:
        return 0
    if state.street is not None:
        found = (numbers.house, tuple(numbers.alleys))
        state.add(at, Street(state.street, *found, state.take_relation(), cued=True))
    elif numbers.alleys and (alley := _alley_at(state, at, numbers.at)):
        state.add(at, Street(alley, numbers.house, relation=state.take_relation(), cued=True))
    elif numbers.house.isalnum() and state.sentence.words[numbers.at - 2].folded == "so":
        name = Window(
            numbers.at - 2,
            numbers.at,
        )
        state.add(at, Street(name, relation=state.take_relation()))
    return numbers.at


def _alley_at(state: State, first: int, last: int) -> Window | None:
    """Return the window of the alley said in these words, as a street of its own: "hẻm 103"."""
    for at in range(first, last):
        if state.sentence.is_role(at, Role.ALLEY):
            return Window(at, last, Side.WHOLE)
    return None


def _twin(state: State, street: Street, cue_at: int) -> Street | None:
    """Return the other reading of "80 Duong Dinh Hoi": a name that begins with Dương."""
    cue, sentence = state.sentence.cue(cue_at), state.sentence
    if cue is None or cue.role is not Role.ROAD or cue.sure or len(cue.phrase) > 1:
        return None
    if cue.last != street.name.first or len(sentence.words[cue_at].raw) < 3:
        return None
    if sentence.cased and not sentence.words[cue_at].capital:
        return None
    return replace(street, name=Window(cue_at, street.name.last), cued=False)
