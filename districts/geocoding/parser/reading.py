"""The words of a text -> its mentions: one walk from the first word to the last. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from districts.geocoding.parsed import (
    AreaName,
    AssetNumber,
    Elsewhere,
    Junction,
    Landmark,
    Mention,
    Milestone,
    Relation,
    Side,
    Street,
    Stretch,
    Window,
)
from districts.geocoding.parser import area_names, distances
from districts.geocoding.parser.crossings import Crossing, crossings_in
from districts.geocoding.parser.lexicon import Role, vietnamese
from districts.geocoding.parser.numbers import Numbers, is_counted, read_numbers
from districts.geocoding.parser.sentence import Cue, Sentence
from districts.geocoding.parser.words import PARTING, Gap

_PLACE_ROLES = frozenset({Role.LANDMARK, Role.CROSSING, Role.ALLEY, Role.HOUSE, Role.ROAD})
_SHORTEST_CROSSING = 3
_LONGEST_BEGINNING = 10


def read(sentence: Sentence) -> list[tuple[int, Mention]]:
    """Return what the words say about where, each with the word at which it begins, in order."""
    return _Reader(sentence).read()


class _Reader:
    """Where the walk is, and what was said just before."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.mentions: list[tuple[int, Mention]] = []
        self.relation: Relation | None = None
        self.street: Window | None = None
        self.crossings = {one.first: one for one in crossings_in(sentence)}
        self.free: int | None = None
        """Where the words that nothing recognised began."""

    def read(self) -> list[tuple[int, Mention]]:
        at = 0
        while at < len(self.sentence):
            if self.sentence.words[at].gap in PARTING:
                self._end_free(at)
                self._new_clause(at)
            at = self._step(at)
        self._end_free(at)
        self.mentions.sort(key=lambda one: one[0])
        return self.mentions

    def _new_clause(self, at: int) -> None:
        self.relation = None
        if self.sentence.words[at].gap is Gap.STOP:
            self.street = None

    def _step(self, at: int) -> int:
        """Read what stands at a word; return where the next begins."""
        if crossing := self.crossings.get(at):
            self._end_free(at)
            return self._crossing(crossing)
        elsewhere = area_names.elsewhere_at(self.sentence, at)
        if elsewhere:
            self._end_free(at)
            return self._elsewhere(at, elsewhere)
        if (numbers := self._numbers_at(at)) and (last := self._address(at, numbers)):
            return last
        cue = self.sentence.cue(at)
        if cue is None:
            self.free = at if self.free is None and not self._skips(at) else self.free
            return at + 1
        self._end_free(at)
        return max(_HANDLERS[cue.role](self, cue), at + 1)

    def _skips(self, at: int) -> bool:
        return self.sentence.words[at].is_number

    def _numbers_at(self, at: int) -> Numbers | None:
        if self.sentence.is_role(at, Role.HOUSE, Role.ALLEY) or self._bare_number(at):
            return read_numbers(self.sentence, at) or None
        return None

    def _bare_number(self, at: int) -> bool:
        word = self.sentence.words[at]
        following = at + 1 < len(self.sentence) and self.sentence.words[at + 1]
        return word.is_number or bool(
            len(word.raw) == 1 and following and following.glued and following.is_number
        )

    # Houses and streets

    def _address(self, at: int, numbers: Numbers) -> int:
        """Read a house or an alley with its street; return where it ends, 0 where it is none."""
        if not self._plausible(at, numbers):
            return 0
        self._end_free(at)
        name, cued = self._street_name(numbers.at, parted=numbers.cued or at == 0)
        if name is None:
            return self._on_street_before(at, numbers)
        street = Street(name, numbers.house, tuple(numbers.alleys), self._take_relation(), cued)
        last = self._house_after(street, name.last)
        self._add(at, street) if last == name.last else None
        self._twin(at, street, numbers.at)
        self._areas_in(name)
        self.street = name
        return last

    def _plausible(self, at: int, numbers: Numbers) -> bool:
        """Tell whether a number that no word announced is a house: a name follows, capital."""
        if numbers.cued or numbers.at >= len(self.sentence):
            return numbers.cued
        after = self.sentence.words[numbers.at]
        if after.gap in PARTING and at > 0:
            return False
        if self.sentence.is_role(numbers.at, Role.ROAD, Role.NAMED_ROAD, Role.ALLEY):
            return True
        beginning = at == 0 or self.sentence.words[at].gap in PARTING or self.relation is not None
        return beginning or after.capital or not self.sentence.cased

    def _street_name(self, at: int, *, parted: bool) -> tuple[Window | None, bool]:
        """Return the window of a street's name from a word on, and whether a word announced it."""
        cued = False
        while (cue := self.sentence.cue(at)) and cue.role in {Role.ROAD, Role.RELATION}:
            if self.sentence.words[at].gap in PARTING and not parted:
                return None, cued
            if cue.role is Role.RELATION and not self._on(cue):
                return None, cued
            cued, at, parted = cued or cue.role is Role.ROAD, cue.last, False
        if at >= len(self.sentence) or (self.sentence.words[at].gap in PARTING and not parted):
            return None, cued
        if self.sentence.words[at].gap is Gap.STOP or not self._names_street(at, cued=cued):
            return None, cued
        return Window(at, self._street_end(at)), cued

    def _on(self, cue: Cue) -> bool:
        """Tell whether the relation may stand between a number and its street: "45 trên Lê Lợi"."""
        return cue.phrase.value == Relation.AT.value and len(cue.phrase) == 1

    def _names_street(self, at: int, *, cued: bool) -> bool:
        if self.sentence.words[at].is_number:
            return cued or self.sentence.words[at].raw in vietnamese().dates
        numbered = self.sentence.is_role(at, Role.HOUSE) and at + 1 < len(self.sentence)
        if numbered and self.sentence.words[at + 1].is_number:
            return cued
        return self.sentence.can_name(at)

    def _street_end(self, at: int) -> int:
        """Return where the name ends; "số" before a number is part of it."""
        if self.sentence.is_role(at, Role.HOUSE) and at + 1 < len(self.sentence):
            return self.sentence.name_end(at + 1)
        return self.sentence.name_end(at)

    def _house_after(self, street: Street, at: int) -> int:
        """Add a street whose house is said after it: "Hẻm 413 Lê Văn Sỹ, nhà 413/22"."""
        cue = self.sentence.cue(at)
        if street.house or cue is None or cue.role not in {Role.HOUSE, Role.ALLEY}:
            return at
        if self.sentence.words[at].gap is Gap.STOP:
            return at
        numbers = read_numbers(self.sentence, at)
        if not numbers or self._street_name(numbers.at, parted=False)[0]:
            return at
        alleys = list(street.alleys)
        own = [one for one in numbers.alleys if one not in alleys]
        found = replace(street, house=numbers.house, alleys=(*alleys, *own))
        self._add(street.name.first, found)
        return numbers.at

    def _on_street_before(self, at: int, numbers: Numbers) -> int:
        """Give a number without a street to the street before it: "đường Lê Lợi, số 45"."""
        if self.street is None or not numbers.cued:
            return numbers.at if numbers.cued else 0
        street = Street(
            self.street, numbers.house, tuple(numbers.alleys), self._take_relation(), cued=True
        )
        self._add(at, street)
        return numbers.at

    def _twin(self, at: int, street: Street, cue_at: int) -> None:
        """Add the other reading of "80 Duong Dinh Hoi": a name that begins with Dương."""
        cue = self.sentence.cue(cue_at)
        if cue is None or cue.role is not Role.ROAD or cue.sure or len(cue.phrase) > 1:
            return
        if self.sentence.cased and not self.sentence.words[cue_at].capital:
            return
        window = Window(cue_at, street.name.last)
        self._add(at, replace(street, name=window, cued=False))

    def _road(self, cue: Cue) -> int:
        if cue.last in self.crossings:
            return cue.last
        name, _ = self._street_name(cue.first, parted=True)
        if name is None:
            return cue.last
        street = Street(name, relation=self._take_relation(), cued=True)
        last = self._house_after(street, name.last)
        if last == name.last:
            self._add(cue.first, street)
        self._twin(cue.first, street, cue.first)
        self._areas_in(name)
        self.street = name
        return last

    def _named_road(self, cue: Cue) -> int:
        name = Window(cue.first, self.sentence.name_end(cue.last - 1))
        street = Street(name, relation=self._take_relation(), cued=True)
        last = self._house_after(street, name.last)
        if last == name.last:
            self._add(cue.first, street)
        self._areas_in(name)
        self.street = name
        return last

    def _alley(self, cue: Cue) -> int:
        """Read an alley without a number: "trong hẻm Lê Văn Sỹ"."""
        name, _ = self._street_name(cue.last, parted=False)
        if name is None:
            return cue.last
        self._add(cue.first, Street(name, relation=self._take_relation() or Relation.AT))
        return name.last

    def _house(self, cue: Cue) -> int:
        return cue.last

    # Crossings and stretches

    def _crossing(self, crossing: Crossing) -> int:
        if crossing.begun_by in {Role.PIECE, Role.BETWEEN, Role.FROM} and self.street:
            begin, end = crossing.streets[0], crossing.streets[1]
            self._add(crossing.first, Stretch(self.street, begin, end))
        else:
            self._add(crossing.first, Junction(crossing.streets, self._take_relation()))
        if not crossing.surely:
            whole = Window(crossing.first, crossing.last)
            self._add(crossing.first, Street(whole, cued=crossing.begun_by is Role.ROAD))
        self._areas_in(crossing.streets[-1])
        return crossing.last

    def _crossing_cue(self, cue: Cue) -> int:
        """Read a crossing that has a name of its own, or two streets with nothing between."""
        if self._past_roads(cue.last) in self.crossings:
            return self._past_roads(cue.last)
        if cue.last >= len(self.sentence) or self.sentence.parts(cue.last):
            return cue.last
        if not self.sentence.can_name(cue.last) and not self.sentence.is_role(cue.last, Role.ROAD):
            return cue.last
        begins = cue.last + (1 if self.sentence.is_role(cue.last, Role.ROAD) else 0)
        last = self.sentence.name_end(begins)
        relation = self._take_relation()
        name = Window(cue.first, last)
        self._add(cue.first, Landmark(name, " ".join(cue.phrase.folded), relation))
        if last - begins >= _SHORTEST_CROSSING:
            pair = (Window(begins, last), Window(begins, last, Side.END))
            self._add(cue.first, Junction(pair, relation))
        self._areas_in(Window(begins, last))
        return last

    def _from(self, cue: Cue) -> int:
        """Read "từ A đến B" as a stretch of the street named before, if one was."""
        to = self._to(cue.last)
        if to is None:
            return cue.last
        word, end_at = to
        begin = Window(self._past_roads(cue.last), word, Side.WHOLE)
        end_first = self._past_roads(end_at)
        if not (self._names_end(begin.first) and self._names_end(end_first)):
            return cue.last
        end = Window(end_first, self.sentence.name_end(self._past_cue(end_first)))
        street = self.street or Window(cue.first, cue.first)
        self._add(cue.first, Stretch(street, begin, end))
        self._areas_in(end)
        return end.last

    def _to(self, first: int) -> tuple[int, int] | None:
        for at in range(first + 1, min(first + _LONGEST_BEGINNING, len(self.sentence) - 1)):
            if self.sentence.parts(at) or self.sentence.is_role(at, Role.STOP):
                return None
            if to := self.sentence.phrase(vietnamese().to, at):
                return at, at + len(to)
        return None

    def _names_end(self, at: int) -> bool:
        return at < len(self.sentence) and (
            self.sentence.can_name(at)
            or self.sentence.is_role(at, Role.CROSSING, Role.HOUSE)
            or (self.sentence.words[at].is_number and not is_counted(self.sentence, at))
        ) and not self.sentence.is_role(at, Role.STOP)  # fmt: skip

    def _past_roads(self, at: int) -> int:
        while (cue := self.sentence.cue(at)) and cue.role in {Role.ROAD, Role.RELATION}:
            at = cue.last
        return at

    def _past_cue(self, at: int) -> int:
        cue = self.sentence.cue(at)
        return min(cue.last, len(self.sentence) - 1) if cue else at

    # Landmarks and relations

    def _landmark(self, cue: Cue) -> int:
        if self._is_only_a_word(cue):
            return cue.last
        last = self._landmark_end(cue)
        name = Window(cue.first, last)
        relation, metres = self._take_relation(), distances.after(self.sentence, last)
        self._add(cue.first, Landmark(name, " ".join(cue.phrase.folded), relation, metres))
        self._areas_in(name)
        return last

    def _landmark_end(self, cue: Cue) -> int:
        """Return where the name ends; an area right after the word is in it: "UBND Phường 5"."""
        area = self.sentence.cue(cue.last)
        if area is None or area.role is not Role.AREA or self.sentence.parts(cue.last):
            return self.sentence.name_end(cue.last - 1)
        names, last = area_names.after_kind(self.sentence, area)
        for name in names:
            self._add(cue.last, name)
        return last

    def _is_only_a_word(self, cue: Cue) -> bool:
        """Tell whether nothing that could be a name follows the word."""
        if len(cue.phrase) > 1 or self.sentence.words[cue.first].short:
            return False
        if self.sentence.cased and self.sentence.words[cue.first].capital and self.relation:
            return False
        return self.sentence.parts(cue.last) or self.sentence.is_role(cue.last, Role.STOP)

    def _relation(self, cue: Cue) -> int:
        self.relation = Relation(cue.phrase.value)
        return cue.last

    def _take_relation(self) -> Relation:
        relation, self.relation = self.relation, None
        return relation or Relation.AT

    def _stop(self, cue: Cue) -> int:
        self.relation = None
        return cue.last

    def _end_free(self, last: int) -> None:
        """Read the words that nothing recognised, up to ``last``, as a name, if they are one."""
        first, self.free = self.free, None
        if first is None:
            return
        for mention in area_names.bare(self.sentence, first, last, self.relation):
            self._add(first, mention)
        self.relation = None

    # Areas, numbers of things, kilometres

    def _area(self, cue: Cue) -> int:
        names, last = area_names.after_kind(self.sentence, cue)
        for name in names:
            self._add(cue.first, name)
        self.relation = None
        return last

    def _city(self, cue: Cue) -> int:
        name = Window(cue.first, cue.last, Side.WHOLE)
        self._add(cue.first, AreaName(name, "thanh pho", vietnamese().city_name))
        return cue.last

    def _areas_in(self, window: Window) -> None:
        for name in area_names.at_the_end(self.sentence, window):
            self._add(name.name.first, name)

    def _elsewhere(self, at: int, last: int) -> int:
        words = self.sentence.words
        name = " ".join(word.spelled for word in words[at:last])
        self._add(at, Elsewhere(name, words[at].start, words[last - 1].end))
        return last

    def _asset(self, cue: Cue) -> int:
        number, last = distances.asset_number(self.sentence, cue)
        if number:
            self._add(cue.first, AssetNumber(cue.phrase.value, number))
        return last

    def _milestone(self, cue: Cue) -> int:
        km, last = distances.kilometre(self.sentence, cue.last)
        if km is None:
            return cue.last
        road = self._road_after(last) or self.street or Window(cue.first, cue.first)
        self._add(cue.first, Milestone(road, km))
        return last

    def _road_after(self, at: int) -> Window | None:
        at = self._past_roads(at)
        if self.sentence.parts(at) or not self.sentence.can_name(at):
            return None
        return Window(at, self.sentence.name_end(at))

    def _add(self, at: int, mention: Mention) -> None:
        self.mentions.append((at, mention))


_HANDLERS: Mapping[Role, Callable[[_Reader, Cue], int]] = {
    Role.ASSET: _Reader._asset,  # noqa: SLF001
    Role.CITY: _Reader._city,  # noqa: SLF001
    Role.AREA: _Reader._area,  # noqa: SLF001
    Role.MILESTONE: _Reader._milestone,  # noqa: SLF001
    Role.CROSSING: _Reader._crossing_cue,  # noqa: SLF001
    Role.ALLEY: _Reader._alley,  # noqa: SLF001
    Role.NAMED_ROAD: _Reader._named_road,  # noqa: SLF001
    Role.ROAD: _Reader._road,  # noqa: SLF001
    Role.HOUSE: _Reader._house,  # noqa: SLF001
    Role.LANDMARK: _Reader._landmark,  # noqa: SLF001
    Role.JOIN: _Reader._stop,  # noqa: SLF001
    Role.BETWEEN: _Reader._stop,  # noqa: SLF001
    Role.FROM: _Reader._from,  # noqa: SLF001
    Role.PIECE: _Reader._stop,  # noqa: SLF001
    Role.RELATION: _Reader._relation,  # noqa: SLF001
    Role.STOP: _Reader._stop,  # noqa: SLF001
}
