"""The forms of an incident's page: one a step, and what each asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from incidents import deadline_rules
from incidents.dossier.answers import Dossier
from incidents.dossier.replies import Reply, replies_for
from incidents.permissions import Act
from incidents.workflow import Step

PARTS: Final = 4
"""Rows of the form that divides a case."""


@dataclass(frozen=True, slots=True)
class FormKind:
    """What a step's form is called and asks for."""

    act: Act
    title: str | Promise
    icon: str
    done: str | Promise
    """What is said afterwards."""
    words: str | Promise = ""
    """The label of the words; without one the form has none."""
    words_needed: bool = False
    listed: bool = False
    photos: str | Promise = ""
    """The label of the photos."""
    check_in: bool = False
    day: bool = False
    asks: frozenset[str] = frozenset()
    """Other parts: agency, category, place, parts, days."""

    @property
    def bare(self) -> bool:
        """Whether there is nothing to fill in: one button then is the form."""
        return not (self.words or self.listed or self.photos or self.day or self.asks)


_WHY = _("Why")
_BEFORE = _("Photos of how it looks now")

KINDS: Final[Mapping[Act, FormKind]] = {
    kind.act: kind
    for kind in (
        FormKind(Act.VERIFY, _("Verify"), "check", _("Checked.")),
        FormKind(Act.ACCEPT, _("Accept"), "check", _("Accepted.")),
        FormKind(
            Act.START, _("Start work"), "player-play", _("Work has begun."),
            words=_("A sentence about it"), photos=_BEFORE,
        ),
        FormKind(Act.RESUME, _("Resume"), "player-play", _("Work goes on.")),
        FormKind(
            Act.CLAIM_DONE, _("Claim done"), "circle-check", _("Reported fixed."),
            words=_("What was done"), words_needed=True,
            photos=_("Photos of the finished work"), check_in=True,
        ),
        FormKind(
            Act.CLOSE, _("Close the case"), "lock", _("Closed."),
            words=_("A sentence about it"),
        ),
        FormKind(
            Act.PROMISE, _("Promise a new day"), "calendar-due", _("The new day was promised."),
            words=_("How far the work is"), words_needed=True, photos=_BEFORE, day=True,
        ),
        FormKind(
            Act.PAUSE, _("Pause"), "player-pause", _("Paused."),
            words=_("A sentence about it"), listed=True,
        ),
        FormKind(
            Act.DECLINE, _("Decline"), "arrow-back-up", _("Declined; it went back to routing."),
            words=_("A sentence about it"), listed=True,
        ),
        FormKind(
            Act.ASSIGN, _("Give to an agency"), "send", _("Given to the agency."),
            words=_WHY, words_needed=True, asks=frozenset({"agency"}),
        ),
        FormKind(
            Act.REOPEN, _("Reopen"), "rotate", _("Reopened: the agency has it again."),
            words=_WHY, words_needed=True, photos=_("Photos of what is still wrong"),
        ),
        FormKind(
            Act.REJECT, _("Reject"), "x", _("Rejected."),
            words=_("A sentence about it"), listed=True,
        ),
        FormKind(
            Act.SPLIT, _("Divide among agencies"), "arrows-split", _("Divided."),
            words=_WHY, words_needed=True, asks=frozenset({"parts"}),
        ),
        FormKind(
            Act.DELEGATE, _("Lend to a contractor"), "link", _("The link is ready."),
            words=_("What the contractor is to do"), words_needed=True,
            asks=frozenset({"agency", "days"}),
        ),
        FormKind(
            Act.MOVE, _("Move the pin"), "map-pin", _("The pin was moved."),
            words=_WHY, asks=frozenset({"place"}),
        ),
        FormKind(
            Act.RECATEGORISE, _("Change the category"), "category",
            _("The category was changed."), words=_WHY, asks=frozenset({"category"}),
        ),
        FormKind(
            Act.NOTE, _("Write a note"), "notes", _("The note is kept."),
            words=_("Note for colleagues"), words_needed=True,
        ),
    )
}  # fmt: skip

SAYS_MORE_WHEN_LATE: Final = frozenset({Act.ACCEPT, Act.START, Act.PAUSE, Act.RESUME})
"""What keeps a late case has to say how far it is, show it, and promise a day."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form as it is shown: empty, or as it came back with an error."""

    kind: FormKind
    reasons: tuple[tuple[str, str], ...]
    replies: tuple[Reply, ...]
    late: bool
    """More is asked, because the case is late."""
    values: Mapping[str, Any]
    error: str = ""
    code: str = ""
    agreed: str = ""
    """The agency that the actor is asked to agree to, by code."""

    @property
    def bare(self) -> bool:
        """Whether one button is the whole form."""
        return self.kind.bare and not self.late and not self.error

    @property
    def primary(self) -> bool:
        """Whether it is what mostly comes next."""
        return self.kind.act in {
            Act.VERIFY, Act.ACCEPT, Act.START, Act.RESUME, Act.CLAIM_DONE, Act.CLOSE,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failed:
    """A form that was refused: which, with what in it, and why."""

    act: Act
    values: Mapping[str, Any]
    error: str
    code: str
    agreed: str = ""


def forms_for(found: Dossier, language: str, failed: Failed | None = None) -> list[Form]:
    """Return the forms that are offered, the refused one with what was typed."""
    sector = found.head.sector.code
    return [
        form_of(act, sector, language, failed, late=found.late_needs_more) for act in found.offered
    ]


def form_of(
    act: Act, sector: str, language: str, failed: Failed | None = None, *, late: bool = False
) -> Form:
    """Return a step's form; with what was typed where it is the refused one."""
    mine = failed if failed and failed.act is act else None
    kind = KINDS[act]
    return Form(
        kind=kind,
        reasons=_reasons(act, language) if kind.listed else (),
        replies=replies_for(act, sector, language) if kind.words else (),
        late=late and act in SAYS_MORE_WHEN_LATE,
        values=mine.values if mine else {},
        error=mine.error if mine else "",
        code=mine.code if mine else "",
        agreed=mine.agreed if mine else "",
    )


def _reasons(act: Act, language: str) -> tuple[tuple[str, str], ...]:
    listed = deadline_rules.rules().reasons_for(Step(act.value))
    return tuple((one.code, one.names[language]) for one in listed)
