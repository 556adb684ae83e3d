"""Areas that the grammar does not see: names without a kind, kinds written without marks. Pure.

"12 Lê Lợi, Bình Thạnh" names a district; "Lê Văn Sỹ - Tân Kỳ Tân Quý" does not name Phường Tân Quý.
What tells them apart is where a name stands: after an area, or as a whole part of the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from districts.geocoding.areas.hearing import BARE, MOST_NAMED, Asked, Ear, Heard, as_written
from districts.geocoding.areas.spellings import LONGEST_NAME, MARKED_ELSE, area_key
from districts.geocoding.parsed import Parsed
from districts.names import FAMILY

LEAST_LETTERS = 4
LEAST_KIND_LETTERS = 3
NO_SLIPS = frozenset({
    "qua", "quá", "quà", "quạ", "phòng", "phong", "phóng", "phông", "phùng", "phụng", "phung",
    "quen", "quên", "tinh", "tình", "tính",
})  # fmt: skip
"""Words a letter away from a kind that are words of their own, as spelled."""
MOST_GUESSES = 12
"""Misspelt names that are looked for in one text: longer texts are lists, not addresses."""
NOT_KINDS = frozenset({("cu", "xa"), ("duong", "xa"), ("pho", "xa"), ("quy", "xa")})
"""Two words of which the second is no kind: "cư xá"."""
SEPARATORS = frozenset(",;.:()\n/")
"""Between a street and a district people put one of these; a dash also parts two streets."""
BEFORE_A_PLACE = frozenset({"o", "tai", "vuc", "phia", "thuoc", "ban"})
"""Words, folded, after which a place begins."""
KINDS = {kind.replace(" ", ""): kind for kind in FAMILY}
"""Kinds by the words that write them, without spaces."""


@dataclass
class BareNames:
    """One text in which areas are looked for that no mention holds."""

    ear: Ear
    parsed: Parsed
    heard: Sequence[Heard]
    _keys: list[str] = field(init=False)
    _taken: set[int] = field(init=False)
    _ends: set[int] = field(init=False)
    """Tokens right after an area."""
    _guesses: int = 0

    def __post_init__(self) -> None:
        self._keys = [area_key(token.folded) for token in self.parsed.tokens]
        self._taken = {number for one in self.heard for number in range(one.first, one.last)}
        self._ends = {one.last for one in self.heard}

    def find(self) -> Iterator[Heard]:
        """Yield the areas in the order in which they stand."""
        number = 0
        while number < len(self._keys) and len(self._ends) < MOST_NAMED:
            found = [] if number in self._taken else self._at(number)
            yield from found
            self._ends.update(one.last for one in found)
            number = found[0].last if found else number + 1

    def _at(self, number: int) -> list[Heard]:
        begins = number in self._ends or self._stands_apart(number)
        if found := self._with_kind(number, begins=begins):
            return found
        for last in self._lasts(number):
            key = "".join(self._keys[number:last])
            if self.ear.is_city(key):
                return [Heard(number, last, "city", cued=False)]
            if begins or last == len(self._keys) or self._leads_to_area(last):
                found = self._named(number, last, key, begins=begins)
                if found:
                    return found
        return []

    def _lasts(self, first: int) -> Iterator[int]:
        """Yield where a name that begins at a token may end, the longest first."""
        last = first + 1
        while last < min(len(self._keys), first + LONGEST_NAME) and last not in self._taken:
            last += 1
        yield from range(last, first, -1)

    def _named(self, first: int, last: int, key: str, *, begins: bool) -> list[Heard]:
        """Return the areas of a bare name; at the very end of a text only of a well-written one.

        "5 Lê Lợi Bình Thạnh" names the district; "hẻm 5 Bình Thành" another street.
        """
        alone = begins and self._closes(last)
        raw = as_written(self.parsed, first, last)
        shorts = self.ear.by_level["district"].short
        known = self._is_whole(key) or raw in shorts
        initials = first in self._ends and alone and raw in shorts
        if not (known or (alone and first)) or (len(key) < LEAST_LETTERS and not initials):
            return []
        asked = Asked([self._written(first, last)], [last], first, "", raw=raw)
        if known:
            found = self.ear.exactly(asked.words[0], asked)
            wanted = found if alone else [one for one in found if one.level == "district"]
            return [
                replace(one, first=first, last=last)
                for one in wanted
                if begins or self._leads_to_area(last) or one.hits[0].closeness > MARKED_ELSE * BARE
            ]
        self._guesses += 1
        if self._guesses > MOST_GUESSES:
            return []
        return [one for one in self.ear.nearly(asked) if one.level == "district"]

    def _is_whole(self, key: str) -> bool:
        return any(key in names.whole for names in self.ear.by_level.values())

    def _with_kind(self, number: int, *, begins: bool) -> list[Heard]:
        """Read "Phuong Hiep Phu", which may be a street to the grammar, and "Qaun 4"."""
        for length in (2, 1):
            kind, after = self._kind(number, length), number + length
            if after >= len(self._keys) or after in self._taken:
                continue
            # Within a part of the text only a longer name says that a slip is one.
            least = after + 1
            if not kind:
                kind, least = self._misspelt_kind(number, length), after + (1 if begins else 2)
            for last in self._lasts(after) if kind else ():
                if last < least or not self._is_whole("".join(self._keys[after:last])):
                    continue
                asked = Asked([self._written(after, last)], [last], number, kind)
                if found := self.ear.exactly(asked.words[0], asked):
                    return [replace(one, first=number, last=last) for one in found]
        return []

    def _kind(self, number: int, length: int) -> str:
        """Return the kind that tokens write without marks; "" for none."""
        tokens = self.parsed.tokens[number : number + length]
        word = "".join(token.folded.replace(" ", "") for token in tokens)
        unmarked = all(token.spelled == token.folded for token in tokens)
        before = self.parsed.tokens[number - 1].folded if number else ""
        if word not in KINDS or (before, word) in NOT_KINDS:
            return ""
        return KINDS[word] if unmarked or FAMILY[KINDS[word]] == "province" else ""

    def _misspelt_kind(self, number: int, length: int) -> str:
        """Return the kind that tokens write with one letter wrong; "" for none."""
        tokens = self.parsed.tokens[number : number + length]
        word = "".join(token.folded.replace(" ", "") for token in tokens)
        spelled = " ".join(token.spelled for token in tokens)
        if len(word) < LEAST_KIND_LETTERS or spelled in NO_SLIPS:
            return ""
        return _slip(word)

    def _written(self, first: int, last: int) -> str:
        return " ".join(token.spelled for token in self.parsed.tokens[first:last])

    def _stands_apart(self, number: int) -> bool:
        """Tell whether a new part of the text begins at a token."""
        if number == 0 or self._is_separated(number):
            return True
        return self.parsed.tokens[number - 1].folded in BEFORE_A_PLACE

    def _leads_to_area(self, last: int) -> bool:
        """Tell whether an area follows with nothing between: "đường Giải Phóng Tân Bình P. 4"."""
        return last in self._taken and not (
            self.parsed.tokens[last].parted or self._is_separated(last)
        )

    def _is_separated(self, number: int) -> bool:
        before, token = self.parsed.tokens[number - 1], self.parsed.tokens[number]
        return not SEPARATORS.isdisjoint(self.parsed.text[before.end : token.start])

    def _closes(self, last: int) -> bool:
        """Tell whether a part of the text ends before a token."""
        tokens = self.parsed.tokens
        if last >= len(tokens) or last in self._taken:
            return True
        return tokens[last].parted or self._is_separated(last)


@lru_cache(maxsize=8192)
def _slip(word: str) -> str:
    """Return the kind that a word would be with one letter right; "" for none."""
    return next((kind for key, kind in KINDS.items() if OSA.distance(word, key) == 1), "")
