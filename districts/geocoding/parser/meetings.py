"""Crossings, and streets from one place to another: the mentions of them. Pure."""

from __future__ import annotations

from dataclasses import replace

from districts.geocoding.parsed import Junction, Landmark, Side, Street, Stretch, Window
from districts.geocoding.parser.crossings import Crossing
from districts.geocoding.parser.cues import Cue
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.numbers import is_counted
from districts.geocoding.parser.state import State
from districts.geocoding.parser.words import Gap

_SHORTEST_PAIR = 3
_LONGEST_BEGINNING = 10
_MOST_CUES = 4
_PIECES = frozenset({Role.PIECE, Role.BETWEEN, Role.FROM})
_ANNOUNCE = (Role.ROAD, Role.RELATION)


def read_crossing(state: State, at: int) -> int:
    """Read the crossing that begins at a word; return where it ends, 0 where none begins."""
    crossing = state.crossings.get(at)
    if crossing is None:
        return 0
    street = _street_of(state, crossing.last) if crossing.begun_by in _PIECES else None
    if street:
        state.add(at, Stretch(street, crossing.streets[0], crossing.streets[1]))
    else:
        relation = state.take_relation()
        state.add(at, Junction(crossing.streets, relation))
        if twins := _with_surnames(state, crossing):
            state.add(at, Junction(twins, relation))
        if not crossing.surely:
            _add_whole(state, crossing)
        elif crossing.begun_by is not Role.CROSSING:
            _add_named(state, crossing)
        if (landmark := state.sentence.cue(at)) and landmark.role is Role.LANDMARK:
            name = Window(at, crossing.streets[0].last)
            state.add(at, Landmark(name, " ".join(landmark.phrase.folded), relation))
    state.add_areas_in(crossing.streets[-1])
    return crossing.last


def _add_named(state: State, crossing: Crossing) -> None:
    """Add the reading that the second name is a crossing's own: "Lê Lợi ngã tư Phú Nhuận"."""
    for street in crossing.streets[1:]:
        cue = state.sentence.cue_before(street.first)
        if cue and cue.role is Role.CROSSING:
            name = Window(cue.first, street.last)
            state.add(cue.first, Landmark(name, " ".join(cue.phrase.folded)))


def _with_surnames(state: State, crossing: Crossing) -> tuple[Window, ...]:
    """Return the streets with "Duong" as a surname, () where it stands before none."""
    wider = tuple(_with_surname(state, street) for street in crossing.streets)
    return wider if wider != crossing.streets else ()


def _is_dashed(state: State, street: Window) -> bool:
    """Tell whether a dash or a slash stands before the name, or before the word for a street."""
    cue = state.sentence.cue_before(street.first)
    first = cue.first if cue and cue.role is Role.ROAD else street.first
    return state.sentence.words[first].gap in {Gap.DASH, Gap.SLASH, Gap.AND}


def _with_surname(state: State, street: Window) -> Window:
    cue = state.sentence.cue(street.first - 1)
    if cue is None or cue.role is not Role.ROAD or cue.sure or len(cue.phrase) > 1:
        return street
    if len(state.sentence.words[cue.first].raw) < 3 or state.sentence.is_number(street.first):
        return street
    if state.sentence.cased and not state.sentence.words[cue.first].capital:
        return street
    return replace(street, first=cue.first)


def _add_whole(state: State, crossing: Crossing) -> None:
    """Add the reading that a dash is part of one name: "đường An Phú Tây - Hưng Long"."""
    if not all(_is_dashed(state, street) for street in crossing.streets[1:]):
        for street in crossing.streets:
            state.add(street.first, Street(replace(street, side=Side.START)))
        return
    whole, cue = Window(crossing.first, crossing.last), state.sentence.cue(crossing.first)
    state.add(crossing.first, Street(whole, cued=crossing.begun_by is Role.ROAD))
    if cue and cue.role is Role.LANDMARK:
        state.add(crossing.first, Landmark(whole, " ".join(cue.phrase.folded)))


def read_crossing_cue(state: State, cue: Cue) -> int:
    """Read a crossing that has a name of its own, or two streets with nothing between."""
    sentence, begins = state.sentence, cue.last
    for _ in range(_MOST_CUES):
        announcing = sentence.cue(begins)
        if begins in state.crossings or not (announcing and announcing.role in _ANNOUNCE):
            break
        begins = announcing.last
    if begins in state.crossings:
        return begins
    if sentence.parts(cue.last) or not _can_meet(state, begins):
        return cue.last
    last = sentence.name_end(state.sentence.past(begins, Role.HOUSE))
    relation = state.take_relation()
    name = Window(cue.first, last)
    state.add(cue.first, Landmark(name, " ".join(cue.phrase.folded), relation))
    second = _after_comma(state, last)
    if state.street and not second:
        state.add(cue.first, Junction((state.street, Window(begins, last)), relation))
    if second:
        first = Window(begins, last, Side.WHOLE)
        state.add(cue.first, Junction((first, second), relation))
    elif last - begins >= _SHORTEST_PAIR:
        pair = (Window(begins, last), Window(begins, last, Side.END))
        state.add(cue.first, Junction(pair, relation))
    state.add_areas_in(Window(begins, last))
    return last


def read_join(state: State, cue: Cue) -> int:
    """Read "Lê Lợi, đoạn giao với Pasteur": a street meets the one said before."""
    begins = state.sentence.past(cue.last, *_ANNOUNCE)
    relation = state.take_relation()
    if state.street is None or state.sentence.parts(cue.last) or not _can_meet(state, begins):
        return cue.last
    last = state.sentence.name_end(state.sentence.past(begins, Role.HOUSE))
    street = Window(begins, last)
    state.add(cue.first, Junction((state.street, street), relation))
    state.add_areas_in(street)
    return last


def _can_meet(state: State, at: int) -> bool:
    sentence, cue = state.sentence, state.sentence.cue(at)
    if sentence.can_name(at) or sentence.is_number(at):
        return True
    return cue is not None and cue.role is Role.HOUSE and sentence.is_number(cue.last)


def _after_comma(state: State, at: int) -> Window | None:
    """Return the second street of "ngã tư Lê Lợi, Pasteur, quận 1"."""
    sentence = state.sentence
    if at >= len(sentence) or not sentence.parts(at):
        return None
    begins = state.sentence.past(at, Role.ROAD)
    announced = begins > at
    if begins >= len(sentence) or (not announced and sentence.cue(begins)):
        return None
    if not sentence.can_name(begins) or sentence.phrase(vietnamese().districts, begins):
        return None
    if sentence.cased and not sentence.words[begins].capital:
        return None
    return Window(begins, sentence.name_end(begins))


def read_from(state: State, cue: Cue) -> int:
    """Read "từ A đến B" as a stretch of the street named before, if one was."""
    to = _to(state, cue.last)
    if to is None:
        return cue.last
    word, end_at = to
    begin = Window(state.sentence.past(cue.last, *_ANNOUNCE), word, Side.WHOLE)
    end_first = state.sentence.past(end_at, *_ANNOUNCE)
    if not (_can_end(state, begin.first) and _can_end(state, end_first)):
        return cue.last
    end_cue = state.sentence.cue(end_first)
    inner = min(end_cue.last, len(state.sentence) - 1) if end_cue else end_first
    end = Window(end_first, state.sentence.name_end(inner))
    street = _street_of(state, end.last) or Window(cue.first, cue.first)
    state.add(cue.first, Stretch(street, begin, end))
    state.add_areas_in(end)
    return end.last


def _street_of(state: State, last: int) -> Window | None:
    """Return the street said before a stretch, or after it: "đoạn A - B trên đường Lê Lợi"."""
    if state.street or not state.sentence.is_role(last, Role.RELATION):
        return state.street
    at = state.sentence.past(last, Role.RELATION)
    begins = state.sentence.past(at, Role.ROAD)
    if begins == at and not state.sentence.is_role(at, Role.NAMED_ROAD):
        return None
    if state.sentence.parts(begins) or not state.sentence.can_name(begins):
        return None
    return Window(begins, state.sentence.name_end(begins))


def _to(state: State, first: int) -> tuple[int, int] | None:
    """Return where the word for "to" stands and where it ends."""
    for at in range(first + 1, min(first + _LONGEST_BEGINNING, len(state.sentence) - 1)):
        if state.sentence.parts(at) or state.sentence.is_role(at, Role.STOP):
            return None
        if to := state.sentence.function_word(vietnamese().to, at):
            return at, at + len(to)
    return None


def _can_end(state: State, at: int) -> bool:
    sentence = state.sentence
    if at >= len(sentence) or sentence.is_role(at, Role.STOP):
        return False
    if sentence.is_number(at):
        return not is_counted(sentence, at)
    return sentence.can_name(at) or sentence.is_role(at, Role.CROSSING, Role.HOUSE)
