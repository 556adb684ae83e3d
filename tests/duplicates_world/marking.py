"""Precision and recall of a replay of a made-up world, by category and by channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from incidents.duplicates.history import replay
from incidents.duplicates.likeness import surely
from incidents.duplicates.terms import Terms
from tests.duplicates_world.making import Told


@dataclass
class Marks:
    """Counts of what was shown, and of what would have been attached unasked."""

    reports: int = 0
    repeated: int = 0
    found: int = 0
    shown: int = 0
    right: int = 0
    attached: int = 0
    attached_right: int = 0

    @property
    def recall(self) -> float:
        """Of reports about a known thing: how many had it shown."""
        return self.found / self.repeated if self.repeated else float("nan")

    @property
    def precision(self) -> float:
        """Of the candidates shown: how many were the thing."""
        return self.right / self.shown if self.shown else float("nan")

    @property
    def automatic(self) -> float:
        """Of what would be attached unasked: how much rightly."""
        return self.attached_right / self.attached if self.attached else float("nan")


def marked(told: Sequence[Told], terms: Terms) -> dict[str, Marks]:
    """Return the marks of all, of each category and of each channel."""
    truth = {one.case.id: one for one in told}
    seen: set[int] = set()
    marks: defaultdict[str, Marks] = defaultdict(Marks)
    for done in replay([one.case for one in told], terms):
        one = truth[done.case.id]
        right = [truth[s.member.id].thing == one.thing for s in done.suggestions]
        sure = surely(s.likeness for s in done.suggestions) >= terms.automatic
        likeliest = max(done.suggestions, key=lambda s: s.likeness.odds, default=None)
        rightly = likeliest is not None and truth[likeliest.member.id].thing == one.thing
        for name in ("all", one.case.category, one.channel):
            _mark(marks[name], right, again=one.thing in seen, sure=(sure, rightly))
        seen.add(one.thing)
    return dict(marks)


def _mark(marks: Marks, right: list[bool], *, again: bool, sure: tuple[bool, bool]) -> None:
    marks.reports += 1
    marks.repeated += again
    marks.found += again and any(right)
    marks.shown += len(right)
    marks.right += sum(right)
    marks.attached += sure[0]
    marks.attached_right += all(sure)


def together(several: Sequence[Marks]) -> Marks:
    """Return the counts of several marks added up."""
    return Marks(*(sum(column) for column in zip(*(astuple(one) for one in several), strict=True)))
