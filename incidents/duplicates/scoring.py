"""How often the true original is among what would have been shown: pairs that people named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

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
    """For each duplicate, in ascending order."""
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

    present: dict[str, Case]
    late: timedelta
    of: dict[str, dict[str, float]] = field(default_factory=dict)
    """By report: the incidents with their probabilities."""
    incident: dict[str, str] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)

    def note(self, done: Replayed, wanted: set[str]) -> None:
        """Keep what a report was shown, and turn it around for those filed shortly before."""
        self.counts.append(len(done.suggestions))
        self.incident[done.case.id] = done.incident.first.id
        if done.case.id in wanted:
            self.of[done.case.id] = {
                one.incident.first.id: one.likeness.probability for one in done.suggestions
            }
        for one in done.suggestions:
            for before in {one.member.id, one.incident.first.id} & self.of.keys():
                if self._soon(before, done.case.id):
                    self.of[before].setdefault(done.incident.first.id, one.likeness.probability)

    def ranked(self, duplicate: str, most: int) -> list[str]:
        """Return the incidents of a report, the likeliest first."""
        found = self.of[duplicate]
        return sorted(found, key=lambda incident: -found[incident])[:most]

    def rank(self, pair: Pair, most: int) -> int:
        """Return the place of the incident that holds the original; 0 where it was not shown."""
        duplicate, original = pair
        shown, held = self.ranked(duplicate, most), self.incident[original]
        return shown.index(held) + 1 if held in shown and self._soon(*pair) else 0

    def _soon(self, before: str, after: str) -> bool:
        return self.present[after].opened - self.present[before].opened <= self.late


def score(
    cases: Sequence[Case],
    pairs: Sequence[Pair],
    terms: Terms,
    tell: Callable[[int, int, str], None] | None = None,
) -> Score:
    """Replay the reports and mark the pairs.

    A pair counts as found when the incident that holds its original is among those shown. An
    original filed after its duplicate shows it instead, if that was within ``late_hours``.
    """
    present = {case.id: case for case in cases}
    known = [pair for pair in pairs if pair[0] in present and pair[1] in present]
    wanted = {one for pair in known for one in pair}
    shown = _Shown(present, timedelta(hours=terms.time.late_hours))
    for done in replay(cases, terms, tell):
        shown.note(done, wanted)
    ranks = [rank for pair in known if (rank := shown.rank(pair, terms.most))]
    duplicates = {duplicate for duplicate, _ in known}
    return Score(
        pairs=len(known),
        missing=len(pairs) - len(known),
        ranks=tuple(sorted(ranks)),
        candidates=tuple(sorted(len(shown.ranked(one, terms.most)) for one in duplicates)),
        of_all=tuple(sorted(shown.counts)),
    )
