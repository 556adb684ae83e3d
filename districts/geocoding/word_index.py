"""Names found by the beginnings of their words, typos allowed. Pure: words in, figures out.

Every name is a document: a list of folded words. The words of all documents, sorted, make the
vocabulary, so that all words with one beginning stand together, and so do the documents in which
they occur: a prefix is one slice of one array, however many names it fits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

EXACT: Final = 1.0
PREFIX: Final = 0.85
GLUED: Final = 0.8
TYPO: Final = 0.6
SHORTEST_TYPO: Final = 4
"""Letters from which on a word may be mistyped; shorter ones are other words."""
SHORTEST_GLUED: Final = 5
GLUED_FROM: Final = 3
LONG: Final = 8
"""Letters from which on a word may be mistyped twice."""


@dataclass(frozen=True, slots=True, eq=False)
class WordIndex:
    """Documents by their words. ``occurring[starts[w]:starts[w + 1]]`` have the word ``w``."""

    size: int
    vocabulary: Sequence[str]
    starts: Ints
    occurring: Ints
    glued: Sequence[str]
    """Names without blanks, sorted: "hungthuan"."""
    glued_documents: Ints
    beginnings: dict[int, list[str]] = field(default_factory=dict)
    """The vocabulary cut to so many letters, kept once it was needed."""

    def closeness(self, word: str, *, begun: bool) -> Floats:
        """Return for each document how well one of its words is ``word``: 0 to 1.

        ``begun`` for a word that may not be typed to its end: numbers count whole otherwise.
        """
        found = np.zeros(self.size, np.float32)
        first, last = self._beginning_with(word)
        if begun or not word.isdigit():
            found[self._documents(first, last)] = PREFIX
        if first < last and self.vocabulary[first] == word:
            found[self._documents(first, first + 1)] = EXACT
        if not found.any() and len(word) >= SHORTEST_GLUED:
            found[self._glued(word)] = GLUED
        return found

    def mistyped(self, word: str) -> Ints:
        """Return the documents with a word whose beginning is ``word`` but for a slip or two."""
        if len(word) < SHORTEST_TYPO or word.isdigit():
            return self._documents(0, 0)
        allowed = 2 if len(word) >= LONG else 1
        if len(word) not in self.beginnings:
            self.beginnings[len(word)] = [known[: len(word)] for known in self.vocabulary]
        [apart] = process.cdist(
            [word],
            self.beginnings[len(word)],
            scorer=OSA.distance,
            score_cutoff=allowed,
            dtype=np.uint8,
        )
        parts = [self._documents(at, at + 1) for at in np.nonzero(apart <= allowed)[0].tolist()]
        return np.concatenate([self._documents(0, 0), *parts])

    def weight(self, word: str) -> float:
        """Return how much a word says, up to 1: the rarer the more; 0 where nothing begins so."""
        first, last = self._beginning_with(word)
        if first == last:
            return 0.0
        return float(1 / (1 + np.log10(1 + self.starts[last] - self.starts[first])))

    def _beginning_with(self, word: str) -> tuple[int, int]:
        return bisect_left(self.vocabulary, word), bisect_left(self.vocabulary, word + "\uffff")

    def _documents(self, first: int, last: int) -> Ints:
        return self.occurring[self.starts[first] : self.starts[last]]

    def _glued(self, word: str) -> Ints:
        first = bisect_left(self.glued, word)
        return self.glued_documents[first : bisect_left(self.glued, word + "\uffff")]


def build(documents: Sequence[Sequence[str]], *, glue: bool = False) -> WordIndex:
    """Return the index of documents, each a list of words; with ``glue`` also typed as one word."""
    occurrences: dict[str, list[int]] = {}
    for number, words in enumerate(documents):
        for word in dict.fromkeys(words):
            occurrences.setdefault(word, []).append(number)
    vocabulary = sorted(occurrences)
    counts = [len(occurrences[word]) for word in vocabulary]
    glued = sorted(_glued(documents)) if glue else []
    return WordIndex(
        size=len(documents),
        vocabulary=vocabulary,
        starts=np.concatenate([[0], np.cumsum(counts, dtype=np.int32)]).astype(np.int32),
        occurring=np.array(
            [number for word in vocabulary for number in occurrences[word]], np.int32
        ),
        glued=[name for name, _ in glued],
        glued_documents=np.array([number for _, number in glued], np.int32),
    )


def _glued(documents: Sequence[Sequence[str]]) -> Iterator[tuple[str, int]]:
    """Yield each name without blanks, and without the word or two before it: "hangxanh"."""
    for number, words in enumerate(documents):
        for begin in range(min(GLUED_FROM, len(words) - 1)):
            name = "".join(words[begin:])
            if len(name) >= SHORTEST_GLUED:
                yield name, number
