"""The words of a text -> its mentions: one walk from the first word to the last. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from districts.geocoding.parsed import (
    AreaName,
    AssetNumber,
    Mention,
    Milestone,
    Relation,
    Side,
    Street,
    Window,
)
from districts.geocoding.parser import area_names, distances
from districts.geocoding.parser.addresses import (
    read_address,
    read_alley,
    read_named_road,
    read_road,
)
from districts.geocoding.parser.bare_names import bare
from districts.geocoding.parser.cues import Cue
from districts.geocoding.parser.landmarks import read_landmark
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.meetings import (
    read_crossing,
    read_crossing_cue,
    read_from,
    read_join,
)
from districts.geocoding.parser.numbers import is_counted
from districts.geocoding.parser.sentence import Sentence
from districts.geocoding.parser.state import State
from districts.geocoding.parser.words import PARTING

_SURELY_NAME = 3


def read(sentence: Sentence) -> list[tuple[int, Mention]]:
    """Return what the words say about where, each with the word at which it begins, in order."""
    state, at = State(sentence), 0
    while at < len(sentence):
        if sentence.words[at].gap in PARTING:
            _end_free(state, at)
            state.begin_clause(at)
        at = _step(state, at)
    _end_free(state, at)
    return sorted(state.mentions, key=lambda one: one[0])


def _step(state: State, at: int) -> int:
    """Read what stands at a word; return where the next begins."""
    if state.sentence.is_role(at, Role.HOUSE, Role.ALLEY):
        # "Lê Văn Sỹ số 12": the name before is the house's street.
        _end_free(state, at)
    for reader in (read_crossing, _read_elsewhere, read_address):
        found = len(state.mentions)
        if last := reader(state, at):
            _end_free(state, at, before=found)
            return last
    cue = state.sentence.cue(at)
    if cue is None or _is_in_free(state, cue):
        _go_on_free(state, at)
        return cue.last if cue else at + 1
    _end_free(state, at)
    return max(_READERS[cue.role](state, cue), at + 1)


def _is_in_free(state: State, cue: Cue) -> bool:
    """Tell whether the word goes on with a name: the "Đình" of "Ba Đình"."""
    sentence = state.sentence
    near = state.free is not None and cue.first - state.free < _SURELY_NAME
    if near and sentence.is_weak(cue.first) and cue.role is not Role.STOP:
        return True
    if state.free is None or cue.role is not Role.LANDMARK or len(cue.phrase) > 1:
        return False
    if not sentence.cased and _is_middle_name(sentence, cue):
        return True
    return sentence.cased and all(word.capital for word in sentence.words[state.free : cue.last])


def _is_middle_name(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether the word stands between a family name and another: "phan đình phùng"."""
    family = sentence.words[cue.first - 1].folded in vietnamese().family_names
    following = sentence.cue(cue.last)
    # "của" ends "lương đình của".
    ends = following is not None and sentence.is_weak(cue.last) and len(following.phrase) == 1
    goes_on = not sentence.parts(cue.last) and (following is None or ends)
    return family and goes_on and not sentence.parts(cue.first)


def _go_on_free(state: State, at: int) -> None:
    number = state.sentence.words[at].is_number
    if number and is_counted(state.sentence, at):
        _end_free(state, at)
    elif state.free is None and not number:
        state.free = at


def _end_free(state: State, last: int, before: int | None = None) -> None:
    """Read the words that nothing recognised, up to ``last``, as a name, if they are one.

    ``before`` is how many mentions were found before what ends them.
    """
    first, state.free = state.free, None
    if first is None:
        return
    # What was read just now took the relation, or there was none for these words.
    relation = state.relation if before is None else None
    for mention in bare(state.sentence, first, last, relation):
        state.add(first, mention)
        if isinstance(mention, Street):
            state.street = mention.name
    state.relation = None


def _read_elsewhere(state: State, at: int) -> int:
    last = area_names.elsewhere_at(state.sentence, at)
    if not last:
        return 0
    state.add_elsewhere(at, last)
    return last


def _read_relation(state: State, cue: Cue) -> int:
    state.relation = Relation(cue.phrase.value)
    return cue.last


def _read_piece(state: State, cue: Cue) -> int:
    state.relation = Relation.AT
    return cue.last


def _read_stop(state: State, cue: Cue) -> int:
    state.relation = None
    return cue.last


def _read_house(_: State, cue: Cue) -> int:
    return cue.last


def _read_area(state: State, cue: Cue) -> int:
    names, last = area_names.after_kind(state.sentence, cue)
    for name in names:
        state.add(cue.first, name)
    state.add_elsewhere_in(Window(cue.last, last))
    state.relation = None
    return last


def _read_city(state: State, cue: Cue) -> int:
    name = Window(cue.first, cue.last, Side.WHOLE)
    state.add(cue.first, AreaName(name, "thanh pho", vietnamese().city_name))
    return cue.last


def _read_asset(state: State, cue: Cue) -> int:
    number, last = distances.asset_number(state.sentence, cue)
    if number:
        state.add(cue.first, AssetNumber(cue.phrase.value, number))
    else:
        state.relation = None
    return last


def _read_milestone(state: State, cue: Cue) -> int:
    km, last = distances.kilometre(state.sentence, cue.last)
    if km is None:
        return cue.last
    road = _road_after(state, last) or state.street or Window(cue.first, cue.first)
    state.add(cue.first, Milestone(road, km))
    return last


def _road_after(state: State, at: int) -> Window | None:
    at = state.sentence.past(at, Role.ROAD, Role.RELATION)
    if state.sentence.parts(at) or not state.sentence.can_name(at):
        return None
    return Window(at, state.sentence.name_end(at))


_READERS: Mapping[Role, Callable[[State, Cue], int]] = {
    Role.ASSET: _read_asset,
    Role.CITY: _read_city,
    Role.AREA: _read_area,
    Role.MILESTONE: _read_milestone,
    Role.CROSSING: read_crossing_cue,
    Role.ALLEY: read_alley,
    Role.NAMED_ROAD: read_named_road,
    Role.ROAD: read_road,
    Role.HOUSE: _read_house,
    Role.LANDMARK: read_landmark,
    Role.JOIN: read_join,
    Role.BETWEEN: _read_stop,
    Role.FROM: read_from,
    Role.PIECE: _read_piece,
    Role.RELATION: _read_relation,
    Role.STOP: _read_stop,
}
