"""What is written around a printed map: title, legend, parameters, notes, source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from map_ui.documents import paper as papers
from map_ui.documents.letters import LEADING, MM_PER_POINT, letters
from map_ui.documents.map_document import MapDocument, Step
from map_ui.documents.paper import Frame, Paper
from map_ui.documents.sheet_layers import ACCENT, filled

INK, SOFT, LINE = "#17201d", "#4f5b56", "#d5dcd8"
TITLE_SIZES: Final = (17.0, 14.0, 11.0)
MOST_LINES: Final = 4
"""Of a title and of an explanation."""
KEY_MM: Final = 4.6
"""Height of a legend's line."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in letters of so many points."""

    text: str
    size: float
    colour: str = INK
    heavy: bool = False

    @property
    def high(self) -> float:
        """How much of the sheet's height it takes, in millimetres."""
        return self.size * MM_PER_POINT * LEADING


def lines(text: str, wide: float, size: float, colour: str = INK, *, heavy: bool = False,
          most: int = 30) -> list[Line]:  # fmt: skip
    """Return a text as lines of so many millimetres; what is beyond ``most`` ends in "…"."""
    found = letters(heavy=heavy).wrapped(text, wide, size)
    if len(found) > most:
        found = [*found[: most - 1], f"{found[most - 1]} …"]
    return [Line(one, size, colour, heavy) for one in found]


def title_lines(document: MapDocument, paper: Paper) -> list[Line]:
    """Return title and explanation over the whole width; a long title in smaller letters."""
    wide, face = paper.value[0] - 2 * papers.MARGIN, letters(heavy=True)
    fits = (size for size in TITLE_SIZES if face.wide(document.title, size) <= wide)
    size = next(fits, TITLE_SIZES[-1])
    title = lines(document.title, wide, size, heavy=True, most=MOST_LINES)
    return [*title, *lines(document.about, wide, 8.5, SOFT, most=MOST_LINES)]


@dataclass(slots=True)
class Writer:
    """Writes on a sheet, in millimetres."""

    figure: Figure
    paper: Paper

    def at(self, left: float, bottom: float) -> tuple[float, float]:
        """Return a place as shares of the sheet."""
        width, height = self.paper.value
        return left / width, bottom / height

    def line(self, line: Line, left: float, top: float) -> None:
        """Write one line whose letters hang from ``top``."""
        x, y = self.at(left, top)
        self.figure.text(
            x, y, line.text, fontproperties=letters(heavy=line.heavy).face, fontsize=line.size,
            color=line.colour, va="top",
        )  # fmt: skip

    def block(self, told: list[Line], left: float, top: float) -> None:
        """Write lines under each other."""
        for line in told:
            self.line(line, left, top)
            top -= line.high

    def sign(self, left: float, top: float, step: Step, dot: float) -> None:
        """Draw what stands before a legend's line: an area, or a dot of so many points wide."""
        if dot:
            x, y = self.at(left + 3.5, top - 1.8)
            mark = Line2D([x], [y], marker="o", markersize=dot, color=step.colour)
            self.figure.add_artist(mark)
            return
        width, height = self.paper.value
        area = Rectangle(self.at(left, top - 3.4), 7 / width, 3.4 / height, linewidth=0.3)
        area.set(**filled(step))
        self.figure.add_artist(area)


@dataclass(slots=True)
class Column:
    """Columns that fill from the top, one after the other; what finds no room is left out."""

    writer: Writer
    frames: list[Frame]
    used: float = 0.0

    def text(self, text: str, size: float = 7.5, colour: str = INK, *, heavy: bool = False) -> None:
        """Write a text, wrapped."""
        for line in lines(text, self.frames[0].width, size, colour, heavy=heavy):
            if corner := self._take(line.high):
                self.writer.line(line, *corner)

    def key(self, step: Step, dot: float = 0.0) -> None:
        """Write a line of the legend behind its colour."""
        told = lines(step.said, self.frames[0].width - 9, 7.5)
        for at, line in enumerate(told):
            if corner := self._take(KEY_MM if at + 1 == len(told) else line.high):
                left, top = corner
                self.writer.line(line, left + 9, top - 0.4)
                if not at:
                    self.writer.sign(left, top, step, dot)

    def turn(self) -> None:
        """Go on in the next column, where there is one."""
        if len(self.frames) > 1:
            self.frames, self.used = self.frames[1:], 0.0

    def gap(self, height: float) -> None:
        """Leave so much room."""
        self.used += height

    def _take(self, height: float) -> tuple[float, float] | None:
        """Return left and top of the next so many millimetres; None when all is full."""
        if self.used + height > self.frames[0].height:
            if len(self.frames) == 1:
                return None
            self.turn()
        frame = self.frames[0]
        top = frame.bottom + frame.height - self.used
        self.used += height
        return frame.left, top


@dataclass(frozen=True, slots=True)
class Key:
    """A layer in the legend: its colours, and its places by their signs."""

    name: str
    steps: Sequence[Step] = ()
    lines: Sequence[str] = ()


def write_legend(
    column: Column, document: MapDocument, keys: Iterable[Key], notes: Iterable[str]
) -> None:
    """Write what colours stand for, what was asked for, and what one must know."""
    for key in keys:
        column.text(key.name, 8.5, heavy=True)
        column.gap(0.8)
        for step in key.steps:
            column.key(step, 3.0 if step.colour == ACCENT else 0.0)
        for line in key.lines:
            column.text(line)
        column.gap(2)
    column.turn()
    for name, value in document.parameters:
        column.text(f"{name}: {value}")
    column.gap(2)
    for note in (*document.notes, *notes):
        column.text(note, colour=SOFT)
        column.gap(1)


def write_foot(writer: Writer, document: MapDocument) -> None:
    """Write source and date under a thin line."""
    left, right = papers.MARGIN, writer.paper.value[0] - papers.MARGIN
    line = papers.MARGIN + papers.FOOT_HIGH - 3
    (x, y), (x2, _y) = writer.at(left, line), writer.at(right, line)
    writer.figure.add_artist(Line2D([x, x2], [y, y], color=LINE, linewidth=0.6))
    told = lines(f"{document.source} · {document.made}", right - left, 7, SOFT, most=2)
    writer.block(told, left, line - 1.2)
