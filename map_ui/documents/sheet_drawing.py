"""A printed map put together: its frame, layers, names, scale bar, north arrow and words.

It brings matplotlib, and is imported only to draw.
"""

from __future__ import annotations

from typing import Final

import matplotlib as mpl
from django.utils import formats
from django.utils.translation import gettext
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D

from map_ui.documents import paper as papers
from map_ui.documents import scale_bar, sheet_layers, sheet_names, sheet_words
from map_ui.documents.letters import letters
from map_ui.documents.map_document import Box, Layer, MapDocument, Marks, Shaded, Step
from map_ui.documents.paper import Frame, Paper
from map_ui.documents.sheet_plane import Plane, plane
from map_ui.documents.sheet_words import Key

INK: Final = "#17201d"
CORNER_MM: Final = 5.0
"""How far scale bar and north arrow stand from the map's edges."""
BAR_MM: Final = 1.6
ARROW_MM: Final = 9.0
MOST_NAMED: Final = 3
"""Of places beyond the sheet; where more are, it shows a part of the city, as all can see."""


def drawn(document: MapDocument, paper: Paper, box: Box, srid: int) -> Figure:
    """Return the sheet of a map of ``box`` (degrees), drawn in the metres of EPSG:``srid``."""
    # TrueType: letters beyond Latin 1 stay letters, which a reader can search for and copy.
    mpl.rcParams["pdf.fonttype"] = 42
    # Letters stand where their halo does.
    mpl.rcParams["text.hinting"] = "no_hinting"
    figure = Figure(figsize=paper.inches, facecolor="white")
    FigureCanvasAgg(figure)
    title = sheet_words.title_lines(document, paper)
    frame = papers.map_frame(paper, sum(line.high for line in title))
    held = plane(box, srid, frame)
    mm = held.width / frame.width
    axes = _axes(figure, paper, frame, held)
    sheet_layers.draw_ground(axes, document, held)
    keys = [_drawn(axes, layer, held, mm) for layer in document.layers if layer.shown]
    sheet_names.write_names(axes, document.places, held, mm)
    draw_scale(axes, held, mm)
    _draw_north(axes, held, mm)
    writer = sheet_words.Writer(figure, paper)
    writer.block(title, papers.MARGIN, paper.value[1] - papers.MARGIN)
    column = sheet_words.Column(writer, papers.legend_columns(paper, frame))
    sheet_words.write_legend(column, document, keys, _left_out(document, held))
    sheet_words.write_foot(writer, document)
    return figure


def _left_out(document: MapDocument, held: Plane) -> list[str]:
    """Say which places lie beyond the sheet, where nobody chose what is on it."""
    beyond = [
        one.name for one in document.places if not held.box.intersects(held.shape(one.outline))
    ]
    if document.box or not beyond or len(beyond) > MOST_NAMED:
        return []
    return [gettext("Not on this sheet: %(places)s.") % {"places": ", ".join(beyond)}]


def _axes(figure: Figure, paper: Paper, frame: Frame, held: Plane) -> Axes:
    width, height = paper.value
    axes = figure.add_axes(
        (frame.left / width, frame.bottom / height, frame.width / width, frame.height / height),
        facecolor=sheet_layers.WATER,
    )
    axes.set_xlim(held.west, held.west + held.width)
    axes.set_ylim(held.south, held.south + held.height)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_color("#8b9893")
        spine.set_linewidth(0.6)
    return axes


def _drawn(axes: Axes, layer: Layer, held: Plane, mm: float) -> Key:
    """Draw a layer; return what the legend says of it."""
    if isinstance(layer, Marks):
        sheet_layers.draw_marks(axes, layer, held)
        signed = [", ".join(one.label.splitlines()) for one in layer.marks if one.sign]
        steps = () if signed else (Step(gettext("one place"), sheet_layers.ACCENT),)
        return Key(layer.name, steps, signed)
    if isinstance(layer, Shaded):
        sheet_layers.draw_shaded(axes, layer, held)
        return Key(_named(layer.name, layer.unit), layer.steps)
    if not len(layer.points):
        return Key(_named(layer.name, layer.unit))
    cells, wide = sheet_layers.in_cells(layer, held, mm)
    sheet_layers.draw_steps(axes, cells)
    size = gettext("cells of %(size)s") % {"size": scale_bar.said(wide, _comma())}
    return Key(_named(layer.name, layer.unit, size), cells.steps)


def _named(*words: str) -> str:
    return ", ".join(word for word in words if word)


def _comma() -> str:
    return str(formats.get_format("DECIMAL_SEPARATOR"))


def draw_scale(axes: Axes, held: Plane, mm: float) -> tuple[float, float, float]:
    """Draw the bar; return where it begins and ends (x, in the plane), and its metres.

    ``mm``: metres of the plane in a millimetre of print. What counts is the ground: the plane's
    own metres are up to a few parts in ten thousand longer or shorter.
    """
    x, y = held.west + CORNER_MM * mm, held.south + CORNER_MM * mm
    ground = held.ground_m((held.west, y), (held.west + held.width, y))
    length = scale_bar.round_length(ground)
    wide = length * held.width / ground
    axes.add_patch(
        Rectangle((x - 2 * mm, y - 1.5 * mm), wide + 10 * mm, BAR_MM * mm + 6 * mm,
                  facecolor="#ffffffd8", edgecolor="none", zorder=8)
    )  # fmt: skip
    for half, colour in ((0, INK), (1, "white")):
        axes.add_patch(
            Rectangle((x + half * wide / 2, y), wide / 2, BAR_MM * mm, facecolor=colour,
                      edgecolor=INK, linewidth=0.5, zorder=9)
        )  # fmt: skip
    for at, text in ((0.0, "0"), (1.0, scale_bar.said(length, _comma()))):
        axes.text(x + at * wide, y + (BAR_MM + 0.8) * mm, text, fontproperties=letters().face,
                  fontsize=6.5, ha="center", va="bottom", color=INK, zorder=9)  # fmt: skip
    return x, x + wide, length


def _draw_north(axes: Axes, held: Plane, mm: float) -> None:
    """Draw the arrow that points to true north, which is not quite the top of the sheet."""
    x = held.west + held.width - (CORNER_MM + 3) * mm
    y = held.south + held.height - (CORNER_MM + ARROW_MM + 4) * mm
    turned = Affine2D().scale(mm).rotate_deg(-held.north()).translate(x, y) + axes.transData
    for side, colour in ((-1, INK), (1, "white")):
        corners = [(0, ARROW_MM), (side * 2.6, 0), (0, 1.9)]
        axes.add_patch(
            Polygon(corners, closed=True, transform=turned, facecolor=colour, edgecolor=INK,
                    linewidth=0.5, zorder=9)
        )  # fmt: skip
    axes.text(0, ARROW_MM + 0.6, "N", transform=turned, fontproperties=letters(heavy=True).face,
              fontsize=8, ha="center", va="bottom", color=INK, zorder=9)  # fmt: skip
