"""Landmarks: the names that begin with a word for what they are. Pure."""

from __future__ import annotations

from districts.geocoding.parsed import Landmark, Street, Window
from districts.geocoding.parser import distances
from districts.geocoding.parser.area_names import after_kind
from districts.geocoding.parser.cues import Cue
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.numbers import is_counted, is_date, read_numbers
from districts.geocoding.parser.state import State


def read_landmark(state: State, cue: Cue) -> int:
    """Read a landmark; the word is part of its name, as in "chợ Bến Thành"."""
    if _is_only_a_word(state, cue):
        return cue.last
    last = _name_end(state, cue)
    name, kind = Window(cue.first, last), " ".join(cue.phrase.folded)
    relation, metres = state.take_relation(), distances.after(state.sentence, last)
    state.add(cue.first, Landmark(name, kind, relation, metres))
    if kind in vietnamese().also_streets:
        state.add(cue.first, Street(name, relation=relation))
        state.street = name
    _add_address_in(state, name)
    state.add_areas_in(name)
    return last


def _add_address_in(state: State, name: Window) -> None:
    """Add the house that may be told after a name: "ngân hàng ACB 442 Lê Lợi"."""
    sentence = state.sentence
    for at in range(name.first + 1, name.last - 2):
        if not sentence.is_number(at) or is_counted(sentence, at) or is_date(sentence, at):
            continue
        numbers = read_numbers(sentence, at)
        if numbers.house and numbers.at <= name.last - 2:
            street = Window(numbers.at, name.last)
            state.add(at, Street(street, numbers.house, tuple(numbers.alleys)))
        return


def _name_end(state: State, cue: Cue) -> int:
    """Return where the name ends; an area right after the word is in it: "UBND Phường 5"."""
    area = state.sentence.cue(cue.last)
    if area is None or area.role is not Role.AREA or state.sentence.parts(cue.last):
        return _past_and(state, state.sentence.name_end(cue.last - 1))
    return after_kind(state.sentence, area)[1]


def _past_and(state: State, last: int) -> int:
    """Return the end with an "and" in the name: "Bệnh viện Chỉnh hình và Phục hồi chức năng"."""
    sentence = state.sentence
    joined = not sentence.parts(last) and sentence.words[last].folded == "va"
    if not joined or sentence.parts(last + 1) or sentence.cue(last + 1):
        return last
    goes_on = sentence.words[last + 1].capital or not sentence.cased
    return sentence.name_end(last + 1) if goes_on else last


def _is_only_a_word(state: State, cue: Cue) -> bool:
    """Tell whether nothing that could be a name follows the word."""
    sentence = state.sentence
    if len(cue.phrase) > 1 or sentence.words[cue.first].short:
        return False
    if sentence.cased and sentence.words[cue.first].capital and state.relation:
        return False
    return sentence.parts(cue.last) or sentence.is_role(cue.last, Role.STOP)
