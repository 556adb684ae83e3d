"""What leaves the house: the same rows in every format, streamed.

In a notebook: ``from incidents.exports import incidents_frame``.
"""

from __future__ import annotations

from typing import Any


def incidents_frame(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401  a GeoDataFrame
    """Return incidents as a GeoDataFrame, see ``incidents.exports.notebook.incidents_frame``.

    The site is set up where it is not yet, so that a notebook needs no more than this import.
    """
    # Before it is called the site may not be set up.
    from incidents.exports.notebook import incidents_frame as read  # noqa: PLC0415

    return read(*arguments, **named)
