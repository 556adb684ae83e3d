"""Names of wards, districts and provinces, with their kind or bare, and names of nothing known.

Pure. A bare name ("Tân Phú, Bình Thạnh") is offered where one can stand; which it is, is asked of
the catalogue of areas.
"""

from __future__ import annotations

from collections.abc import Iterator

from districts.geocoding.parsed import AreaName, Landmark, Mention, Relation, Side, Street, Window
from districts.geocoding.parser.lexicon import Phrase, Role, vietnamese
from districts.geocoding.parser.sentence import LONGEST_NAME, Cue, Sentence
from districts.geocoding.parser.words import PARTING

_LONGEST = 6
_SHORTEST_WITH_AREA = 3
_NEAR = frozenset(Relation) - {Relation.AT}


def after_kind(sentence: Sentence, cue: Cue) -> tuple[list[AreaName], int]:
    """Return the area whose kind a cue is, with what may follow it bare, and where they end."""
    at, kind = cue.last, cue.phrase.value
    if at >= len(sentence) or sentence.words[at].gap in PARTING:
        return [], cue.last
    if sentence.words[at].is_number:
        named = AreaName(Window(at, at + 1, Side.WHOLE), kind, _number(sentence.words[at].raw))
        after = list(_bare_after(sentence, at + 1))
        return [named, *after], max(one.name.last for one in [named, *after])
    if short := _initials(sentence, at):
        last = at + len(short)
        return [AreaName(Window(at, last, Side.WHOLE), kind, short.value)], last
    if not sentence.can_name(at) and not _kind_begins_a_name(sentence, at):
        return [], cue.last
    last = sentence.name_end(at, _LONGEST, 2)
    named = AreaName(Window(at, last), kind, _said(sentence, at, last))
    return [named, *at_the_end(sentence, named.name)], last


def _kind_begins_a_name(sentence: Sentence, at: int) -> bool:
    """Tell whether a word that does something is a name's here: "Quận Tân ...", "xã Xuân ..."."""
    cue = sentence.cue(at)
    return cue is not None and len(cue.phrase) == 1 and cue.role in {Role.ROAD, Role.RELATION}


def at_the_end(sentence: Sentence, window: Window) -> Iterator[AreaName]:
    """Yield the bare name that may end a longer one: "Phú Thọ Hòa Tân Phú"."""
    if window.last - window.first >= _SHORTEST_WITH_AREA:
        tail = Window(window.first + 1, window.last, Side.END)
        yield AreaName(tail, "", _said(sentence, tail.first, tail.last))


def _bare_after(sentence: Sentence, at: int) -> Iterator[AreaName]:
    """Yield the bare name right after a numbered ward: "p.1 Gò Vấp"."""
    if at >= len(sentence) or sentence.words[at].gap in PARTING or sentence.cue(at):
        return
    if short := _initials(sentence, at):
        yield AreaName(Window(at, at + len(short), Side.WHOLE), "", short.value)
    elif not sentence.words[at].is_number:
        last = sentence.name_end(at, _LONGEST)
        yield AreaName(Window(at, last), "", _said(sentence, at, last))


def bare(sentence: Sentence, first: int, last: int, relation: Relation | None) -> Iterator[Mention]:
    """Yield what words that nothing recognised may be: a street, a landmark, an area."""
    while first < last and sentence.words[first].is_number:
        first += 1
    if first >= last:
        return
    if district := _district(sentence, first, last):
        yield AreaName(Window(first, last, Side.WHOLE), "", district)
        return
    if relation is None and not _looks_like_a_name(sentence, first, last):
        return
    clause = sentence.words[first].gap in PARTING
    side = Side.START if clause or relation else Side.ANYWHERE
    window = Window(first, min(last, first + LONGEST_NAME), side)
    if relation in _NEAR:
        yield Landmark(window, "", relation or Relation.AT)
    else:
        yield Street(window, relation=relation or Relation.AT)
        yield Landmark(window, "", relation or Relation.AT)
    if clause or relation is Relation.AT:
        yield AreaName(Window(first, min(last, first + _LONGEST)), "", _said(sentence, first, last))
    yield from at_the_end(sentence, window)


def _district(sentence: Sentence, first: int, last: int) -> str:
    """Return the district that the words name, by its initials or in full; "" for none."""
    short = _initials(sentence, first)
    if short and first + len(short) == last and sentence.parts(first) and first:
        return short.value
    district = sentence.phrase(vietnamese().districts, first)
    whole = district is not None and first + len(district) == last
    return " ".join(district.spelled) if district and whole else ""


def _looks_like_a_name(sentence: Sentence, first: int, last: int) -> bool:
    words = sentence.words[first:last]
    if not sentence.cased:
        return len(words) > 1
    capitals = sum(word.raw[0].isupper() for word in words)
    begins = sentence.words[first].gap in PARTING and first > 0
    return capitals > 1 or (capitals == 1 and begins and len(words) == 1)


def elsewhere_at(sentence: Sentence, at: int) -> int:
    """Return where the name of another province or of its city ends that begins at a word, or 0."""
    word = _province_word(sentence, at)
    name = sentence.phrase(vietnamese().elsewhere, at + (len(word) if word else 0))
    if name is None or (word and sentence.parts(at + len(word))):
        return 0
    last = at + (len(word) if word else 0) + len(name)
    if word:
        return last
    shared = " ".join(name.spelled) in vietnamese().shared
    return 0 if shared or not _stands_alone(sentence, at, last) else last


def _province_word(sentence: Sentence, at: int) -> Phrase | None:
    word = sentence.phrase(vietnamese().elsewhere_words, at)
    if word is None or (len(word.spelled[0]) == 1 and sentence.words[at].gap not in PARTING):
        return None
    return word


def _stands_alone(sentence: Sentence, at: int, last: int) -> bool:
    """Tell whether the name is a whole clause, or follows "ở" or another place's name."""
    begins = sentence.parts(at) or _said_at(sentence, at)
    ends = sentence.parts(last) or sentence.is_role(last, Role.STOP, Role.CITY)
    return begins and ends


def _said_at(sentence: Sentence, at: int) -> bool:
    cue = sentence.cue(at - 1)
    return cue is not None and cue.phrase.value == Relation.AT.value


def _initials(sentence: Sentence, at: int) -> Phrase | None:
    """Return the district whose initials stand at a word: "BT", "b. thạnh"."""
    short = sentence.phrase(vietnamese().area_initials, at)
    if short is None:
        return None
    last = at + len(short)
    if last < len(sentence) and not (sentence.parts(last) or sentence.cue(last)):
        return None
    return short


def _number(raw: str) -> str:
    return raw.lstrip("0").casefold() or raw


def _said(sentence: Sentence, first: int, last: int) -> str:
    return " ".join(word.spelled for word in sentence.words[first:last])
