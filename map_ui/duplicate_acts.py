"""What the page of possible duplicates does: merge, keep apart, put off, and undo the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from incidents import services
from incidents.actors import Actor
from incidents.said import Said

DONE: Final = "duplicates_done"
"""Where a session keeps what was done here, the last one last."""
MOST_DONE: Final = 30
LATER: Final = timedelta(days=3)

Done = dict[str, Any]


def merge_all(actor: Actor, versions: Mapping[int, int], said: Said, agency: str | None) -> Done:
    """Merge incidents into the earliest, all of them or none; ``versions`` is what was seen.

    Raises whatever ``services.merge_group`` raises.
    """
    survivor = services.merge_group(actor, versions, said, agency=agency, versions=versions)
    sources = [pk for pk in versions if pk != survivor.pk]
    return {"kind": "merge", "sources": sources, "into": survivor.pk}


@transaction.atomic
def give_verdict(actor: Actor, pairs: Sequence[int], verdict: str, said: Said) -> Done:
    """Keep pairs apart, put them off, or ask of them again."""
    for pair in pairs:
        if verdict == "apart":
            services.apart(actor, pair, said)
        elif verdict == "later":
            services.later(actor, pair, timezone.now() + LATER)
        else:
            services.look_again(actor, pair)
    return {"kind": verdict, "pairs": list(pairs)}


@transaction.atomic
def undo(actor: Actor, done: Done) -> str:
    """Undo what was done; return what is said of it."""
    if done["kind"] == "merge":
        for source in reversed(done["sources"]):
            services.undo(actor, source, Said())
        return gettext("Undone: %(sources)s is an incident of its own again.") % _facts(done)
    for pair in done["pairs"]:
        services.look_again(actor, pair)
    return gettext("Undone: it waits in the list again.")


def told_of(done: Done) -> str:
    """Return what is said after an act."""
    if done["kind"] == "merge":
        return gettext("Merged: %(sources)s into #%(into)s.") % _facts(done)
    said = {
        "apart": gettext("Kept apart: it comes back only with new evidence."),
        "later": ngettext(
            "Put off: it is asked again in %(n)s day.",
            "Put off: it is asked again in %(n)s days.",
            LATER.days,
        ) % {"n": LATER.days},
        "again": gettext("It is asked again."),
    }  # fmt: skip
    return said[done["kind"]]


def undo_words(done: Done) -> str:
    """Return what the button says that undoes it."""
    if done["kind"] == "merge":
        return gettext("Undo: %(sources)s merged into #%(into)s") % _facts(done)
    if done["kind"] == "apart":
        return gettext("Undo: kept apart")
    return gettext("Undo: put off")


def remember(session: SessionBase, done: Done) -> None:
    """Keep what was done, so that it can be undone."""
    if done["kind"] != "again":
        session[DONE] = [*session.get(DONE, []), done][-MOST_DONE:]


def last(session: SessionBase) -> Done | None:
    """Return what was done last and not undone."""
    kept: list[Done] = session.get(DONE, [])
    return kept[-1] if kept else None


def forget(session: SessionBase) -> None:
    """Forget what was done last: it was undone, or cannot be any more."""
    session[DONE] = session.get(DONE, [])[:-1]


def _facts(done: Done) -> dict[str, str]:
    return {"sources": numbers(done["sources"]), "into": str(done["into"])}


def numbers(ids: Iterable[int]) -> str:
    """Return incidents by their numbers: "#12, #15"."""
    return ", ".join(f"#{one}" for one in ids)
