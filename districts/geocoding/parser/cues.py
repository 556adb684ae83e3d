"""At which words of a text a phrase of the lexicon stands and means what it says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from districts.geocoding.parser.lexicon import Marks, Phrase, Phrases, Role, vietnamese
from districts.geocoding.parser.syllables import is_syllable, is_written_in_full
from districts.geocoding.parser.words import PARTING, Gap, Word

_NEIGHBOURS = 3
_PARTS_OF_NAMES = frozenset({Role.STOP, Role.RELATION, Role.FROM, Role.PIECE, Role.JOIN})
_SURELY_ALLEY = frozenset({"hem", "so"})
_ENDS = frozenset({"mouth", "depth"})
_END_NAMES = frozenset({Role.STOP, Role.CITY, Role.AREA})
_AFTER_NAMES = frozenset({"st", "str", "rd"})
_ABBREVIATION = 2
_LONGEST_CUE = 6


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase found at a word. ``sure`` when its marks or its form leave no doubt."""

    phrase: Phrase
    first: int
    sure: bool

    @property
    def role(self) -> Role:
        return self.phrase.role

    @property
    def last(self) -> int:
        return self.first + len(self.phrase)


def find_cues(words: Sequence[Word], *, cased: bool) -> list[Cue | None]:
    """Return for each word the cue that begins there; none begins within another."""
    return _Finder(words, cased=cased).cues


def phrase_at(phrases: Phrases, words: Sequence[Word], at: int) -> Phrase | None:
    """Return the longest of ``phrases`` that stands at a word, with its marks or without any."""
    if not 0 <= at < len(words):
        return None
    return next((one for one in phrases.get(words[at].folded, ()) if _stands(one, words, at)), None)


def marks_agree(phrase: Phrase, words: Sequence[Word], at: int) -> bool:
    """Tell whether what is written without its marks may be the phrase all the same."""
    said = words[at : at + len(phrase)]
    if phrase.marks is Marks.FREE:
        return True
    if _written_in_full(phrase, said):
        # "che" is a word of its own only where "chế" would have its mark.
        bare = phrase.role is Role.STOP and phrase.spelled == phrase.folded and len(phrase) == 1
        return not bare or _marked_around(words, at, len(phrase))
    if phrase.role is Role.STOP and any(word.spelled != word.folded for word in said):
        # "đường xa" is not "đường xá".
        return all(map(_is_misspelled, said, phrase.spelled))
    return phrase.marks is not Marks.NEEDED and not _marked_around(words, at, len(phrase))


def _is_misspelled(word: Word, spelling: str) -> bool:
    return word.spelled == spelling or not is_syllable(word.spelled)


def _marked_around(words: Sequence[Word], at: int, length: int) -> bool:
    near = words[max(at - _NEIGHBOURS, 0) : at + length + _NEIGHBOURS]
    return any(is_written_in_full(word.spelled) for word in near if not word.short)


def _stands(phrase: Phrase, words: Sequence[Word], at: int) -> bool:
    """Tell whether a phrase that begins with the word at ``at`` goes on as the text does."""
    said = words[at : at + len(phrase)]
    if len(said) < len(phrase):
        return False
    for word, folded in zip(said[1:], phrase.folded[1:], strict=True):
        if word.folded != folded or word.gap in PARTING:
            return False
    return all(map(_spelled_so, said, phrase.spelled))


def _spelled_so(word: Word, spelling: str) -> bool:
    """Tell whether the word is spelled so, has no marks, or is no word with those it has."""
    if word.spelled in {spelling, word.folded}:
        return True
    d_for_dd = word.spelled.replace("đ", "d") == spelling.replace("đ", "d")
    return d_for_dd or not is_syllable(word.spelled)


def _written_in_full(phrase: Phrase, said: Sequence[Word]) -> bool:
    return all(word.spelled == one for word, one in zip(said, phrase.spelled, strict=True))


class _Finder:
    def __init__(self, words: Sequence[Word], *, cased: bool) -> None:
        self.words = words
        self.cased = cased
        self.cues: list[Cue | None] = [None] * len(words)
        at = 0
        while at < len(words):
            cue = self._at(at)
            if cue is None or cue.role is not Role.NAME:
                self.cues[at] = cue
            at = cue.last if cue else at + 1

    def _at(self, at: int) -> Cue | None:
        if self.words[at].named:
            return None
        for phrase in vietnamese().cues.get(self.words[at].folded, ()):
            if not _stands(phrase, self.words, at) or not marks_agree(phrase, self.words, at):
                continue
            cue = Cue(phrase, at, self._is_sure(phrase, at))
            if self._means_it(cue):
                return cue
        return None

    def _is_sure(self, phrase: Phrase, at: int) -> bool:
        said = self.words[at : at + len(phrase)]
        return phrase.spelled == phrase.folded or any(word.marked for word in said)

    def _means_it(self, cue: Cue) -> bool:
        """Tell whether the phrase is itself here, and not part of a name or another word."""
        if self._is_in_a_name(cue):
            return False
        rule = _RULES.get(cue.role)
        return rule(self, cue) if rule else True

    def _is_in_a_name(self, cue: Cue) -> bool:
        """Tell whether capitals within a sentence make the words part of a name."""
        said = self.words[cue.first : cue.last]
        if cue.role not in _PARTS_OF_NAMES or (cue.sure and len(said) > 1):
            return False
        if not cue.sure and len(said) > 1 and self._follows(cue.first, Role.ROAD):
            return True
        capitals = self.cased and all(word.capital for word in said)
        if not capitals or said[0].gap not in PARTING:
            return capitals
        # What begins a sentence has a capital in any case.
        return said[0].folded in vietnamese().begin_names and self._is_name(cue.last)

    # What words of each role need before or after them

    def _house(self, cue: Cue) -> bool:
        named = self.cased and self.words[cue.first].capital and len(cue.phrase) == 1
        return not (named and self._is_name(cue.last) and self.words[cue.first].gap not in PARTING)

    def _alley(self, cue: Cue) -> bool:
        """Tell whether "kiệt" and the like, which names hold too, stand before a number."""
        if cue.phrase.folded[-1] in _SURELY_ALLEY:
            return True
        begins = self.words[cue.first].gap is not Gap.NONE or self._follows(cue.first)
        counts = self._is_number(cue.first - 1) and cue.phrase.folded != ("h",)
        return (begins or counts) and self._is_number(cue.last)

    def _relation(self, cue: Cue) -> bool:
        """Tell whether "đầu", "chân" and the like stand before what has a mouth or a foot."""
        if cue.phrase.value not in _ENDS or len(cue.phrase) > 1:
            return True
        return cue.last < len(self.words) and self.words[cue.last].folded in vietnamese().with_ends

    def _named_road(self, cue: Cue) -> bool:
        """Tell "đường tỉnh 10" from "đường Tỉnh lộ 10"."""
        number = cue.phrase.folded in {("duong", "tinh"), ("duong", "huyen")}
        return not number or self._is_number(cue.last)

    def _road(self, cue: Cue) -> bool:
        word = self.words[cue.first]
        if word.spelled in _AFTER_NAMES:
            return cue.last >= len(self.words) or self.words[cue.last].gap in PARTING
        short = len(cue.phrase) == 1 and len(word.spelled) <= _ABBREVIATION
        return not short or self._shortens(cue.first)

    def _area(self, cue: Cue) -> bool:
        short = len(cue.phrase) == 1 and len(self.words[cue.first].spelled) <= _ABBREVIATION
        return not short or self._shortens_an_area(cue.first)

    def _join(self, cue: Cue) -> bool:
        """Tell whether a word stands between two names, not at the end of one: "Thuận Giao"."""
        at, last = cue.first, cue.last
        if not at > 0 or last >= len(self.words):
            return False
        if self.words[at].gap is Gap.STOP or self.words[last].gap not in {Gap.NONE, Gap.DOT}:
            return False
        return not any(
            phrase.role in _END_NAMES
            and _stands(phrase, self.words, last)
            and marks_agree(phrase, self.words, last)
            and (phrase.role is not Role.AREA or self._area(Cue(phrase, last, sure=True)))
            for phrase in vietnamese().cues.get(self.words[last].folded, ())
        )

    def _asset(self, cue: Cue) -> bool:
        """Tell whether a number follows one word alone: "trụ 12", not the street "Tân Trụ"."""
        if len(cue.phrase) > 1:
            return True
        following = self._word(cue.last)
        said = following is not None and following.folded in {"so", "ma"}
        return said or self._is_number(cue.last)

    def _city(self, cue: Cue) -> bool:
        """Tell whether it is not part of a name: "cầu Sài Gòn", "phường Sài Gòn"."""
        kinds = (Role.LANDMARK, Role.AREA, Role.ROAD, Role.NAMED_ROAD)
        short = len(self.words[cue.first].spelled) <= _ABBREVIATION or len(cue.phrase) > 3
        joined = self.words[cue.first].gap is Gap.NONE
        return short or not (joined and self._follows(cue.first, *kinds))

    def _shortens(self, at: int) -> bool:
        """Tell whether a short form before a name or a number is one."""
        following = self._word(at + 1)
        if following is None or following.gap not in {Gap.NONE, Gap.DOT}:
            return False
        if following.gap is Gap.DOT:
            return True
        if not self.words[at].marked and len(self.words[at].raw) == 1:
            return False
        return following.capital and not following.glued if self.cased else not following.glued

    def _shortens_an_area(self, at: int) -> bool:
        word, following = self.words[at], self._word(at + 1)
        if word.spelled == "h" and self._is_number(at + 1):
            return False
        if following is None or following.gap in {*PARTING, Gap.SLASH}:
            return False
        if following.gap is Gap.DOT or following.is_number:
            return True
        if word.spelled in {"x", "h", "f", "ph"}:
            return word.gap in PARTING and following.capital
        return following.capital or not self.cased

    def _follows(self, at: int, *roles: Role) -> bool:
        """Tell whether a cue, of ``roles`` if any are given, ends just before a word."""
        return any(
            (cue := self.cues[at - length]) is not None
            and cue.last == at
            and (not roles or cue.role in roles)
            for length in range(1, min(_LONGEST_CUE, at) + 1)
        )

    def _word(self, at: int) -> Word | None:
        return self.words[at] if 0 <= at < len(self.words) else None

    def _is_number(self, at: int) -> bool:
        word = self._word(at)
        return word is not None and word.is_number

    def _is_name(self, at: int) -> bool:
        word = self._word(at)
        return word is not None and word.raw[0].isupper() and word.gap not in PARTING


_RULES = {
    Role.CITY: _Finder._city,  # noqa: SLF001
    Role.ASSET: _Finder._asset,  # noqa: SLF001
    Role.HOUSE: _Finder._house,  # noqa: SLF001
    Role.ALLEY: _Finder._alley,  # noqa: SLF001
    Role.RELATION: _Finder._relation,  # noqa: SLF001
    Role.NAMED_ROAD: _Finder._named_road,  # noqa: SLF001
    Role.ROAD: _Finder._road,  # noqa: SLF001
    Role.AREA: _Finder._area,  # noqa: SLF001
    Role.JOIN: _Finder._join,  # noqa: SLF001
}
