"""The words of a text with the cues among them, and how far a name can reach. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from districts.geocoding.parser.cues import Cue, find_cues, marks_agree, phrase_at
from districts.geocoding.parser.lexicon import Phrase, Phrases, Role, vietnamese
from districts.geocoding.parser.words import PARTING, Gap, Word

LONGEST_NAME = 8
"""Words of the longest name that a window holds."""

_SURELY_NAME = 3
_MOST_CUES = 4
_LONGEST_CUE = 6
_BREAKS = frozenset({*PARTING, Gap.DASH, Gap.SLASH, Gap.AND})
_NEVER_CUT = frozenset({Role.LANDMARK, Role.NAMED_ROAD})
_ALWAYS_CUT = frozenset({Role.STOP, Role.CITY, Role.JOIN, Role.ASSET, Role.MILESTONE})
_CUT_WHEN_SURE = frozenset({Role.ROAD, Role.ALLEY, Role.CROSSING})
_WEAK = frozenset({Role.RELATION, Role.PIECE, Role.FROM, Role.ROAD, Role.HOUSE, Role.ALLEY})
_RELATED = (
    Role.LANDMARK,
    Role.CROSSING,
    Role.ALLEY,
    Role.HOUSE,
    Role.ROAD,
    Role.NAMED_ROAD,
    Role.STOP,
)
_BEGIN_NAMES = frozenset({Role.LANDMARK, Role.NAMED_ROAD, Role.ALLEY})
_NEVER_BEGIN = frozenset({Role.STOP, Role.CITY, Role.JOIN, Role.HOUSE})


class Sentence:
    """Words, and at which of them a cue begins; built once for a text."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.cased = _tells_capitals(words)
        self.shouted = all(word.raw.isupper() for word in words if word.raw[0].isalpha())
        self._cues = find_cues(words, cased=self.cased)

    def __len__(self) -> int:
        return len(self.words)

    def cue(self, at: int) -> Cue | None:
        """Return the cue that begins at a word, if one does."""
        return self._cues[at] if 0 <= at < len(self.words) else None

    def cue_before(self, at: int) -> Cue | None:
        """Return the cue that ends just before a word, if one does."""
        for back in range(1, _LONGEST_CUE + 1):
            cue = self.cue(at - back)
            if cue and cue.last == at:
                return cue
        return None

    def is_role(self, at: int, *roles: Role) -> bool:
        cue = self.cue(at)
        return cue is not None and cue.role in roles

    def past(self, at: int, *roles: Role) -> int:
        """Return the first word from ``at`` on at which no cue of these roles begins.

        Only a few cues are passed, so that no text makes this long.
        """
        for _ in range(_MOST_CUES):
            cue = self.cue(at)
            if cue is None or cue.role not in roles:
                break
            at = cue.last
        return at

    def is_number(self, at: int) -> bool:
        return at < len(self.words) and self.words[at].is_number

    def parts(self, at: int) -> bool:
        """Tell whether a comma, the end of a sentence or of the text stands before a word."""
        return at >= len(self.words) or self.words[at].gap in PARTING

    def phrase(self, phrases: Phrases, at: int) -> Phrase | None:
        """Return the longest of ``phrases`` that stands at a word."""
        return phrase_at(phrases, self.words, at)

    def function_word(self, phrases: Phrases, at: int) -> Phrase | None:
        """Return a phrase that is written with its marks, or among words without any."""
        phrase = phrase_at(phrases, self.words, at)
        return phrase if phrase and marks_agree(phrase, self.words, at) else None

    def name_end(self, first: int, limit: int = LONGEST_NAME, surely: int = _SURELY_NAME) -> int:
        """Return where a name that begins at ``first`` ends at the latest.

        In a text that does not tell capitals, its first ``surely`` words end it only by phrases.
        """
        at = first + 1
        while at < min(first + limit, len(self.words)) and self.words[at].gap not in _BREAKS:
            weak = at < first + surely and self.is_weak(at)
            if self.cuts(at) and not weak and not self.continues_landmark(at):
                break
            if at >= first + _SURELY_NAME and self.is_role(at, Role.AREA):
                break
            if self.is_number(at + 1) and self.phrase(vietnamese().localities, at):
                break
            if self.is_number(at) and self.is_length(at):
                break
            at += 1
        return at

    def is_length(self, at: int) -> bool:
        """Tell whether a number is of metres or kilometres: "200m", "50 m"."""
        glued = self.words[at].raw.endswith("m") and self.words[at].raw[:-1].isdecimal()
        unit = self.function_word(vietnamese().distances, at + 1)
        # "quốc lộ 13 km 5" is a place on the road.
        return glued or (unit is not None and not self.is_number(at + 1 + len(unit)))

    def is_weak(self, at: int) -> bool:
        """Tell whether a word may be in a name all the same: "phát" in "NGUYỄN TẤN PHÁT".

        Where capitals tell nothing, one word alone does not; a relation has something after it.
        """
        cue = self.cue(at)
        if self.cased or cue is None or len(cue.phrase) > 1:
            return False
        if cue.role is Role.STOP:
            return True
        if cue.role not in _WEAK or (cue.sure and cue.role is Role.ROAD):
            return False
        return not (self.is_role(cue.last, *_RELATED) or self.is_number(cue.last))

    def cuts(self, at: int) -> bool:
        """Tell whether the cue at a word ends a name that stands before it."""
        cue = self.cue(at)
        if cue is None or cue.role in _NEVER_CUT:
            return False
        if cue.role in _ALWAYS_CUT or len(cue.phrase) > 1:
            return True
        if cue.role is Role.AREA:
            return self.is_surely(at, Role.AREA)
        capital = self.cased and self.words[at].capital
        return not capital or (cue.sure and cue.role in _CUT_WHEN_SURE)

    def continues_landmark(self, at: int) -> bool:
        """Tell whether a crossing is part of a landmark's name: "cầu vượt ngã tư Thủ Đức"."""
        return self.is_role(at, Role.CROSSING) and any(
            (cue := self.cue(at - back)) is not None
            and cue.last == at
            and cue.role is Role.LANDMARK
            for back in (1, 2, 3)
        )

    def is_inside(self, at: int, role: Role) -> bool:
        """Tell whether a cue of a role that began before a word goes on with it."""
        return any(
            (cue := self.cue(at - back)) is not None and cue.last > at and cue.role is role
            for back in (1, 2, 3)
        )

    def is_surely(self, at: int, *roles: Role) -> bool:
        """Tell whether a cue of one of ``roles`` stands there that its marks or a number prove."""
        cue = self.cue(at)
        return cue is not None and cue.role in roles and (cue.sure or self.is_number(cue.last))

    def can_name(self, at: int) -> bool:
        """Tell whether a name can begin at a word."""
        if at >= len(self.words) or self.is_number(at):
            return False
        cue = self.cue(at)
        if cue is None or cue.role in _BEGIN_NAMES:
            return True
        if self.is_weak(at) and cue.role is Role.STOP:
            return self.words[at].folded in vietnamese().begin_names and not self.parts(at + 1)
        if self.is_weak(at) and not self.parts(at + 1):
            return True
        return not self.is_surely(at, cue.role) and cue.role not in _NEVER_BEGIN


def _tells_capitals(words: Sequence[Word]) -> bool:
    """Tell whether capitals mean something here: within a sentence, some words have them."""
    own = [word for word in words if word.raw[0].isalpha() and not word.short]
    if all(word.raw.isupper() for word in own):
        return False
    return any(
        word.raw[0].isupper() and len(word.raw) > 1
        for word in own
        if word.gap not in PARTING or word.gap is Gap.COMMA
    )
