"""Errors that a person meets: a stable code, a sentence, and the facts that the sentence names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

MOST_LISTED: Final = 100
"""More possible values than this nobody reads through."""
FEW_LISTED: Final = 10


def N_(text: str) -> str:  # noqa: N802  the customary name of this marker in gettext
    """Mark ``text`` for translation without translating it; rule modules know no framework."""
    return text


class DomainError(Exception):
    """Base of every error with a stable code.

    ``message`` is an English sentence with ``%(name)s`` places, filled from the facts given when
    the error is raised; the edge translates it. Facts are plain values and never personal data.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    message: ClassVar[str] = N_("Something was wrong with this request.")

    def __init__(self, **facts: object) -> None:
        self.facts = facts
        super().__init__(self.message % facts)


class Elsewhere(DomainError):
    """What an address names by the number ``id`` is to be found under the number ``into``.

    Whoever only reads is led on there.
    """

    code = "request.elsewhere"
    status = 409
    message = N_("What had the number %(id)s is to be found under %(into)s now.")


def listed(choices: Sequence[str]) -> str:
    """Return possible values as an error tells them; of hundreds, the first few."""
    return ", ".join(choices if len(choices) <= MOST_LISTED else [*choices[:FEW_LISTED], "…"])


def all_errors(root: type[DomainError] = DomainError) -> list[type[DomainError]]:
    """Return every subclass of ``root`` that has been imported, sorted by code."""
    found = {root}
    for child in root.__subclasses__():
        found.update(all_errors(child))
    return sorted(found, key=lambda error: error.code)
