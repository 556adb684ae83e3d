"""What was read of a text so far, and what the words just read say about the next. Pure."""

from __future__ import annotations

from districts.geocoding.parsed import Elsewhere, Mention, Relation, Window
from districts.geocoding.parser.area_names import after_kind, at_the_end, elsewhere_in, said
from districts.geocoding.parser.crossings import crossings_in
from districts.geocoding.parser.lexicon import Role
from districts.geocoding.parser.sentence import Sentence
from districts.geocoding.parser.words import Gap


class State:
    """The walk over a sentence; every reader adds the mentions that it finds."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.mentions: list[tuple[int, Mention]] = []
        self.relation: Relation | None = None
        self.street: Window | None = None
        """The street said last in this sentence."""
        self.crossings = {one.first: one for one in crossings_in(sentence)}
        self.free: int | None = None
        """Where the words that nothing recognised began."""

    def add(self, at: int, mention: Mention) -> None:
        """Add a mention that begins at a word."""
        self.mentions.append((at, mention))

    def add_areas_in(self, window: Window) -> None:
        """Add the area that may end a name: "Nguyễn Trãi Bình Thạnh", "Le Loi Phuong Ben Nghe"."""
        for at in range(window.first + 1, window.last):
            cue = self.sentence.cue(at)
            if cue and cue.role is Role.AREA:
                names, _ = after_kind(self.sentence, cue)
                self.mentions += [(name.name.first, name) for name in names]
                return
        for name in at_the_end(self.sentence, window):
            self.add(name.name.first, name)

    def add_elsewhere(self, first: int, last: int) -> None:
        """Add another province that is named in words [first, last)."""
        words = self.sentence.words[first:last]
        name = said(self.sentence, first, last)
        self.add(first, Elsewhere(name, words[0].start, words[-1].end))

    def add_elsewhere_in(self, window: Window) -> None:
        """Add another province that ends a name."""
        if found := elsewhere_in(self.sentence, window):
            self.add_elsewhere(found.first, found.last)

    def take_relation(self) -> Relation:
        """Return how the next place lies to what is meant, once."""
        relation, self.relation = self.relation, None
        return relation or Relation.AT

    def begin_clause(self, at: int) -> None:
        """Forget what holds only within a clause, and at a full stop within a sentence."""
        self.relation = None
        if self.sentence.words[at].gap is Gap.STOP:
            self.street = None
