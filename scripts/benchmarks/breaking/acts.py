"""What is done to a case while its server is killed: every verb of the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from scripts.benchmarks.breaking import ground


@dataclass(frozen=True, slots=True)
class Case:
    """A case that somebody acts on: ids; ``key`` is that of a report not sent yet."""

    incident: int
    other: int
    """Another case, opened before it."""
    report: int
    agency: int
    operator: int
    officer: int
    key: str


Act = Callable[[Case], object]


@dataclass(frozen=True, slots=True)
class Verb:
    """What is done, and what was done to the case before."""

    act: Act
    before: tuple[str, ...] = ()
    unsure: bool = False
    """The pin lies on a border: nobody has the case yet."""
    alone: bool = False
    """It may touch other cases too: nothing else is done meanwhile."""
    in_steps: bool = False
    """It commits more than once: whoever does it again goes on where it was cut off."""


def fresh(name: str) -> Case:
    """Return a fresh case, brought to where a verb begins."""
    from django.contrib.auth.models import User  # noqa: PLC0415  Django is set up now

    from districts.models import Agency  # noqa: PLC0415
    from incidents.models import Incident  # noqa: PLC0415

    verb = VERBS[name]
    other, report = (ground.receive(uuid4().hex, unsure=verb.unsure) for _ in range(2))
    incidents = [Incident.objects.get(memberships__report=one) for one in (report, other)]
    agency = incidents[0].agency_id or Agency.objects.get(code="ubnd-101").pk
    officer = User.objects.get(staff__agency=agency)
    operator = User.objects.get(username="operator")
    ids = (incident.pk for incident in incidents)
    case = Case(*ids, report, agency, operator.pk, officer.pk, uuid4().hex)
    for earlier in verb.before:
        (_alone if earlier == ALONE else VERBS[earlier].act)(case)
    return case


def _alone(case: Case) -> None:
    """The watch has no other case to look at."""
    from incidents.models import Incident  # noqa: PLC0415

    others = Incident.objects.exclude(next_step_at=None).exclude(pk=case.incident)
    others.update(next_step_at=None)


def _actors(case: Case) -> tuple[Any, Any, Any]:
    """Return an officer of the agency, an operator, and the reporter."""
    from incidents.actors import Actor  # noqa: PLC0415  Django is set up now
    from incidents.permissions import Role  # noqa: PLC0415

    officer = Actor(case.officer, Role.AGENCY_STAFF, frozenset({case.agency}))
    operator = Actor(case.operator, Role.OPERATOR)
    return officer, operator, Actor(role=Role.CITIZEN, incident=case.incident)


def _step(name: str, *, by_operator: bool = False, **said: Any) -> Act:
    def act(case: Case) -> object:
        from incidents import services  # noqa: PLC0415
        from incidents.workflow import Step  # noqa: PLC0415

        officer, operator, _ = _actors(case)
        who = operator if by_operator else officer
        return services.take(who, case.incident, Step(name), services.Said(**said))

    return act


def _claim_done(case: Case) -> object:
    """On the spot, so that it is proven."""
    from gis_core.positions import LonLat  # noqa: PLC0415
    from incidents import services  # noqa: PLC0415
    from incidents.said import CheckIn  # noqa: PLC0415
    from incidents.workflow import Step  # noqa: PLC0415

    said = services.Said(words="Đã vá", check_in=CheckIn(LonLat(*_where(case)), 5))
    return services.take(_actors(case)[0], case.incident, Step.CLAIM_DONE, said)


def _assign(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    return services.assign(_actors(case)[1], case.incident, "tt-1022", "Đổi đơn vị")


def _decline(case: Case) -> object:
    from incidents import pipeline  # noqa: PLC0415
    from incidents.said import Said  # noqa: PLC0415

    return pipeline.decline(_actors(case)[0], case.incident, Said(reason="not_ours"))


def _split(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    parts = [services.Part("tt-1022"), services.Part("tt-1022", "fallen-tree")]
    said = services.Said(words="Hai việc")
    return services.split(_actors(case)[1], case.incident, parts, said)


def _delegate(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    return services.delegate(_actors(case)[0], case.incident, "tt-1022", "Làm giúp")


def _move(case: Case) -> object:
    from gis_core.positions import LonLat, Position  # noqa: PLC0415
    from incidents import pipeline  # noqa: PLC0415

    lon, lat = _where(case)
    where = Position(LonLat(lon + 0.0002, lat), 10)
    return pipeline.change(_actors(case)[0], case.incident, position=where)


def _where(case: Case) -> tuple[float, float]:
    from incidents.models import Incident  # noqa: PLC0415

    place = Incident.objects.get(pk=case.incident).position
    return place.x, place.y


def _recategorise(case: Case) -> object:
    """Asked first, and agreed to where the case changes hands."""
    from incidents import pipeline  # noqa: PLC0415
    from incidents.work_errors import AgencyWouldChange  # noqa: PLC0415

    operator = _actors(case)[1]
    try:
        return pipeline.change(operator, case.incident, category="litter")
    except AgencyWouldChange as asked:
        agreed = str(asked.facts["agency"])
        return pipeline.change(operator, case.incident, category="litter", agency=agreed)


def _merge(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    return services.merge(_actors(case)[1], case.incident, case.other)


def _unmerge(case: Case) -> object:
    from incidents.services import unmerging  # noqa: PLC0415

    return unmerging.undo(_actors(case)[1], case.incident)


def _receive(case: Case) -> object:
    return ground.receive(case.key)


def _look_after(days: int) -> Act:
    """The watch looks at what is due, so many days later."""

    def act(_case: Case) -> object:
        from django.utils import timezone  # noqa: PLC0415

        from incidents.services.escalating import look_at_deadlines  # noqa: PLC0415

        return look_at_deadlines(timezone.now() + timedelta(days=days))

    return act


def _seal(_case: Case) -> object:
    from incidents.services.sealing import seal_events  # noqa: PLC0415

    while many := seal_events():
        pass
    return many


def _promise(case: Case) -> object:
    from django.utils import timezone  # noqa: PLC0415

    from incidents import services  # noqa: PLC0415

    day = timezone.localdate() + timedelta(days=5)
    said = services.Said(words="Đang chờ nhựa", promised=day)
    return services.promise(_actors(case)[0], case.incident, said)


def _note(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    return services.add_note(_actors(case)[0], case.incident, "Đã gọi nhà thầu")


def _confirm(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    return services.confirm(_actors(case)[2], case.incident, case.report)


def _dispute(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    said = services.Said(words="Vẫn còn")
    return services.dispute(_actors(case)[2], case.incident, case.report, said)


def _rate(case: Case) -> object:
    from incidents import services  # noqa: PLC0415

    return services.rate(_actors(case)[2], case.report, 4, ["quick"], "Tốt")


def _follow(case: Case) -> object:
    from incidents.services.following import Following, follow  # noqa: PLC0415

    # An address of its own: one is sent a few links that it never opens, and then no more.
    mai = f"mai-{case.incident}@example.vn"
    return follow(case.incident, Following(email=mai, too=True))


ALONE = "alone"
WORK = ("accept", "start")
DONE = (*WORK, "claim_done")
VERBS: Mapping[str, Verb] = {
    "receive": Verb(_receive, in_steps=True),
    "verify": Verb(_step("verify", by_operator=True), unsure=True),
    "accept": Verb(_step("accept")),
    "start": Verb(_step("start"), ("accept",)),
    "pause": Verb(_step("pause", reason="weather"), WORK),
    "resume": Verb(_step("resume"), (*WORK, "pause")),
    "claim_done": Verb(_claim_done, WORK),
    "close": Verb(_step("close", by_operator=True), DONE),
    "reopen": Verb(_step("reopen", by_operator=True, words="Chưa xong"), DONE),
    "reject": Verb(_step("reject", by_operator=True, reason="nothing_found")),
    "assign": Verb(_assign),
    "decline": Verb(_decline),
    "split": Verb(_split),
    "delegate": Verb(_delegate),
    "move": Verb(_move),
    "recategorise": Verb(_recategorise),
    "promise": Verb(_promise, WORK),
    "add_note": Verb(_note),
    "merge": Verb(_merge),
    "undo a merging": Verb(_unmerge, ("merge",)),
    "confirm": Verb(_confirm, DONE),
    "dispute": Verb(_dispute, DONE),
    "rate": Verb(_rate, DONE),
    "follow": Verb(_follow),
    "the watch, escalating": Verb(_look_after(40), (*WORK, ALONE), alone=True),
    "the watch, closing": Verb(_look_after(40), (*DONE, ALONE), alone=True),
    "the watch, ending a pause": Verb(_look_after(80), (*WORK, "pause", ALONE), alone=True),
    "seal": Verb(_seal, ("seal", "add_note"), alone=True),
}
