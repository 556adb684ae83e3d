"""What can be wrong with a planner's question, or with its answer."""

from __future__ import annotations

from gis_core.errors import N_, DomainError


class BadQuestion(DomainError):
    """A field of the question holds what it cannot."""

    code = "analysis.bad_value"
    status = 422
    message = N_("%(field)s cannot be %(value)s. Possible: %(possible)s.")


class UnknownMethod(DomainError):
    """There is no method of this name."""

    code = "analysis.unknown_method"
    status = 422
    message = N_("There is no method %(method)s. Possible: %(possible)s.")


class UnreadableQuestion(DomainError):
    """What was sent is no question at all."""

    code = "analysis.unreadable"
    status = 422
    message = N_("This question could not be read. Load the page again and ask anew.")


class TooManyCells(DomainError):
    """The squares are too small for so large an area."""

    code = "analysis.too_many_cells"
    status = 422
    message = N_(
        "Squares of %(cell_m)s m would be %(cells)s here; at most %(most)s are reckoned. "
        "Choose larger squares or a smaller area."
    )


class TooFine(DomainError):
    """Single places of sensitive categories are not told."""

    code = "analysis.too_fine"
    status = 422
    message = N_(
        "Sensitive categories are counted in squares of at least %(cell_m)s m alone. "
        "Choose a method with squares, or leave these categories out."
    )


class NothingToCount(DomainError):
    """No incident is left under this question."""

    code = "analysis.nothing_to_count"
    status = 422
    message = N_(
        "There is no incident in this period and area under these filters. "
        "Choose a longer period, a larger area, or fewer filters."
    )


class TooShort(DomainError):
    """The period holds too few stretches of time."""

    code = "analysis.too_short"
    status = 422
    message = N_(
        "The period has %(steps)s stretches of time; %(fewest)s are needed. "
        "Choose a longer period or shorter stretches."
    )


class NoStreets(DomainError):
    """No street network is loaded."""

    code = "analysis.no_streets"
    status = 409
    message = N_(
        "No streets are loaded, so that nothing can be counted along them. Load a gazetteer first: "
        "python manage.py fetch_gazetteer"
    )


class NoResidents(DomainError):
    """It is not known how many people live in today's wards."""

    code = "analysis.no_residents"
    status = 409
    message = N_(
        "It is not known how many people live in the wards, so that nothing can be told per "
        "resident. Load their numbers first: python manage.py load_residents"
    )


class NothingRepeated(DomainError):
    """Nothing was reported twice in the year, so that nobody knows who reports less."""

    code = "analysis.nothing_repeated"
    status = 409
    message = N_(
        "In the year before the period's last day nothing of this kind was reported twice, so that "
        "nobody can tell where less is reported. Ask without this correction, or for more "
        "categories."
    )


class AnalysisNotFound(DomainError):
    """There is no such analysis that the asker may open."""

    code = "analysis.not_found"
    status = 404
    message = N_(
        "There is no analysis here that you may open: it was removed, or its owner does not share "
        "it."
    )


class NoResult(DomainError):
    """The run has no result: it is not done, or its files were removed after their term."""

    code = "analysis.no_result"
    status = 409
    message = N_("There is no result yet, or it was removed after its term. Run it again.")


class NotComparable(DomainError):
    """Two runs of other methods or other squares."""

    code = "analysis.not_comparable"
    status = 422
    message = N_(
        "These two cannot be compared: they differ in method, squares or area. "
        "Compare two periods of one analysis."
    )


class GaveUp(DomainError):
    """It ended its worker several times."""

    code = "analysis.gave_up"
    status = 500
    message = N_(
        "This analysis was begun %(tries)s times and never came to its end. "
        "Choose larger squares, a smaller area or a shorter period."
    )


class TooManyRuns(DomainError):
    """The asker has too many that wait."""

    code = "analysis.too_many_waiting"
    status = 429
    message = N_("%(waiting)s of your analyses still wait or run. Wait for them, or cancel one.")
