"""What an incident must be, told by its events alone: written without the code that wrote them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise

from incidents.deadlines import Clock, Limit, Pause, Runs

STATUS_AFTER = {
    "verified": "verified", "rejected": "rejected", "assigned": "assigned", "accepted": "accepted",
    "declined": "verified", "in_progress": "in_progress", "paused": "paused",
    "resumed": "in_progress", "claimed_done": "claimed_done", "closed": "closed",
    "reopened": "assigned", "split": "split", "part_reopened": "split", "merged": "merged",
}  # fmt: skip
LETS_GO = {"declined", "rejected", "claimed_done", "split", "merged"}
TAKES = {"assigned", "reopened"}
ENDS_LENDING = {"link_ended", "declined", "rejected", "closed", "split", "merged"}


@dataclass
class Hold:
    """One agency's time with an incident, as its events tell it."""

    agency: str
    from_event: int
    clock: Clock
    to_event: int | None = None
    ended_by: str = ""
    proven: bool | None = None
    contractor: str | None = None
    promised: str | None = None
    disputed: bool = False


@dataclass
class Told:
    """An incident as its events tell it."""

    status: str = "received"
    agency: str | None = None
    category: str = ""
    where: tuple[float, float, float] | None = None
    ward: int | None = None
    needs_triage: bool = False
    due: datetime | None = None
    claimed: bool = False
    lent: tuple[str, datetime] | None = None
    """To which contractor, and until when."""
    holds: list[Hold] = field(default_factory=list)

    @property
    def held(self) -> Hold | None:
        """The hold that lasts."""
        return self.holds[-1] if self.holds and self.holds[-1].to_event is None else None


def told(events, category, where, ward) -> Told:
    """Return what the events of one incident come to, from what it was when it was opened."""
    state = before = Told(category=category, where=where, ward=ward)
    for event in events:
        if event.kind == "merged":
            before = deepcopy(state)
        if event.kind == "unmerged":
            state = before
        state.status = STATUS_AFTER.get(event.kind, state.status)
        takes = event.kind in TAKES or _begins_anew(event)
        if takes or event.kind in LETS_GO:
            _let_go(state, event)
        if takes:
            _take(state, event)
        _details(state, event)
        _earlier(state, event)
    return state


def _begins_anew(event):
    """Another category whose limit ends sooner begins the clock of the same agency anew."""
    return event.kind == "recategorised" and "limit_s" in event.data


def _earlier(state, event):
    """Merging may let the clock begin earlier, parting and undoing later again."""
    if event.kind in {"joined", "parted", "unmerged"} and "since" in event.data:
        hold = state.held
        hold.clock = replace(hold.clock, begin=datetime.fromisoformat(event.data["since"]))
        state.due = datetime.fromisoformat(event.data["due"]) if event.data["due"] else None


def _let_go(state, event):
    hold = state.held
    state.due = None
    if hold:
        hold.to_event, hold.ended_by = event.pk, event.kind
        hold.proven = event.data.get("proven")


def _take(state, event):
    said = event.data
    limit = Limit(
        timedelta(seconds=said["limit_s"]), Runs(said["runs"]), said["rule"], said["rule_version"]
    )
    hold = Hold(said["agency"], event.pk, Clock(datetime.fromisoformat(said["since"]), limit))
    if state.holds and state.holds[-1].agency != hold.agency:
        state.lent = None
    if state.lent and hold.clock.begin < state.lent[1]:
        hold.contractor = state.lent[0]
    if event.kind == "reopened":
        claims = [one for one in state.holds if one.ended_by == "claimed_done"]
        for last in claims[-1:]:
            last.disputed = True
    state.holds.append(hold)
    state.agency, state.due = said["agency"], datetime.fromisoformat(said["due"])
    state.needs_triage = state.claimed = False


TRIAGE_AFTER = {
    "triage": True, "declined": True, "split": False, "claimed_done": False, "rejected": False,
    "closed": False, "merged": False,
}  # fmt: skip


CLAIMED_AFTER = {"claimed_done": True, "merged": False}


def _details(state, event):
    said = event.data
    state.needs_triage = TRIAGE_AFTER.get(event.kind, state.needs_triage)
    state.claimed = CLAIMED_AFTER.get(event.kind, state.claimed)
    if event.kind in ENDS_LENDING:
        state.lent = None
    if event.kind == "delegated":
        state.lent = (said["contractor"], datetime.fromisoformat(said["until"]))
    if event.kind == "declined":
        state.agency = None
    if event.kind == "split":
        state.agency = said["agency"]
    if event.kind == "moved":
        state.where, state.ward = (said["lon"], said["lat"], said["accuracy_m"]), said["ward"]
    if event.kind == "recategorised":
        state.category = said["category"]
    if state.held:
        _of_hold(state, state.held, event)


def _of_hold(state, hold, event):
    said = event.data
    if event.kind == "paused":
        pause = Pause(datetime.fromisoformat(said["since"]), None)
        hold.clock = Clock(hold.clock.begin, hold.clock.limit, (*hold.clock.pauses, pause))
    if event.kind == "resumed":
        *earlier, last = hold.clock.pauses
        ended = Pause(last.begin, datetime.fromisoformat(said["since"]))
        hold.clock = Clock(hold.clock.begin, hold.clock.limit, (*earlier, ended))
        state.due = datetime.fromisoformat(said["due"])
    if event.kind == "delegated":
        hold.contractor = said["contractor"]
    if event.kind == "link_ended":
        hold.contractor = None
    hold.promised = said.get("promised", hold.promised)


def one_after_another(custodies) -> bool:
    """Tell whether no two custodies of one incident overlap, and only the last may be open."""
    return all(
        one.ended_at and one.ended_at <= other.began_at for one, other in pairwise(custodies)
    )
