"""The windows of a text in which names stand -> the names of the gazetteer that stand there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from districts.geocoding.gazetteer import NameHit
from districts.geocoding.keys import place_key
from districts.geocoding.parsed import Parsed, Side, Token, Window
from districts.geocoding.resolving import short_forms
from districts.geocoding.resolving.known_names import Hits, known_names
from districts.geocoding.resolving.settings import Naming
from districts.models import NameUse
from gis_core.names import folded, spelled

_SHOWN = frozenset({NameUse.OFFICIAL, NameUse.OTHER})
_TWICE = re.compile(r"([a-z])\1(?!\1)")


@dataclass(frozen=True, slots=True)
class Span:
    """Tokens [first, last) that may be a whole name, and the key under which it is looked for."""

    first: int
    last: int
    key: str
    short: bool = False
    """Whether the key is of a name of which words are cut."""


@dataclass(frozen=True, slots=True)
class Match:
    """A name of the gazetteer in the text; ``fit`` is the log of how well, 0 letter by letter."""

    hit: NameHit
    first: int
    last: int
    fit: float

    @property
    def name(self) -> str:
        """The name to show: the one that was meant, of today where it is no longer in use."""
        return self.hit.name if self.hit.use in _SHOWN else self.hit.official


class Matcher:
    """The names that stand in the windows of one text, all asked for at once."""

    def __init__(
        self, parsed: Parsed, settings: Naming, taken: frozenset[int], version: int
    ) -> None:
        """``taken`` are tokens of area names: names there are less likely to be a street's."""
        self.version = version
        self.parsed = parsed
        self.settings = settings
        self.taken = taken
        self.marked = any(token.spelled != token.folded for token in parsed.tokens)
        self._names = known_names(version)
        self._hits: dict[str, Hits] = {}
        self._asked_close: set[str] = set()
        self._spans: dict[Window, tuple[Span, ...]] = {}
        self._runs: dict[tuple[int, int], tuple[Span, ...]] = {}
        self._matches: dict[Window, tuple[Match, ...]] = {}

    def look_for(self, windows: Iterable[Window]) -> None:
        """Ask for the exact names of all windows; then, where nothing fits, for those close by."""
        wanted = list(dict.fromkeys(windows))
        keys = {span.key for window in wanted for span in self.spans(window)}
        self._hits = self._names.named(keys)
        doubtful = [window for window in wanted if self._doubtful(window)]
        self._look_closer(doubtful)

    def _look_closer(self, windows: Iterable[Window]) -> None:
        """Ask for names a typo or two from what stands in the windows."""
        keys = {span.key for window in windows for span in self._worth_typos(window)}
        keys -= self._asked_close
        self._asked_close |= keys
        for key, hits in self._names.close_to(keys).items():
            self._hits[key] = (*self._hits.get(key, ()), *hits)

    def matches(self, window: Window) -> tuple[Match, ...]:
        """Return the names in a window, the best fit first."""
        if window not in self._matches:
            self._matches[window] = self._matching(window)
        return self._matches[window]

    def _matching(self, window: Window) -> tuple[Match, ...]:
        found = [
            Match(hit, span.first, span.last, self._fit(hit, span, window))
            for span in self.spans(window)
            for hit in self._hits.get(span.key, ())
        ]
        found.sort(key=lambda one: (-one.fit, -one.hit.weight, one.hit.place))
        return tuple(found)

    def spans(self, window: Window) -> tuple[Span, ...]:
        """Return the runs of tokens in a window that may be a name."""
        if window not in self._spans:
            runs = [*_runs(window, self.settings.longest), *self._beyond(window)]
            self._spans[window] = tuple(span for run in runs for span in self._spans_of(run))
        return self._spans[window]

    def _spans_of(self, run: tuple[int, int]) -> tuple[Span, ...]:
        if run not in self._runs:
            first, last = run
            short = short_forms.keys_of(self.parsed.tokens[first:last], self.version)
            self._runs[run] = (
                *(Span(first, last, key) for key in _keys(self.text(first, last))),
                *(Span(first, last, key, short=True) for key in short),
            )
        return self._runs[run]

    def _beyond(self, window: Window) -> Iterator[tuple[int, int]]:
        """Yield the window with a word or two more: names hold words that elsewhere end one.

        And with a word or two less before: "cổng chợ Võ Thành Trang" is at the market.
        """
        tokens, most = self.parsed.tokens, self.settings.most_beyond
        first, last = window.first, window.last
        if window.side is Side.START:
            yield from ((first + less, last) for less in (1, 2) if last - first - less > 1)
        for more in range(1, most + 1):
            if last + more > len(tokens) or tokens[last + more - 1].parted:
                break
            yield first, last + more
        for more in range(1, most + 1 if window.side in {Side.END, Side.ANYWHERE} else 1):
            if first - more < 0 or tokens[first - more + 1].parted:
                break
            yield first - more, last

    def text(self, first: int, last: int) -> str:
        """Return the words from token ``first`` to before ``last``, short forms in full."""
        return " ".join(token.spelled for token in self.parsed.tokens[first:last])

    def _doubtful(self, window: Window) -> bool:
        """Tell whether a typo may hide a better name than the exact ones."""
        best = max(
            (span.last - span.first for span in self.spans(window) if self._hits.get(span.key)),
            default=0,
        )
        size = window.last - window.first
        return best < min(size, 2) or (best < size and self._goes_on(window, best))

    def _goes_on(self, window: Window, length: int) -> bool:
        """Tell whether the word after ``length`` words has a capital as those before have."""
        at = window.last - length - 1 if window.side is Side.END else window.first + length
        token = self.parsed.tokens[at]
        letter = self.parsed.text[token.start : token.start + 1]
        return letter.isupper() and not token.parted and at not in self.taken

    def _worth_typos(self, window: Window) -> list[Span]:
        spans = [
            one
            for one in self.spans(window)
            if len(one.key) >= self.settings.typo_letters
            and not (one.short or self._hits.get(one.key))
            and window.first <= one.first
            and one.last <= window.last
        ]
        spans.sort(key=lambda one: abs(one.last - one.first - self.settings.usual_words))
        return spans[: self.settings.typo_spans]

    def _fit(self, hit: NameHit, span: Span, window: Window) -> float:
        own, tokens = self.settings, self.parsed.tokens[span.first : span.last]
        inside = min(span.last, window.last) - max(span.first, window.first)
        left = (window.last - window.first) - inside
        fit = -own.left_over * min(left, own.most_left) - own.beyond * (len(tokens) - inside)
        letters = len(hit.asked)
        fit -= own.typo * (1.0 - hit.closeness) * letters * max(1.0, own.usual_letters / letters)
        if not span.short:
            fit -= own.marks * _marks_against(tokens, hit.name, marked=self.marked)
        if all(number in self.taken for number in range(span.first, span.last)):
            fit -= own.taken
        fit -= own.short if span.short else own.uses.get(hit.use.value, 0.0)
        if "(" in hit.name:
            fit -= own.aside
        return fit - own.broken * sum(token.parted for token in tokens[1:])


def _runs(window: Window, longest: int) -> list[tuple[int, int]]:
    first, last = window.first, window.last
    size = min(longest, last - first)
    if window.side is Side.WHOLE:
        return [(first, last)] if last - first <= longest else []
    if window.side is Side.START:
        return [(first, first + length) for length in range(size, 0, -1)]
    if window.side is Side.END:
        return [(last - length, last) for length in range(size, 0, -1)]
    return [
        (begin, begin + length)
        for length in range(size, 1, -1)
        for begin in range(first, last - length + 1)
    ]


@lru_cache(maxsize=20_000)
def _keys(text: str) -> tuple[str, ...]:
    """Return the key of a name, and the one without letters that a finger struck twice."""
    plain = folded(text)
    once = _TWICE.sub(r"\1", plain)
    keys = (place_key(text), *((place_key(once),) if once != plain else ()))
    return tuple(key for key in dict.fromkeys(keys) if key)


@lru_cache(maxsize=20_000)
def _words(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((word, folded(word)) for word in spelled(name).split())


def _marks_against(tokens: Sequence[Token], name: str, *, marked: bool) -> float:
    """Return how many words have other marks than the name's; half where only they have none."""
    words = _words(name)
    against = 0.0
    for token, (word, plain) in zip(reversed(tokens), reversed(words), strict=False):
        if token.folded != plain or word in {token.spelled, plain}:
            continue
        if token.spelled == token.folded:
            against += 0.5 if marked else 0.0
        else:
            against += 1.0
    return against


def best_per_place(matches: Iterable[Match]) -> Mapping[int, Match]:
    """Return the best match of every place."""
    kept: dict[int, Match] = {}
    for match in matches:
        if match.hit.place not in kept or match.fit > kept[match.hit.place].fit:
            kept[match.hit.place] = match
    return kept
