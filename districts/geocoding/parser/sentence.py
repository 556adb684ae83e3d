"""The words of a text with the phrases that do something found in them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from districts.geocoding.parser.lexicon import Marks, Phrase, Phrases, Role, vietnamese
from districts.geocoding.parser.syllables import is_syllable, is_written_in_full
from districts.geocoding.parser.words import PARTING, Gap, Word

LONGEST_NAME = 8
"""Words of the longest name that a window holds."""

_NEIGHBOURS = 3
_SURELY_NAME = 3
_SURELY_ALLEY = frozenset({"hem", "so"})
_ENDS = frozenset({"mouth", "depth"})
_WITH_ENDS = frozenset(
    [
        "hem",
        "con",
        "ngo",
        "kiet",
        "ngach",
        "xuyet",
        "cau",
        "ham",
        "duong",
        "so",
        "khu",
        "cho",
        "cu",
        "chung",
        "ben",
        "doc",
        "pho",
        "xom",
    ]
)
_BREAKS = frozenset({*PARTING, Gap.DASH, Gap.SLASH, Gap.AND})
_PARTS_OF_NAMES = frozenset({Role.STOP, Role.RELATION, Role.FROM, Role.PIECE, Role.JOIN})
_AREA_ABBREVIATION = 2


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


class Sentence:
    """Words, and at which of them a cue begins; built once for a text."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.cased = _tells_capitals(words)
        self._cues: list[Cue | None] = [None] * len(words)
        at = 0
        while at < len(words):
            cue = self._cue_at(at)
            self._cues[at] = cue
            at = cue.last if cue else at + 1

    def __len__(self) -> int:
        return len(self.words)

    def cue(self, at: int) -> Cue | None:
        """Return the cue that begins at a word, if one does."""
        return self._cues[at] if 0 <= at < len(self.words) else None

    def is_role(self, at: int, *roles: Role) -> bool:
        cue = self.cue(at)
        return cue is not None and cue.role in roles

    def parts(self, at: int) -> bool:
        """Tell whether a comma, the end of a sentence or of the text stands before a word."""
        return at >= len(self.words) or self.words[at].gap in PARTING

    def phrase(self, phrases: Phrases, at: int, *, parted: bool = False) -> Phrase | None:
        """Return the longest of ``phrases`` that stands at a word."""
        if not 0 <= at < len(self.words):
            return None
        for phrase in phrases.get(self.words[at].folded, ()):
            last = at + len(phrase)
            said = self.words[at:last]
            if tuple(word.folded for word in said) != phrase.folded:
                continue
            if not parted and any(word.gap in PARTING for word in said[1:]):
                continue
            if all(map(_spelled_so, said, phrase.spelled)):
                return phrase
        return None

    def name_end(self, first: int, limit: int = LONGEST_NAME, surely: int = _SURELY_NAME) -> int:
        """Return where a name that begins at ``first`` ends at the latest.

        In a text that does not tell capitals, its first ``surely`` words end it only by phrases.
        """
        at = first + 1
        while at < min(first + limit, len(self.words)):
            if self.words[at].gap in _BREAKS or (
                self.cuts(at) and not self._weak(at, first + surely)
            ):
                break
            at += 1
        return at

    def _weak(self, at: int, until: int) -> bool:
        """Tell whether a word may be in a name: "phát" in "NGUYỄN TẤN PHÁT"."""
        cue = self.cue(at)
        single = cue is not None and cue.role is Role.STOP and len(cue.phrase) == 1
        return single and not self.cased and at < until

    def cuts(self, at: int) -> bool:
        """Tell whether the cue at a word ends a name that stands before it."""
        cue = self.cue(at)
        if cue is None or cue.role in {Role.LANDMARK, Role.ASSET, Role.NAMED_ROAD}:
            return cue is not None and cue.role is Role.ASSET
        if cue.role in {Role.STOP, Role.CITY, Role.JOIN} or len(cue.phrase) > 1:
            return True
        capital = self.cased and self.words[at].capital
        if cue.role is Role.AREA:
            return cue.sure or self._is_number(at + 1)
        return not capital or (cue.sure and cue.role in {Role.ROAD, Role.ALLEY, Role.CROSSING})

    def can_name(self, at: int) -> bool:
        """Tell whether a name can begin at a word."""
        if at >= len(self.words) or self._is_number(at):
            return False
        cue = self.cue(at)
        if cue is None or cue.role in {Role.LANDMARK, Role.NAMED_ROAD, Role.ALLEY}:
            return True
        return not cue.sure and cue.role not in {Role.STOP, Role.CITY, Role.JOIN}

    def _is_number(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].is_number

    def _cue_at(self, at: int) -> Cue | None:
        index = vietnamese().cues
        word = self.words[at]
        for phrase in index.get(word.folded, ()):
            if not self._stands(phrase, at):
                continue
            if cue := self._allowed(Cue(phrase, at, self._sure(phrase, at))):
                return cue
        return None

    def _stands(self, phrase: Phrase, at: int) -> bool:
        said = self.words[at : at + len(phrase)]
        if len(said) < len(phrase) or any(word.gap in PARTING for word in said[1:]):
            return False
        if any(one != word.folded for one, word in zip(phrase.folded, said, strict=True)):
            return False
        if not all(map(_spelled_so, said, phrase.spelled)):
            return False
        return self._marks_agree(phrase, at)

    def _marks_agree(self, phrase: Phrase, at: int) -> bool:
        """Tell whether what is written without marks may be this phrase all the same."""
        if phrase.marks is Marks.FREE or self._written_in_full(phrase, at):
            return True
        if phrase.marks is Marks.NEEDED or phrase.spelled == phrase.folded:
            return False
        near = self.words[max(at - _NEIGHBOURS, 0) : at + len(phrase) + _NEIGHBOURS]
        return not any(is_written_in_full(word.spelled) for word in near if not word.short)

    def _written_in_full(self, phrase: Phrase, at: int) -> bool:
        said = self.words[at : at + len(phrase)]
        return all(word.spelled == one for word, one in zip(said, phrase.spelled, strict=True))

    def _sure(self, phrase: Phrase, at: int) -> bool:
        if phrase.spelled == phrase.folded:
            return True
        return any(word.marked for word in self.words[at : at + len(phrase)])

    def _allowed(self, cue: Cue) -> Cue | None:
        """Return the cue unless it is a letter or two that mean something else here."""
        phrase, at = cue.phrase, cue.first
        if self._is_in_a_name(cue) or not self._leads(cue):
            return None
        if len(phrase) > 1 or len(self.words[at].spelled) > _AREA_ABBREVIATION:
            return cue
        if phrase.role is Role.AREA:
            return cue if self._shortens_an_area(at) else self._join(cue)
        if phrase.role is Role.ROAD:
            return cue if self._shortens(at) else None
        if phrase.role is Role.JOIN:
            return self._join(cue)
        return cue

    def _is_in_a_name(self, cue: Cue) -> bool:
        """Tell whether a capital within a sentence makes the word part of a name."""
        word = self.words[cue.first]
        if not (self.cased and word.capital) or word.gap in PARTING or len(cue.phrase) > 1:
            return False
        if cue.role is Role.HOUSE:
            return not self._is_number(cue.first + 1) and self._is_capital(cue.first + 1)
        return cue.role in _PARTS_OF_NAMES

    def _leads(self, cue: Cue) -> bool:
        """Tell whether what the word needs follows: a number "kiệt", a bridge or an alley "đầu"."""
        word, phrase = self.words[cue.first], cue.phrase
        if phrase.role is Role.ALLEY and phrase.folded[-1] not in _SURELY_ALLEY:
            begins = word.gap is not Gap.NONE or self._after_a_cue(cue.first)
            return begins and self._is_number(cue.last)
        if phrase.role is Role.RELATION and phrase.value in _ENDS and len(phrase) == 1:
            return self._has_ends(cue.last)
        return True

    def _after_a_cue(self, at: int) -> bool:
        before = self.words[at - 1].is_number if at else True
        return before or any(
            (cue := self.cue(at - length)) is not None and cue.last == at for length in (1, 2, 3)
        )

    def _has_ends(self, at: int) -> bool:
        """Tell whether something with a mouth or a far end begins at a word."""
        return at < len(self.words) and self.words[at].folded in _WITH_ENDS

    def _is_capital(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].raw[0].isupper()

    def _shortens(self, at: int) -> bool:
        """Tell whether a short form before a name or a number is one."""
        following = self.words[at + 1] if at + 1 < len(self.words) else None
        if following is None or following.gap in PARTING:
            return False
        if following.gap is Gap.DOT:
            return True
        return following.capital and not following.glued if self.cased else not following.glued

    def _shortens_an_area(self, at: int) -> bool:
        word = self.words[at]
        following = self.words[at + 1] if at + 1 < len(self.words) else None
        if following is None or following.gap in PARTING or following.gap is Gap.SLASH:
            return False
        if following.gap is Gap.DOT or following.is_number:
            return word.spelled != "h" or following.gap is Gap.DOT
        if word.spelled in {"x", "h", "f", "ph"}:
            return word.gap in PARTING and following.capital
        return following.capital or not self.cased

    def _join(self, cue: Cue) -> Cue | None:
        """Return "x" as what joins two streets, where it stands between two names."""
        at = cue.first
        if self.words[at].spelled != "x" or not 0 < at < len(self.words) - 1:
            return None
        if self.words[at].gap in PARTING or self.words[at + 1].gap in PARTING:
            return None
        joins = [one for one in vietnamese().cues.get("x", ()) if one.role is Role.JOIN]
        return Cue(joins[0], at, sure=True) if joins else None


def _tells_capitals(words: Sequence[Word]) -> bool:
    """Tell whether capitals mean something here: within a sentence, some words have them."""
    inner = [word.raw for word in words if word.gap is Gap.NONE and word.raw[0].isalpha()]
    some = any(raw[0].isupper() and len(raw) > 1 for raw in inner)
    return some and not all(word.raw.isupper() for word in words if word.raw[0].isalpha())


def _spelled_so(word: Word, spelling: str) -> bool:
    """Tell whether the word is spelled so, has no marks, or is no word with those it has."""
    if word.spelled in {spelling, word.folded}:
        return True
    d_for_dd = word.spelled.replace("đ", "d") == spelling.replace("đ", "d")
    return d_for_dd or not is_syllable(word.spelled)
