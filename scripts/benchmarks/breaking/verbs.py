"""The server is killed inside each service verb: a case is as it was, or as the verb leaves it."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from scripts.benchmarks.breaking.acts import VERBS, Case, fresh
from scripts.benchmarks.breaking.together import at_once
from scripts.benchmarks.breaking.victims import Zygote, ready
from scripts.benchmarks.harness import Line

Print = dict[str, object]
FEW = 3
"""So many verbs are done before a second process to be killed stands ready."""


@dataclass(slots=True)
class Tally:
    """What cases looked like after the kills."""

    trials: int = 0
    killed: int = 0
    undone: int = 0
    done: int = 0
    torn: int = 0
    """Neither; where a verb commits in steps: what doing it again did not bring to its end."""
    statements: int = 0
    stuck: bool = False
    odd: list[str] = field(default_factory=list)


def lines(trials: int, names: Sequence[str] = tuple(VERBS)) -> Iterator[Line]:
    """Yield a line for each verb; where they are many, two at once that do not meet."""
    apart = [name for name in names if VERBS[name].alone]
    others = [name for name in names if name not in apart]
    parts = 2 if len(others) > FEW else 1
    yield from at_once(*(partial(_lines, trials, others[n::parts]) for n in range(parts)))
    if apart:
        yield from _lines(trials, apart)


def _lines(trials: int, names: Sequence[str]) -> Iterator[Line]:
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
    """Kill inside the verb at each of its statements and commits, in turn or at random."""
    tally = Tally(trials)
    zygote.warm(_order(name, fresh(name)))
    case = fresh(name)
    before = footprint(case)
    zygote.run({**_order(name, case), "count": str(count)})
    after = footprint(case)
    tally.statements, commits = map(int, count.read_text().split())
    moments = _moments(tally.statements, commits)
    case = fresh(name)
    for number in range(trials):
        in_turn = trials >= len(moments)
        kill = moments[number % len(moments)] if in_turn else random.choice(moments)  # noqa: S311
        if not zygote.run({**_order(name, case), "kill": kill}):
            case = fresh(name)  # it had less to do this time, and came to its end
            kill = "commit-1"
            tally.killed += zygote.run({**_order(name, case), "kill": kill}) - 1
        tally.killed += 1
        if _compare(zygote, name, case, tally, (before, after), kill) != before:
            case = fresh(name)
    # Nothing that a killed server held is in the way of the next one.
    zygote.run(_order(name, case))
    tally.stuck = footprint(case) != after
    return tally


def _order(name: str, case: Case) -> dict[str, Any]:
    return {"job": "verb", "name": name, "case": asdict(case)}


def _compare(
    zygote: Zygote, name: str, case: Case, tally: Tally, states: tuple[Print, Print], kill: object
) -> Print:
    """Count what the case looks like after a kill, and return it.

    Where a verb goes in steps it is done again first.
    """
    before, after = states
    found = footprint(case)
    tally.undone += found == before
    tally.done += found == after
    if VERBS[name].in_steps and found != after:
        zygote.run(_order(name, case))
        found = footprint(case)
        whole = found == after
    else:
        whole = found in states
    if not whole:
        tally.torn += 1
        tally.odd.append(f"{kill}: {found} is neither {before} nor {after}")
    return found


def _moments(statements: int, commits: int) -> list[int | str]:
    """Return when to kill: before a statement, before or after the so-manieth commit."""
    around = [f"{when}-{n}" for n in range(1, commits + 1) for when in ("commit", "committed")]
    return [*range(1, statements + 1), *around]


def footprint(case: Case) -> Print:
    """Return all that the verbs write of a case: its state, and how many rows of each kind."""
    from incidents import models  # noqa: PLC0415  Django is set up now

    rows = [models.Incident.objects.get(pk=pk) for pk in (case.incident, case.other)]
    ids = [case.incident, case.other]
    ids += models.Incident.objects.filter(parent__in=ids).values_list("pk", flat=True)
    sent = models.Report.objects.filter(key=case.key)
    ids += models.Membership.objects.filter(report__in=sent).values_list("incident", flat=True)
    tables = (
        models.Event, models.Custody, models.Notice, models.Note, models.Link, models.Follower,
        models.Rating, models.Decision, models.WorkPhoto, models.Membership,
    )  # fmt: skip
    custodies = models.Custody.objects.filter(incident__in=ids)
    return {
        "status": [row.status for row in rows],
        "version": [row.version for row in rows],
        "held": rows[0].agency_id == case.agency,
        "clock": [row.due_at is not None for row in rows],
        "category": rows[0].category_id,
        "too": rows[0].too_count,
        "cases": len(set(ids)),
        "sent": list(sent.values_list("state", flat=True)),
        "open": custodies.filter(to_event=None).count(),
        "rungs": sum(len(steps) for steps in custodies.values_list("steps", flat=True)),
        "sealed": models.Seal.objects.filter(event__incident__in=ids).count(),
        "lent": models.Link.objects.filter(incident__in=ids, ended_at=None).count(),
        **{table.__name__: table.objects.filter(incident__in=ids).count() for table in tables},
    }
