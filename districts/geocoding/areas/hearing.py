"""Where in a text areas are named, and which areas bear those names. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from districts.geocoding.areas.spellings import LONGEST_NAME, Hit, Spellings, area_key
from districts.geocoding.parsed import AreaName, Parsed, Side, Token, Window
from districts.names import FAMILY, KINDS
from gis_core.names import folded

OTHER_KIND = 0.6
"""What is left of the closeness where another kind was written: "xã" for what is a phường."""
BARE = 0.6
"""… where no kind was written at all."""
MOST_NAMED = 24
"""Areas that are looked for in one text: nobody names so many."""
SHORT_ENOUGH = 5
VOWELS = frozenset("aeiouy")


@dataclass(frozen=True, slots=True)
class Heard:
    """Tokens [first, last) that name an area, and the areas that bear the name, nearest first."""

    first: int
    last: int
    level: str
    """ward, district or province, whatever the city calls its levels; city."""
    hits: tuple[Hit, ...] = ()
    cued: bool = True
    """Whether a kind was written."""

    def overlaps(self, other: Heard) -> bool:
        """Tell whether both need one token."""
        return self.first < other.last and other.first < self.last


@dataclass(frozen=True, slots=True)
class Asked:
    """Words in which an area's name is looked for."""

    words: Sequence[str]
    ends: Sequence[int]
    """For each word: the token after it."""
    first: int
    """The first token, that of the kind where one is written."""
    kind: str
    """Folded; "" for none."""
    side: Side = Side.WHOLE
    cue: str = ""
    """The kind as it is written, folded: "p"."""
    raw: str = ""
    """The words before abbreviations were undone, without spaces."""

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels of which the name may be."""
        return (FAMILY[self.kind],) if self.kind in FAMILY else ("district", "ward", "province")

    def spans(self) -> Iterator[tuple[int, int]]:
        """Yield the ranges of words in which the name can stand, longest first."""
        count, side = len(self.words), self.side
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

    def short(self, written: str) -> str:
        """Return the words as they were before abbreviations were undone; "" where none is short.

        "an" of "An Lạc" is no initials of "An Nhơn": part of the words is only short where it is no
        syllable.
        """
        if written == " ".join(self.words):
            return self.raw or written
        return written if len(written) >= SHORT_ENOUGH or not VOWELS & set(folded(written)) else ""


@dataclass(frozen=True)
class Ear:
    """What areas' names are listened for."""

    by_level: Mapping[str, Spellings]
    """For "ward", "district" and "province"."""
    city: frozenset[str]
    """Keys of the city's own names."""

    def in_mentions(self, parsed: Parsed) -> list[Heard]:
        """Return the areas that the grammar found, with a kind or as a district's initials.

        A bare name that only may be an area is another matter: see ``bare``.
        """
        named = [
            one
            for one in parsed.mentions
            if isinstance(one, AreaName) and (one.kind or one.name.side == Side.WHOLE)
        ]
        return _apart(
            [heard for one in named[:MOST_NAMED] for heard in self.named(_asked(parsed, one))]
        )

    def named(self, asked: Asked) -> list[Heard]:
        """Return the areas whose name the words hold; where none fits, those nearly written so."""
        for begin, end in asked.spans():
            written, last = " ".join(asked.words[begin:end]), asked.ends[end - 1]
            if self.is_city(area_key(written), asked.kind):
                return [Heard(asked.first, last, "city", cued=bool(asked.kind))]
            found = [*self.exactly(written, asked), *self._district_cut_short(written, asked)]
            if found:
                return [replace(one, first=asked.first, last=last) for one in found]
        return self.nearly(asked) if asked.kind else []

    def is_city(self, key: str, kind: str = "") -> bool:
        """Tell whether the whole city is named."""
        return key in self.city and FAMILY.get(kind, "") != "ward"

    def exactly(self, written: str, asked: Asked) -> list[Heard]:
        """Return the areas that are named so, or by these initials."""
        found = []
        for level in asked.levels:
            names = self.by_level[level]
            hits = _either(names.named(written), names.shortened(asked.short(written)))
            if hits and (asked.kind or not written.isdigit()):
                cued = bool(asked.kind)
                found.append(Heard(0, 0, level, _by_kind(hits, asked.kind), cued=cued))
        return found

    def _district_cut_short(self, written: str, asked: Asked) -> list[Heard]:
        """Read "P.Nhuận", "H.Môn": the letter is no kind but the name's first word."""
        if len(asked.cue) != 1:
            return []
        hits = self.by_level["district"].shortened(asked.cue + written.replace(" ", ""))
        return [Heard(0, 0, "district", tuple(hits))] if hits else []

    def nearly(self, asked: Asked) -> list[Heard]:
        """Return the areas that are named with a letter or two wrong."""
        best: list[Heard] = []
        for begin, end in asked.spans():
            for level in asked.levels:
                close = self.by_level[level].close_to(" ".join(asked.words[begin:end]))
                hits = _by_kind(close, asked.kind)
                if hits and (not best or hits[0].closeness > best[0].hits[0].closeness):
                    last = asked.ends[end - 1]
                    best = [Heard(asked.first, last, level, hits, cued=bool(asked.kind))]
        return best


def as_written(parsed: Parsed, first: int, last: int) -> str:
    """Return tokens [first, last) as they stand in the text, in small letters, without spaces."""
    spans = dict.fromkeys((token.start, token.end) for token in parsed.tokens[first:last])
    return "".join(parsed.text[start:end].casefold() for start, end in spans)


def _asked(parsed: Parsed, mention: AreaName) -> Asked:
    window = _with_letter(parsed, mention.name)
    first = _kind_before(parsed.tokens, window.first)
    cue = " ".join(token.folded for token in parsed.tokens[first : window.first])
    # "phường Sài Gòn" is a ward, whatever "Sài Gòn" is elsewhere.
    kind = KINDS[cue] if FAMILY.get(KINDS.get(cue, "")) == "ward" else mention.kind
    words = [token.spelled for token in parsed.words(window)]
    ends = list(range(window.first + 1, window.last + 1))
    text = mention.text.split()
    if text and len(text) != mention.name.last - mention.name.first and kind == mention.kind:
        words, ends = text, [window.last] * len(text)
    raw = as_written(parsed, window.first, window.last)
    return Asked(words, ends, first, kind, mention.name.side, cue, raw)


def _with_letter(parsed: Parsed, window: Window) -> Window:
    """Let the letter after a name belong to it: "An Lạc A", "Tăng Nhơn Phú B"."""
    if window.side == Side.START and window.last < len(parsed.tokens):
        after = parsed.tokens[window.last]
        if len(after.folded) == 1 and after.folded.isalpha() and not after.parted:
            return replace(window, last=window.last + 1)
    return window


def _kind_before(tokens: Sequence[Token], first: int) -> int:
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


def _either(named: Sequence[Hit], shortened: Sequence[Hit]) -> list[Hit]:
    """Return both: what stands for "BT" in the list of short forms is only the likelier."""
    known = {id(hit.area) for hit in named}
    return [*named, *(hit for hit in shortened if id(hit.area) not in known)]


def _kind_factor(own: str, written: str) -> float:
    if not written:
        return BARE
    return 1.0 if own == written else OTHER_KIND


def _apart(found: Sequence[Heard]) -> list[Heard]:
    """Leave out what overlaps a longer one of the same level."""
    kept: list[Heard] = []
    for one in sorted(found, key=lambda one: (one.first - one.last, one.first)):
        if not any(one.overlaps(other) and one.level == other.level for other in kept):
            kept.append(one)
    return kept
