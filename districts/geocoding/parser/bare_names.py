"""Names that no word announces: where they can stand, and what they may be. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from districts.geocoding.parsed import AreaName, Landmark, Mention, Relation, Side, Street, Window
from districts.geocoding.parser.area_names import at_the_end, initials, said
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.sentence import LONGEST_NAME, Sentence
from districts.geocoding.parser.words import PARTING

_LONGEST_AREA = 6
_LONGEST_STREET = 4


def bare(sentence: Sentence, first: int, last: int, relation: Relation | None) -> Iterator[Mention]:
    """Yield what words that nothing recognised may be: a street, a landmark, an area."""
    if district := _district(sentence, first, last):
        yield AreaName(Window(first, last, Side.WHOLE), "", district)
        return
    clause = sentence.words[first].gap in PARTING
    if relation is Relation.AT and last - first < 2 and not sentence.words[first].capital:
        return
    if relation is None:
        if clause and _stands_before_area(sentence, first, last):
            yield Street(Window(first, last, Side.WHOLE))
            return
        if _names_a_person(sentence, first, last):
            return
        if not _looks_like_a_name(sentence, first, last):
            return
        first = _first_capital(sentence, first, last)
    side = Side.START if clause or relation else Side.ANYWHERE
    window = Window(first, min(last, first + LONGEST_NAME), side)
    yield Street(window, relation=relation or Relation.AT)
    yield Landmark(window, "", relation or Relation.AT)
    if clause or relation is Relation.AT:
        area = Window(first, min(last, first + _LONGEST_AREA))
        yield AreaName(area, "", said(sentence, area.first, area.last))
    yield from at_the_end(sentence, window)


def _district(sentence: Sentence, first: int, last: int) -> str:
    """Return the district that the words name, by its initials or in full; "" for none."""
    short = initials(sentence, first)
    if short and first + len(short) == last and sentence.parts(first) and first:
        return short.value
    district = sentence.phrase(vietnamese().districts, first)
    whole = district is not None and first + len(district) == last
    return " ".join(district.spelled) if district and whole else ""


def _stands_before_area(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether an area follows the first words: "Pasteur, quận 1", "lê lợi, Quận 1".

    Where capitals are told of others, these may have none all the same.
    """
    lower = not any(word.capital for word in sentence.words[first:last])
    short = last == 1 or (sentence.cased and lower and last <= _LONGEST_STREET)
    return not first and short and sentence.is_role(last, Role.AREA, Role.CITY)


def _names_a_person(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether the name is somebody's: "tôi là Nguyễn Văn Trỗi", "anh Trần Hưng ơi"."""
    known, words = vietnamese(), sentence.words
    if any(word.spelled in known.person_after for word in words[first:last]):
        return True
    name = _first_capital(sentence, first, last)
    before = words[name - 1] if name else None
    if not sentence.cased or before is None or sentence.parts(name):
        return False
    if before.spelled == "là" and name > 1:
        return words[name - 2].spelled in known.person_named_by
    return before.raw.islower() and before.spelled in known.person_before


def _looks_like_a_name(sentence: Sentence, first: int, last: int) -> bool:
    """Tell whether capitals say so; without any, whether the words are a clause of an address."""
    words = sentence.words[first:last]
    if sentence.cased:
        capitals = sum(word.raw[0].isupper() for word in words)
        begins = first > 0 and sentence.parts(first)
        named = [word for word in words if not word.is_number]
        return capitals > 1 or (capitals == 1 and begins and len(named) == 1)
    if len(words) < 2:
        return False
    if sentence.is_role(last, Role.AREA, Role.CITY):
        return True
    goes_on = sentence.cue(last) is not None and not sentence.is_role(last, Role.STOP)
    return sentence.parts(first) and (goes_on or sentence.parts(last))


def _first_capital(sentence: Sentence, first: int, last: int) -> int:
    if not sentence.cased:
        return first
    words = sentence.words
    # What begins a sentence has a capital in any case.
    if first + 1 < last and sentence.parts(first) and not words[first + 1].capital:
        first += 1
    return next((at for at in range(first, last) if words[at].capital), first)
