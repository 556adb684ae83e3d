"""The worker is killed at each step of sending: what do the carriers get, all in all?"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

from scripts.benchmarks.breaking import ground, peers
from scripts.benchmarks.breaking.peers import Taken
from scripts.benchmarks.breaking.victims import Zygote, ready
from scripts.benchmarks.harness import Line

NOTICES = 3
"""Written before each trial, of which one is on its way when the worker is killed."""
STEPS = {
    "claimed": "after the claim",
    "written": "before the carrier",
    "taken": "after the carrier took it, before its answer",
    "answered": "after the answer, before the mark",
    "marked": "after the mark",
    "any": "at any moment",
}
LONGEST_S = 0.2
"""By when a worker is killed at any moment: about as long as it takes on a busy machine."""


@dataclass(slots=True)
class Tally:
    """What became of the notices of many trials."""

    trials: int = 0
    killed: int = 0
    lost: int = 0
    doubled: int = 0
    """Keys that no notice has: what even a gateway that honours keys would send twice."""
    again: int = 0
    changed: int = 0
    """Attempts under one key that said something else."""
    unmarked: int = 0


def lines(trials: int) -> Iterator[Line]:
    """Yield a line for each step and carrier."""
    with peers.mail_server() as (mail, mails), peers.sms_gateway() as (sms, messages):
        environment = {
            "WARDWISE_SMTP_URL": mail,
            "WARDWISE_SMS_URL": sms,
            "WARDWISE_EMAIL_FROM": "1022@example.vn",
            "WARDWISE_QUIET_HOURS": "",
        }
        with ready(environment) as zygote:
            zygote.warm({"job": "drain"})
            for step in STEPS:
                yield _line(step, "sms", _tried(zygote, "sms", messages, step, trials))
                yield _line(step, "email", _tried(zygote, "email", mails, step, trials))


def _line(step: str, carrier: str, tally: Tally) -> Line:
    # SMTP knows no key: a mail may come twice, under one Message-ID, and is never lost.
    doubled = tally.doubled + (tally.again if carrier == "email" else 0)
    happened = tally.killed == tally.trials or step == "any"
    return Line(
        bench="faults",
        case=f"worker killed {STEPS[step]}, {carrier}",
        unit="trials",
        ours=tally.trials,
        same_answer=happened and not (tally.lost + tally.doubled + tally.changed + tally.unmarked),
        more={
            "trials": tally.trials,
            "killed": tally.killed,
            "lost": tally.lost,
            "doubled": doubled,
            "handed_over_again": tally.again,
            "other_words_under_one_key": tally.changed,
        },
    )


def _tried(zygote: Zygote, carrier: str, taken: Taken, step: str, trials: int) -> Tally:
    from django.db.models.functions import Now  # noqa: PLC0415  Django is set up now

    from incidents.models import Notice  # noqa: PLC0415

    report, tally = ground.report(), Tally(trials)
    for _ in range(trials):
        taken.keys.clear()
        taken.contents.clear()
        mine = _written(report, carrier)
        tally.killed += _killed(zygote, taken, step)
        taken.spare()
        # The lease ends: nobody waits two minutes for it here.
        Notice.objects.filter(pk__in=mine, state="ready").update(due_at=Now())
        zygote.run({"job": "drain"})
        kept = Notice.objects.filter(pk__in=mine)
        tally.unmarked += kept.exclude(state="sent").count()
        expected = {_key(pk, carrier) for pk in mine}
        tally.lost += len(expected - taken.keys.keys())
        tally.doubled += len(taken.keys.keys() - expected)
        tally.again += sum(taken.keys.values()) - len(taken.keys)
        tally.changed += sum(len(said) - 1 for said in taken.contents.values())
        kept.delete()
    return tally


def _killed(zygote: Zygote, taken: Taken, step: str) -> bool:
    nth = 1 if step == "claimed" else random.randint(1, NOTICES)  # noqa: S311
    pid = zygote.start({"job": "drain", "step": step, "nth": nth})
    if step == "taken":
        taken.kill(pid, nth)
    zygote.go()
    if step == "any":
        time.sleep(random.uniform(0, LONGEST_S))  # noqa: S311
        ground.kill(pid)
    return zygote.ended()


def _key(pk: int, carrier: str) -> str:
    return f"notice-{pk}" if carrier == "sms" else f"<notice-{pk}@example.vn>"


def _written(report: int, carrier: str) -> list[int]:
    from incidents.models import Notice  # noqa: PLC0415

    made = Notice.objects.bulk_create(
        Notice(kind="received", carrier=carrier, report_id=report, dedupe=f"faults-{uuid4().hex}")
        for _ in range(NOTICES)
    )
    return [notice.pk for notice in made]
