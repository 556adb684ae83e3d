"""The file of faults of one agency or contractor as a document."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.urls import reverse
from django.utils.translation import gettext

from incidents.figures import Case, SanctionFile
from map_ui import figure_words
from map_ui.documents.document import Column, Document, Kind, Table, Value
from map_ui.documents.making import made_today
from map_ui.figure_addresses import listed


def document(told: SanctionFile, narrowed: Sequence[str], whole: Callable[[str], str]) -> Document:
    """Return a file's tables.

    ``narrowed`` are the names of whose file it is and of what else it is narrowed to; ``whole``
    makes a whole address of a path.
    """
    period = figure_words.period_name(told.scope.period)
    return Document(
        gettext("File of faults"),
        " · ".join((*narrowed, period)),
        made_today(),
        (_sums(told, whole), _cases(told, whole)),
    )


def _sums(told: SanctionFile, whole: Callable[[str], str]) -> Table:
    tally, names = told.tally, figure_words.FIGURES
    columns = (
        Column(gettext("Figure"), Kind.TEXT, 3),
        Column(gettext("Cases"), Kind.COUNT),
        Column(gettext("Of what was said to be done"), Kind.SHARE, 1.4),
    )
    counted = {"handled": tally.handled, "late": tally.late, "broken": told.broken,
               "reopened": tally.reopened, "unproven": tally.unproven}  # fmt: skip
    rows = tuple(
        (str(names[figure]), many, many / tally.handled if tally.handled else None)
        for figure, many in counted.items()
    )
    links = tuple(("", whole(listed(told.scope, figure))) for figure in counted)
    return Table(gettext("In short"), columns, rows, links)


def _cases(told: SanctionFile, whole: Callable[[str], str]) -> Table:
    columns = (
        Column(gettext("Case"), Kind.TEXT, 2.4),
        Column(gettext("Where"), Kind.TEXT, 1.8),
        Column(gettext("Agency"), Kind.TEXT, 2.2),
        Column(gettext("Contractor"), Kind.TEXT, 2.2),
        Column(gettext("In hand"), Kind.MOMENT, 1.5),
        Column(gettext("Due"), Kind.MOMENT, 1.5),
        Column(gettext("Promised"), Kind.MOMENT, 1.5),
        Column(gettext("Said to be done on"), Kind.MOMENT, 1.5),
        Column(gettext("Came back on"), Kind.MOMENT, 1.5),
        Column(gettext("Limit used"), Kind.SHARE),
        Column(gettext("What was the matter"), Kind.TEXT, 2),
    )
    note = gettext("%(n)s more are left out: ask for a shorter period.")
    return Table(
        gettext("Case by case"),
        columns,
        tuple(_case(case) for case in told.lines),
        tuple((whole(reverse("pages:case", args=(case.incident,))),) for case in told.lines),
        note % {"n": figure_words.whole(told.left_out)} if told.left_out else "",
    )


def _case(case: Case) -> tuple[Value, ...]:
    return (
        f"{case.category} {case.incident}",
        case.ward,
        case.agency.name if case.agency else None,
        case.contractor.name if case.contractor else None,
        case.began,
        case.due,
        case.promised,
        case.ended,
        case.reopened,
        case.used,
        ", ".join(figure_words.faults(case)),
    )
