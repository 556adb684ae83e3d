"""The server is killed inside each service verb: a case is as it was, or as the verb leaves it."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from scripts.benchmarks.breaking import ground
from scripts.benchmarks.breaking.victims import Zygote, ready
from scripts.benchmarks.harness import Line


@dataclass(frozen=True, slots=True)
class Case:
    """A case that somebody acts on: ids, and the code of the agency that has it."""

    incident: int
    report: int
    agency: int
    operator: int
    officer: int


Act = Callable[[Case], object]


@dataclass(frozen=True, slots=True)
class Verb:
    """What is done, and what was done to the case before."""

    act: Act
    before: tuple[str, ...] = ()


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

    lon, lat = ground.INSIDE
    where = Position(LonLat(lon + 0.0002, lat), 10)
    return pipeline.change(_actors(case)[0], case.incident, position=where)


def _promise(case: Case) -> object:
    from datetime import timedelta  # noqa: PLC0415

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

    return follow(case.incident, Following(email="mai@example.vn", too=True))


WORK = ("accept", "start")
DONE = (*WORK, "claim_done")
VERBS: Mapping[str, Verb] = {
    "accept": Verb(_step("accept")),
    "start": Verb(_step("start"), ("accept",)),
    "pause": Verb(_step("pause", reason="weather"), WORK),
    "resume": Verb(_step("resume"), (*WORK, "pause")),
    "claim_done": Verb(_step("claim_done", words="Đã vá"), WORK),
    "reopen": Verb(_step("reopen", by_operator=True, words="Chưa xong"), DONE),
    "reject": Verb(_step("reject", by_operator=True, reason="nothing_found")),
    "assign": Verb(_assign),
    "decline": Verb(_decline),
    "split": Verb(_split),
    "delegate": Verb(_delegate),
    "move": Verb(_move),
    "promise": Verb(_promise, WORK),
    "add_note": Verb(_note),
    "confirm": Verb(_confirm, DONE),
    "dispute": Verb(_dispute, DONE),
    "rate": Verb(_rate, DONE),
    "follow": Verb(_follow),
}


@dataclass(slots=True)
class Tally:
    """What cases looked like after the kills."""

    trials: int = 0
    killed: int = 0
    undone: int = 0
    done: int = 0
    torn: int = 0
    statements: int = 0
    stuck: bool = False
    odd: list[str] = field(default_factory=list)


def lines(trials: int, names: Sequence[str] = tuple(VERBS)) -> Iterator[Line]:
    """Yield a line for each verb."""
    with ready({}) as zygote, tempfile.TemporaryDirectory() as folder:
        for name in names:
            yield _line(name, _tried(zygote, name, trials, Path(folder) / "count"))


def _line(name: str, tally: Tally) -> Line:
    return Line(
        bench="faults",
        case=f"server killed inside {name}",
        unit="trials",
        ours=tally.trials,
        same_answer=not tally.torn and not tally.stuck and tally.killed == tally.trials,
        more={
            "trials": tally.trials,
            "killed": tally.killed,
            "as_before": tally.undone,
            "as_after": tally.done,
            "lost": tally.torn,
            "doubled": 0,
            "statements": tally.statements,
            "goes_on": not tally.stuck,
            **({"odd": tally.odd[:2]} if tally.odd else {}),
        },
    )


def _tried(zygote: Zygote, name: str, trials: int, count: Path) -> Tally:
    """Kill inside the verb at each of its statements and around its commit, in turn at random."""
    tally = Tally(trials)
    case = _case(name)
    before = footprint(case)
    zygote.run({"job": "verb", "name": name, "case": asdict(case), "count": str(count)})
    after = footprint(case)
    tally.statements = int(count.read_text())
    moments = [*range(1, tally.statements + 1), "commit", "committed"]
    case = _case(name)
    for number in range(trials):
        in_turn = trials >= len(moments)
        kill = moments[number % len(moments)] if in_turn else random.choice(moments)  # noqa: S311
        order = {"job": "verb", "name": name, "case": asdict(case), "kill": kill}
        tally.killed += zygote.run(order)
        found = footprint(case)
        tally.undone += found == before
        tally.done += found == after
        if found not in (before, after):
            tally.torn += 1
            tally.odd.append(f"{kill}: {found} is neither {before} nor {after}")
        if found != before:
            case = _case(name)
    # Nothing that a killed server held is in the way of the next one.
    zygote.run({"job": "verb", "name": name, "case": asdict(case)})
    tally.stuck = footprint(case) != after
    return tally


def _case(name: str) -> Case:
    """Return a fresh case, brought to where the verb begins."""
    from django.contrib.auth.models import User  # noqa: PLC0415

    from incidents.models import Incident  # noqa: PLC0415

    report = ground.receive(uuid4().hex)
    incident = Incident.objects.get(memberships__report=report)
    agency = incident.agency_id or 0
    officer = User.objects.get(staff__agency=agency)
    operator = User.objects.get(username="operator")
    case = Case(incident.pk, report, agency, operator.pk, officer.pk)
    for earlier in VERBS[name].before:
        VERBS[earlier].act(case)
    return case


def footprint(case: Case) -> dict[str, object]:
    """Return all that the verbs write of a case: its state, and how many rows of each kind."""
    from incidents import models  # noqa: PLC0415  Django is set up now

    row = models.Incident.objects.get(pk=case.incident)
    parts = list(models.Incident.objects.filter(parent=row).values_list("pk", flat=True))
    tables = (
        models.Event, models.Custody, models.Notice, models.Note, models.Link, models.Follower,
        models.Rating, models.Decision, models.WorkPhoto,
    )  # fmt: skip
    return {
        "status": row.status,
        "version": row.version,
        "held": row.agency_id == case.agency,
        "clock": row.due_at is not None,
        "too": row.too_count,
        "parts": len(parts),
        "open": models.Custody.objects.filter(incident=row, to_event=None).count(),
        **{
            table.__name__: table.objects.filter(incident__in=[row.pk, *parts]).count()
            for table in tables
        },
    }
