"""How often the true original is among what would have been shown: pairs that people named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from incidents.duplicates.history import Replayed, replay
from incidents.duplicates.likeness import Case
from incidents.duplicates.terms import Terms

Pair = tuple[str, str]
"""A duplicate and its original, by their ids."""


@dataclass(frozen=True, slots=True)
class Score:
    """What a replay showed for the duplicates of the pairs whose reports are in the file."""

    pairs: int
    """With both reports in the file."""
    missing: int
    ranks: tuple[int, ...]
    """Of the true originals that were shown, 1 for the likeliest."""
    candidates: tuple[int, ...]
    """For each duplicate, or the original where that was filed later; in ascending order."""
    of_all: tuple[int, ...]
    """For each report of the file, in ascending order."""

    @property
    def recall(self) -> float:
        """The share of pairs whose original was shown; of no pairs, 0."""
        return len(self.ranks) / self.pairs if self.pairs else 0.0

    def row(self) -> dict[str, float | int]:
        """Return what programs read."""
        return {
            "pairs": self.pairs,
            "recall": round(self.recall, 4),
            "candidates_p50": percentile(self.candidates, 50),
            "candidates_p95": percentile(self.candidates, 95),
        }


def percentile(ordered: Sequence[int], share: int) -> float:
    """Return the least value that ``share`` percent do not exceed; of no values, 0."""
    return ordered[max(-(-share * len(ordered) // 100) - 1, 0)] if ordered else 0


@dataclass(slots=True)
class _Shown:
    """What was shown for reports of the pairs; incidents are named by their first report."""

    of: dict[str, list[str]] = field(default_factory=dict)
    """By report: the incidents, in the order in which they are shown."""
    incident: dict[str, str] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)

    def note(self, done: Replayed, wanted: set[str]) -> None:
        """Keep what a report was shown."""
        self.counts.append(len(done.suggestions))
        self.incident[done.case.id] = done.incident.first.id
        if done.case.id in wanted:
            self.of[done.case.id] = [one.incident.first.id for one in done.suggestions]

    def rank(self, later: str, earlier: str) -> int:
        """Return the place of the incident that holds the earlier; 0 where it was not shown."""
        shown, held = self.of[later], self.incident[earlier]
        return shown.index(held) + 1 if held in shown else 0


def score(
    cases: Sequence[Case],
    pairs: Sequence[Pair],
    terms: Terms,
    tell: Callable[[int, int, str], None] | None = None,
) -> Score:
    """Replay the reports and mark the pairs.

    A pair counts as found when the incident that holds its original is among those shown. Of an
    original filed after its duplicate nobody can know before: then it is shown the duplicate's.
    """
    place = {case.id: number for number, case in enumerate(cases)}
    known = [pair for pair in pairs if pair[0] in place and pair[1] in place]
    told = [(max(pair, key=place.__getitem__), min(pair, key=place.__getitem__)) for pair in known]
    asked = {later for later, _ in told}
    shown = _Shown()
    for done in replay(cases, terms, tell):
        shown.note(done, asked)
    ranks = [rank for later, earlier in told if (rank := shown.rank(later, earlier))]
    return Score(
        pairs=len(known),
        missing=len(pairs) - len(known),
        ranks=tuple(sorted(ranks)),
        candidates=tuple(sorted(len(shown.of[one]) for one in asked)),
        of_all=tuple(sorted(shown.counts)),
    )
