"""What can be wrong with a file of reports, or with one of its rows."""

from __future__ import annotations

from gis_core.errors import N_, DomainError


class NoReportFile(DomainError):
    """The file is not there, or is no text in UTF-8."""

    code = "import.unreadable"
    status = 422
    message = N_("%(file)s cannot be read: %(reason)s. A CSV file in UTF-8 is needed.")


class NoReportColumn(DomainError):
    """The mapping names columns that the file does not have."""

    code = "import.no_column"
    status = 422
    message = N_(
        "%(file)s has no column %(missing)s, which the mapping names. Its columns are: %(columns)s."
    )


class UnknownCode(DomainError):
    """The mapping leads to a category or agency that the catalogue does not have."""

    code = "import.unknown_code"
    status = 422
    message = N_(
        "The mapping names codes that the catalogue does not have: %(codes)s. Correct them, or "
        "load the catalogue that has them with load_catalogue."
    )


class CellMissing(DomainError):
    """A cell that every report needs is empty."""

    code = "import.missing"
    status = 422
    message = N_("The column %(column)s is empty.")


class BadNumber(DomainError):
    """A coordinate is not a number."""

    code = "import.bad_number"
    status = 422
    message = N_("The column %(column)s does not hold a number such as 106.7004.")


class NotInPlane(DomainError):
    """Two numbers are no point of the mapping's coordinate reference system."""

    code = "import.not_in_plane"
    status = 422
    message = N_("The columns %(columns)s do not hold a position in %(crs)s.")


class NothingRead(DomainError):
    """No row of a file of reports can be read by its mapping."""

    code = "import.nothing_read"
    status = 422
    message = N_(
        "None of the %(rows)s rows of %(file)s can be read by this mapping. The commonest reason: "
        "%(reason)s"
    )


class NoPairs(DomainError):
    """No pair that people named has both of its reports in the file of reports."""

    code = "import.no_pairs"
    status = 422
    message = N_(
        "None of the %(pairs)s pairs of %(file)s names two reports that were read; it names "
        "%(asked)s, the reports are called such as %(known)s. Correct the ids, or the column that "
        "[columns] calls external_id."
    )


class BadTime(DomainError):
    """A time cannot be read as the mapping says, or lies in the future."""

    code = "import.bad_time"
    status = 422
    message = N_("The column %(column)s does not hold a time of the form %(format)s that is past.")


class WholeDegrees(DomainError):
    """Both coordinates are whole degrees: what is left when they are cut, or never known."""

    code = "import.whole_degrees"
    status = 422
    message = N_(
        "The position (%(lon)s, %(lat)s) is whole degrees: it was cut, or stands for none. "
        "Send at least four decimals."
    )


class UnknownWord(DomainError):
    """The file's word is not in the mapping, and the mapping has no default."""

    code = "import.unknown_word"
    status = 422
    message = N_(
        "The mapping does not say what %(word)s in the column %(column)s is. Add it to "
        "[%(table)s], or give that a default."
    )


class BadExternalId(DomainError):
    """The external id is too long or holds characters that a key may not have."""

    code = "import.bad_id"
    status = 422
    message = N_(
        "The column %(column)s holds no identifier: 1 to %(longest)s characters that can be "
        "printed, without blanks at its ends."
    )


class OtherContent(DomainError):
    """A row with this external id was imported before and said something else."""

    code = "import.other_content"
    status = 409
    message = N_(
        "This external id stands for a report with other content: in an earlier row, an earlier "
        "file, or by another mapping. What was imported first is kept."
    )
