"""Where in a text areas are named, and which areas bear those names. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from districts.geocoding.areas.spellings import LONGEST_NAME, Hit, Spellings, area_key
from districts.geocoding.parsed import AreaName, Parsed, Side, Token, Window
from districts.names import FAMILY, KINDS
from gis_core.names import folded

OTHER_KIND = 0.6
"""What is left of the closeness where another kind was written: "xã" for what is a phường."""
BARE = 0.6
"""… where no kind was written at all."""
LEAST_BARE_LETTERS = 4
SEPARATORS = frozenset(",;.:()\n/")
"""Between a street and a district people put one of these; a dash also parts two streets."""
BEFORE_A_PLACE = frozenset({"o", "tai", "vuc", "ben", "phia", "quan", "thuoc"})


@dataclass(frozen=True, slots=True)
class Heard:
    """Tokens [first, last) that name an area, and the areas that bear the name, nearest first."""

    first: int
    last: int
    level: str
    """ward or district, of these two words whatever the city calls its levels; city."""
    hits: tuple[Hit, ...]
    cued: bool = True
    """Whether a kind was written."""


@dataclass(frozen=True)
class Ear:
    """What areas' names are listened for."""

    by_level: dict[str, Spellings]
    """For "ward" and for "district"."""
    city: frozenset[str]
    """Keys of the city's own names."""

    def heard(self, parsed: Parsed) -> list[Heard]:
        """Return the areas named in a text, in the order in which they stand."""
        found: list[Heard] = []
        for mention in parsed.mentions:
            if isinstance(mention, AreaName):
                found.extend(self._in_mention(parsed, mention))
        found = _apart(found)
        return sorted([*found, *self._bare(parsed, found)], key=lambda one: one.first)

    def _in_mention(self, parsed: Parsed, mention: AreaName) -> Iterator[Heard]:
        words, whole = _words(parsed, mention)
        window, level = mention.name, FAMILY.get(mention.kind, "")
        first = _before(parsed.tokens, window.first) if mention.kind else window.first
        for begin, end in _spans(len(words), window.side):
            written = " ".join(words[begin:end])
            last = window.last if whole and end == len(words) else window.first + end
            if self._is_city(written, mention.kind):
                yield Heard(first, last, "city", (), cued=bool(mention.kind))
                return
            if found := self._exact(written, mention.kind, level):
                yield from (replace(one, first=first, last=last) for one in found)
                return
        if mention.kind:
            yield from self._misspelt(words, mention.kind, level, (first, window))

    def _is_city(self, written: str, kind: str) -> bool:
        return FAMILY.get(kind, "") != "ward" and area_key(written) in self.city

    def _exact(self, written: str, kind: str, level: str) -> list[Heard]:
        levels = [level] if level else ["district", "ward"]
        found = []
        for one in levels:
            names = self.by_level[one]
            hits = names.named(written) or (names.shortened(written) if kind else [])
            if hits and (kind or not written.isdigit()):
                found.append(Heard(0, 0, one, _by_kind(hits, kind), cued=bool(kind)))
        return found

    def _misspelt(
        self, words: Sequence[str], kind: str, level: str, at: tuple[int, Window]
    ) -> Iterator[Heard]:
        first, window = at
        best: Heard | None = None
        for begin, end in _spans(len(words), window.side):
            hits = self.by_level[level].close_to(" ".join(words[begin:end]))
            if hits and (best is None or hits[0].closeness > best.hits[0].closeness):
                last = window.first + end
                best = Heard(first, last, level, _by_kind(hits, kind))
        if best:
            yield best

    def _bare(self, parsed: Parsed, heard: Sequence[Heard]) -> Iterator[Heard]:
        """Find names without a kind where people put areas: after an area, between commas."""
        taken = {number for one in heard for number in range(one.first, one.last)}
        ends = {one.last for one in heard}
        number = 0
        while number < len(parsed.tokens):
            found = self._bare_at(parsed, number, taken, ends)
            yield from found
            ends.update(one.last for one in found)
            number = found[0].last if found else number + 1

    def _bare_at(self, parsed: Parsed, number: int, taken: set[int], ends: set[int]) -> list[Heard]:
        begins = number in ends or _stands_apart(parsed, number)
        reach = min(len(parsed.tokens), number + LONGEST_NAME)
        for last in range(reach, number, -1):
            if taken.intersection(range(number, last)):
                continue
            written = " ".join(token.spelled for token in parsed.tokens[number:last])
            key = area_key(written)
            if key in self.city:
                return [Heard(number, last, "city", (), cued=False)]
            closes = _closes(parsed, last)
            if len(key) < LEAST_BARE_LETTERS or not (begins or closes == "text"):
                continue
            found = self._exact(written, "", "")
            if not (begins and closes):
                found = [one for one in found if one.level == "district"]
            if found:
                return [replace(one, first=number, last=last) for one in found]
        return []


def _words(parsed: Parsed, mention: AreaName) -> tuple[list[str], bool]:
    """Return the words of a mention's name, and whether they fill its window only as a whole."""
    tokens = [token.spelled for token in parsed.words(mention.name)]
    text = mention.text.split()
    if not text or len(text) == len(tokens):
        return text or tokens, False
    if folded("".join(tokens)).endswith(folded("".join(text))):
        return text, True
    return text, True


def _spans(count: int, side: Side) -> Iterator[tuple[int, int]]:
    """Yield the ranges of words in which a name can stand, longest first."""
    if side == Side.WHOLE:
        yield 0, count
        return
    for length in range(min(count, LONGEST_NAME), 0, -1):
        if side in {Side.START, Side.ANYWHERE}:
            yield 0, length
        if side in {Side.END, Side.ANYWHERE} and length < count:
            yield count - length, count
        if side == Side.ANYWHERE:
            yield from ((begin, begin + length) for begin in range(1, count - length))


def _before(tokens: Sequence[Token], first: int) -> int:
    """Return where the kind written before a name begins."""
    for length in (2, 1):
        kind = " ".join(token.folded for token in tokens[max(first - length, 0) : first])
        if length <= first and kind in KINDS:
            return first - length
    return first


def _by_kind(hits: Sequence[Hit], kind: str) -> tuple[Hit, ...]:
    """Weigh the hits by the kind that was written, "" for none; the nearest first."""
    weighed = [
        replace(hit, closeness=hit.closeness * _kind_factor(folded(hit.area.kind), kind))
        for hit in hits
    ]
    return tuple(sorted(weighed, key=lambda hit: -hit.closeness))


def _kind_factor(own: str, written: str) -> float:
    if not written:
        return BARE
    return 1.0 if own == written else OTHER_KIND


def _apart(found: list[Heard]) -> list[Heard]:
    """Leave out what overlaps a longer one of the same level."""
    kept: list[Heard] = []
    for one in sorted(found, key=lambda one: (one.first - one.last, one.first)):
        if not any(_overlap(one, other) and one.level == other.level for other in kept):
            kept.append(one)
    return kept


def _overlap(one: Heard, other: Heard) -> bool:
    return one.first < other.last and other.first < one.last


def _stands_apart(parsed: Parsed, number: int) -> bool:
    """Tell whether a new part of the text begins at a token."""
    if number == 0:
        return True
    before, token = parsed.tokens[number - 1], parsed.tokens[number]
    between = parsed.text[before.end : token.start]
    return bool(SEPARATORS.intersection(between)) or before.folded in BEFORE_A_PLACE


def _closes(parsed: Parsed, last: int) -> str:
    """Return "text" or "part" where one ends before token ``last``; "" where neither does."""
    if last >= len(parsed.tokens):
        return "text"
    return "part" if parsed.tokens[last].parted else ""
