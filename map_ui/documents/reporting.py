"""How fast people report, as a document."""

from __future__ import annotations

import math

from django.utils.translation import gettext

from incidents.figures import Reporting, ReportingLine
from map_ui import figure_words
from map_ui.documents.document import Column, Document, Kind, Table, Value
from map_ui.documents.making import made_today
from map_ui.reporting_rows import WEEK, shade, verdicts


def document(told: Reporting) -> Document:
    """Return the table of a page, with its numbers as numbers."""
    return Document(
        gettext("How fast people report"),
        figure_words.period_name(told.scope.period),
        made_today(),
        (_lines(told),),
    )


def _lines(told: Reporting) -> Table:
    columns = (
        Column(str(figure_words.GROUPS[told.by]), Kind.TEXT, 2.2),
        Column(gettext("Incidents"), Kind.COUNT),
        Column(gettext("Repeated reports"), Kind.COUNT),
        Column(gettext("Reports per incident"), Kind.STARS),
        Column(gettext("Days until the first report"), Kind.DAYS, 1.2),
        Column(gettext("at least"), Kind.DAYS),
        Column(gettext("at most"), Kind.DAYS),
        Column(gettext("Times the city's rate"), Kind.STARS),
        Column(gettext("at least"), Kind.STARS),
        Column(gettext("at most"), Kind.STARS),
        Column(gettext("Reported of what lasts a week"), Kind.SHARE, 1.2),
        Column(gettext("Beside the city"), Kind.TEXT, 1.4),
    )
    note = gettext(
        "The delay is estimated from how fast reports of the same thing follow each other; the "
        "bounds hold the truth with 95 % certainty. Lines of few incidents are drawn to the city's "
        "rate."
    )
    rows = tuple(_row(line) for line in told.lines)
    return Table(gettext("How fast people report"), columns, rows, note=note)


def _row(line: ReportingLine) -> tuple[Value, ...]:
    rate = line.rate
    low, high = rate.delay_bounds
    return (
        line.name,
        rate.incidents,
        rate.repeats,
        rate.per_incident,
        *(days if math.isfinite(days) else None for days in (rate.delay_days, low, high)),
        rate.factor,
        rate.low,
        rate.high,
        rate.heard(WEEK),
        verdicts()[shade(rate)],
    )
