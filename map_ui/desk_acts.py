"""What can be done from the desk's list without opening a case, to one or to many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gis_core.errors import N_, DomainError
from incidents import deadline_rules, pipeline, services
from incidents.actors import Actor
from incidents.permissions import Act, Reach
from incidents.services import Said
from incidents.workflow import Step
from map_ui.agency_choices import agency_options


class UnknownAct(DomainError):
    """The desk does nothing of this name."""

    code = "desk.unknown_act"
    status = 422
    message = N_("The desk cannot do this to several incidents. Open the case instead.")


@dataclass(frozen=True, slots=True)
class DeskAct:
    """One thing to do: its button, and what it asks for."""

    act: Act
    title: str | Promise
    done: str | Promise
    icon: str
    key: str = ""
    words: str | Promise = ""
    """The label of the words; without one none are asked for."""
    words_needed: bool = False
    listed: bool = False
    agency: bool = False

    @property
    def asks(self) -> bool:
        """Whether anything has to be filled in."""
        return bool(self.words or self.listed or self.agency)


_SENTENCE = _("A sentence about it")

ACTS: Final[Mapping[str, DeskAct]] = {
    one.act.value: one
    for one in (
        DeskAct(Act.ACCEPT, _("Accept"), _("Accepted"), "check", key="a"),
        DeskAct(
            Act.DECLINE, _("Decline"), _("Declined"), "arrow-back-up", key="d",
            words=_SENTENCE, listed=True,
        ),
        DeskAct(
            Act.CLAIM_DONE, _("Claim done"), _("Said to be done"), "circle-check", key="r",
            words=_("What was done"), words_needed=True,
        ),
        DeskAct(
            Act.PAUSE, _("Pause"), _("Paused"), "player-pause", words=_SENTENCE, listed=True
        ),
        DeskAct(
            Act.ASSIGN, _("Give to an agency"), _("Given to the agency"), "send",
            words=_("Why"), words_needed=True, agency=True,
        ),
        DeskAct(
            Act.NOTE, _("Write a note"), _("Noted"), "notes",
            words=_("Note for colleagues"), words_needed=True,
        ),
    )
}  # fmt: skip


def act_forms(actor: Actor, language: str) -> list[dict[str, Any]]:
    """Return the acts that an actor may do to anything at all, with what they let one choose."""
    return [
        {
            "kind": kind,
            "reasons": _reasons(kind, language),
            "agencies": agency_options(language) if kind.agency else [],
        }
        for kind in ACTS.values()
        if actor.reach(kind.act) is not Reach.NONE
    ]


def act_on(actor: Actor, kind: str, incident: int, version: int, form: Mapping[str, str]) -> None:
    """Do it to one incident, in a transaction of its own; raises what the verb raises."""
    words = form.get("words", "")
    said = Said(reason=form.get("reason", ""), words=words, version=version)
    if kind == Act.DECLINE:
        pipeline.decline(actor, incident, said)
    elif kind == Act.ASSIGN:
        services.assign(actor, incident, form.get("agency", ""), words, version)
    elif kind == Act.NOTE:
        services.add_note(actor, incident, words)
    elif kind in {Act.ACCEPT, Act.PAUSE, Act.CLAIM_DONE}:
        services.take(actor, incident, Step(kind), said)
    else:
        raise UnknownAct


def _reasons(kind: DeskAct, language: str) -> list[tuple[str, str]]:
    if not kind.listed:
        return []
    listed = deadline_rules.rules().reasons_for(Step(kind.act.value))
    return [(reason.code, reason.names[language]) for reason in listed]
