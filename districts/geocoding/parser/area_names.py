"""Names of wards, districts and provinces, with their kind or after a name. Pure.

Which area a name is, is asked of the catalogue of areas.
"""

from __future__ import annotations

from collections.abc import Iterator

from districts.geocoding.parsed import AreaName, Relation, Side, Window
from districts.geocoding.parser.cues import Cue
from districts.geocoding.parser.lexicon import Phrase, Role, vietnamese
from districts.geocoding.parser.sentence import Sentence

_LONGEST = 6
_SHORTEST_WITH_AREA = 3
_SURELY_NAME = 2
_LEAST_BEFORE = 2


def after_kind(sentence: Sentence, cue: Cue) -> tuple[list[AreaName], int]:
    """Return the area whose kind a cue is, with what may follow it bare, and where they end."""
    at, kind = cue.last, cue.phrase.value
    if sentence.parts(at):
        return [], cue.last
    if sentence.is_number(at):
        number = sentence.words[at].spelled.lstrip("0")
        named = AreaName(Window(at, at + 1, Side.WHOLE), kind, number or "0")
        after = list(bare_after(sentence, at + 1))
        return [named, *after], max(one.name.last for one in [named, *after])
    if short := initials(sentence, at):
        last = at + len(short)
        return [AreaName(Window(at, last, Side.WHOLE), kind, short.value)], last
    if not sentence.can_name(at) and not _kind_begins_a_name(sentence, at):
        return [], cue.last
    last = sentence.name_end(at, _LONGEST, _SURELY_NAME)
    cut = _initials_after(sentence, at + 1, last)
    named = AreaName(Window(at, cut), kind, said(sentence, at, cut))
    return [named, *at_the_end(sentence, Window(at, last))], last


def _kind_begins_a_name(sentence: Sentence, at: int) -> bool:
    """Tell whether a word that does something is a name's here."""
    cue = sentence.cue(at)
    return cue is not None and len(cue.phrase) == 1 and cue.role in {Role.ROAD, Role.RELATION}


def _initials_after(sentence: Sentence, first: int, last: int) -> int:
    """Return where a district's initials begin that end a ward's name: "Tân Túc B.Chánh"."""
    return next((at for at in range(first, last) if initials(sentence, at)), last)


def at_the_end(sentence: Sentence, window: Window) -> Iterator[AreaName]:
    """Yield the bare name that may end a longer one: "Phú Thọ Hòa Tân Phú"."""
    begins = _initials_after(sentence, window.first + 1, window.last)
    if begins < window.last and (short := initials(sentence, begins)):
        yield AreaName(Window(begins, begins + len(short), Side.WHOLE), "", short.value)
    elif window.last - window.first >= _SHORTEST_WITH_AREA:
        tail = Window(window.first + 1, window.last, Side.END)
        yield AreaName(tail, "", said(sentence, tail.first, tail.last))


def bare_after(sentence: Sentence, at: int) -> Iterator[AreaName]:
    """Yield the bare name right after a numbered ward: "p.1 Gò Vấp"."""
    if sentence.parts(at) or sentence.cue(at):
        return
    if short := initials(sentence, at):
        yield AreaName(Window(at, at + len(short), Side.WHOLE), "", short.value)
    elif not sentence.is_number(at) and (sentence.words[at].capital or not sentence.cased):
        last = sentence.name_end(at, _LONGEST)
        yield AreaName(Window(at, last), "", said(sentence, at, last))


def elsewhere_at(sentence: Sentence, at: int) -> int:
    """Return where the name of another province or of its city ends that begins at a word, or 0."""
    word = _province_word(sentence, at)
    first = at + (len(word) if word else 0)
    name = sentence.phrase(vietnamese().elsewhere, first)
    if name is None or (word and sentence.parts(first)):
        return 0
    last = first + len(name)
    if word:
        return last if _ends_a_name(sentence, last) else 0
    shared = " ".join(name.spelled) in vietnamese().shared
    return 0 if shared or not _stands_alone(sentence, at, last) else last


def elsewhere_in(sentence: Sentence, window: Window) -> Window | None:
    """Return where another province stands that ends a name: "5 Nguyễn Huệ Đà Nẵng"."""
    for first in range(window.first + _LEAST_BEFORE, window.last - 1):
        name = sentence.phrase(vietnamese().elsewhere, first)
        if name is None or len(name) < 2 or first + len(name) != window.last:
            continue
        shared = " ".join(name.spelled) in vietnamese().shared
        # "Xa lộ Hà Nội" is the city's own.
        if not shared and sentence.cue_before(first) is None:
            return Window(first, window.last)
    return None


def _province_word(sentence: Sentence, at: int) -> Phrase | None:
    word = sentence.phrase(vietnamese().elsewhere_words, at)
    if word is None or (len(word.spelled[0]) == 1 and not sentence.parts(at)):
        return None
    return word


def _stands_alone(sentence: Sentence, at: int, last: int) -> bool:
    """Tell whether the name is a whole clause, or follows "ở" or another place's name."""
    begins = sentence.parts(at) or _follows_at(sentence, at)
    return begins and _ends_a_name(sentence, last)


def _ends_a_name(sentence: Sentence, last: int) -> bool:
    if sentence.parts(last) or sentence.cue(last):
        return True
    return sentence.cased and not sentence.words[last].capital


def _follows_at(sentence: Sentence, at: int) -> bool:
    return any(
        (cue := sentence.cue(at - length)) is not None
        and cue.last == at
        and cue.phrase.value == Relation.AT.value
        for length in (1, 2)
    )


def initials(sentence: Sentence, at: int) -> Phrase | None:
    """Return the district whose initials stand at a word: "BT", "b. thạnh"."""
    short = sentence.phrase(vietnamese().area_initials, at)
    if short is None:
        return None
    last = at + len(short)
    return short if sentence.parts(last) or sentence.cue(last) else None


def said(sentence: Sentence, first: int, last: int) -> str:
    """Return the words from ``first`` to before ``last`` as they are spelled."""
    return " ".join(word.spelled for word in sentence.words[first:last])
