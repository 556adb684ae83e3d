"""A document as PDF, on A4 across, with letters that know Vietnamese."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.utils.translation import get_language, gettext
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import KeepTogether, LongTable, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus.flowables import Flowable

from map_ui.documents.chart_drawing import drawing
from map_ui.documents.document import Document, Kind, Table

PLAIN, BOLD = "Wardwise", "Wardwise-Bold"
FILES: Final = {PLAIN: "DejaVuSansCondensed.ttf", BOLD: "DejaVuSansCondensed-Bold.ttf"}
MARGIN: Final = 14 * mm
WIDTH: Final = landscape(A4)[0] - 2 * MARGIN
GUTTER: Final = 6 * mm
INK, SOFT, LINE, SHADE = (HexColor(code) for code in ("#17201d", "#4f5b56", "#d5dcd8", "#f4f6f5"))


class LettersMissing(RuntimeError):
    """The set-up did not bring the letters."""


def pdf(document: Document) -> bytes:
    """Return the PDF's bytes. Raises LettersMissing."""
    _letters()
    file = io.BytesIO()
    template = SimpleDocTemplate(
        file, pagesize=landscape(A4), leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN,
        bottomMargin=16 * mm, title=f"{document.title} · {document.about}", author="Wardwise",
        lang=get_language() or "vi",
    )  # fmt: skip

    def foot(canvas: Any, _template: object) -> None:  # noqa: ANN401  reportlab has no types
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, 9 * mm, f"{document.title} · {document.about} · {document.made}")
        page = gettext("Page %(n)s") % {"n": canvas.getPageNumber()}
        canvas.drawRightString(MARGIN + WIDTH, 9 * mm, page)

    parts: list[Flowable] = [
        Paragraph(_safe(document.title), _style(18, bold=True)),
        Paragraph(_safe(document.about), _style(12)),
        Spacer(1, 4 * mm),
    ]
    parts += _pictures(document)
    for table in document.tables:
        parts += _table(table)
    template.build(parts, onFirstPage=foot, onLaterPages=foot)
    return file.getvalue()


@cache
def _letters() -> None:
    for name, file in FILES.items():
        path = finders.find(f"map_ui/vendor/{file}")
        if path is None or not Path(path).is_file():
            msg = f"{file} is missing: run scripts/setup"
            raise LettersMissing(msg)
        pdfmetrics.registerFont(TTFont(name, path))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)


def _pictures(document: Document) -> list[Flowable]:
    if not document.pictures:
        return []
    width = (WIDTH - GUTTER) / 2
    titles = [Paragraph(_safe(one.title), _style(9.5, bold=True)) for one in document.pictures]
    drawn = [drawing(one, width, PLAIN) for one in document.pictures]
    beside = LongTable(
        [titles, drawn],
        colWidths=[width + GUTTER / 2] * len(drawn),
        style=[("LEFTPADDING", (0, 0), (-1, -1), 3), ("RIGHTPADDING", (0, 0), (-1, -1), 3)],
    )
    return [beside, Spacer(1, 4 * mm)]


def _table(table: Table) -> list[Flowable]:
    head = [Paragraph(_safe(table.name), _style(12, bold=True)), Spacer(1, 1.5 * mm)]
    if table.note:
        head.insert(1, Paragraph(_safe(table.note), _style(8.5)))
    if not table.rows:
        return [*head, Paragraph("–", _style(8.5)), Spacer(1, 5 * mm)]
    total = sum(column.width for column in table.columns)
    right = [column.kind not in {Kind.TEXT, Kind.MOMENT} for column in table.columns]
    names = [
        Paragraph(_safe(column.name), _style(7.5, bold=True, right=at))
        for column, at in zip(table.columns, right, strict=True)
    ]
    rows = [
        [
            Paragraph(_linked(cell.said, cell.link), _style(8, right=at))
            for cell, at in zip(cells, right, strict=True)
        ]
        for cells in table.cells()
    ]
    drawn = LongTable(
        [names, *rows],
        colWidths=[WIDTH * column.width / total for column in table.columns],
        repeatRows=1,
        style=[
            ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
            ("VALIGN", (0, 1), (-1, -1), "TOP"),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, INK),
            ("LINEBELOW", (0, 1), (-1, -1), 0.25, LINE),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, SHADE]),
            ("LEFTPADDING", (0, 0), (-1, -1), 3),
            ("RIGHTPADDING", (0, 0), (-1, -1), 3),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ],
    )
    return [KeepTogether(head), drawn, Spacer(1, 6 * mm)]


@cache
def _style(size: float, *, bold: bool = False, right: bool = False) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size} {bold} {right}",
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=size * 1.35,
        textColor=INK,
        alignment=2 if right else 0,
    )


def _linked(text: str, link: str) -> str:
    return f'<a href="{_safe(link)}" color="#00665c">{_safe(text)}</a>' if link else _safe(text)


def _safe(text: str) -> str:
    """Return text as reportlab's small markup takes it."""
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
