"""What can be wrong with the columns."""

from __future__ import annotations

from gis_core.errors import N_, DomainError


class NoColumns(DomainError):
    """Nothing was built yet, or by another version."""

    code = "columns.none"
    status = 409
    message = N_("There are no columns yet. Run `manage.py work`, or `manage.py columns build`.")


class ColumnsKept(DomainError):
    """Another process holds the folder's lock."""

    code = "columns.kept"
    status = 409
    message = N_(
        "Another process keeps the columns, and builds them anew by itself when that is needed. "
        "Stop `manage.py work` first."
    )


class ColumnsDiffer(DomainError):
    """Entries are not what the database holds."""

    code = "columns.differ"
    status = 409
    message = N_(
        "The columns differ from the database in %(count)s places. "
        "Stop `manage.py work`, run `manage.py columns build`, and tell the developers."
    )
