"""The database is killed and comes back, again and again, while people report and desks watch."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlencode
from uuid import uuid4

from gis_core.local_postgis import Server
from scripts.benchmarks.breaking import ground, peers, processes, streams
from scripts.benchmarks.breaking.readers import Reader
from scripts.benchmarks.harness import Line, say

CLIENTS = 2
BETWEEN_S = (0.3, 1.0)
SETTLES_S = 60.0


class Client:
    """Somebody who reports, and sends the same again until it is accepted."""

    def __init__(self, port: int) -> None:
        self.accepted: list[str] = []
        """The codes of what the site said it has."""
        self.retries = 0
        self._port = port
        self._going = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the report under way was accepted."""
        self._going = False
        self._thread.join(SETTLES_S)

    def _run(self) -> None:
        while self._going:
            key = uuid4().hex
            while (code := self._sent(key)) is None:
                self.retries += 1
                time.sleep(0.1)
            self.accepted.append(code)

    def _sent(self, key: str) -> str | None:
        """Return the code once it is accepted; None where it is to be sent again."""
        form = {
            "lon": ground.INSIDE[0], "lat": ground.INSIDE[1], "category": "pothole",
            "text": f"Ổ gà {key}", "phone": "+84903123456",
        }  # fmt: skip
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Idempotency-Key": key,
            "X-Acknowledge-Duplicate": "none",
        }
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        with suppress(OSError, http.client.HTTPException, ValueError):
            link.request("POST", "/api/v1/reports", urlencode(form), headers)
            answer = link.getresponse()
            said = json.loads(answer.read())
            if answer.status in {200, 201}:
                return str(said["code"])
            if answer.status < http.client.INTERNAL_SERVER_ERROR:
                raise RuntimeError(f"the site refused a report: {said}")
        link.close()
        return None


def line(server: Server, trials: int) -> Line:
    """Kill the database ``trials`` times under load; compare what was accepted with what is."""
    from django.db import connection  # noqa: PLC0415, TID251  to be closed before each kill
    from django.db.models import Max  # noqa: PLC0415

    from incidents.models import Event, Notice, Report  # noqa: PLC0415

    Notice.objects.all().delete()
    first = 1 + (Report.objects.aggregate(last=Max("pk"))["last"] or 0)
    before = Event.objects.aggregate(last=Max("pk"))["last"] or 0
    connection.close()
    with (
        peers.sms_gateway() as (address, taken),
        processes.site() as site,
        processes.events() as events,
        processes.sender({"WARDWISE_SMS_URL": address, "WARDWISE_QUIET_HOURS": ""}),
    ):
        reader = Reader(events.port, streams.token())
        reader.wait()
        connection.close()
        clients = [Client(site.port) for _ in range(CLIENTS)]
        for number in range(trials):
            time.sleep(random.uniform(*BETWEEN_S))  # noqa: S311
            _kill(server)
            server.ensure_running()
            if number % 20 == 19:
                say(f"{number + 1} restarts")
        time.sleep(BETWEEN_S[1])
        for client in clients:
            client.stop()
        _go_on()
        opened = _settled(reader, before)
        reader.stop()
        return _line(trials, clients, taken, reader, opened, first)


def _kill(server: Server) -> None:
    """Kill the postmaster: every backend loses its connection, nothing is written back."""
    os.kill(int((server.data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    while server.is_running():
        time.sleep(0.01)


def _go_on() -> None:
    """Do what each start of the site does: take up what a crash left between two steps."""
    from incidents import pipeline  # noqa: PLC0415

    pipeline.resume()


def _settled(reader: Reader, before: int) -> list[int]:
    """Wait until notices are out and the stream has told all; return the opening events' ids."""
    from django.db.models.functions import Now  # noqa: PLC0415

    from incidents.models import Event, Notice  # noqa: PLC0415

    opened: list[int] = []
    end = time.monotonic() + SETTLES_S
    while time.monotonic() < end:
        # Leases and growing waits end: nobody waits minutes for them here.
        ready = Notice.objects.filter(state="ready", carrier="sms")
        left = ready.update(due_at=Now(), attempts=0)
        followed = Event.objects.filter(incident__isnull=False, pk__gt=before)
        opened = list(followed.values_list("pk", flat=True))
        if not left and set(opened) <= _told(reader).keys():
            break
        time.sleep(0.5)
    return opened


def _told(reader: Reader) -> Counter[int]:
    return Counter(int(cursor.rpartition("-")[2]) for cursor, _ in list(reader.seen))


def _line(
    trials: int,
    clients: Sequence[Client],
    taken: peers.Taken,
    reader: Reader,
    opened: Sequence[int],
    first: int,
) -> Line:
    """Count among the reports from ``first`` on: the trials before left merged ones behind."""
    from incidents.models import Membership, Notice, Report  # noqa: PLC0415

    accepted = [code.replace("-", "") for client in clients for code in client.accepted]
    mine = Report.objects.filter(pk__gte=first)
    kept = Counter(mine.values_list("text", flat=True))
    codes = set(mine.values_list("code", flat=True))
    cases = Counter(Membership.objects.filter(report__in=mine).values_list("report", flat=True))
    sms = Notice.objects.filter(report__in=mine, carrier="sms")
    keys = {f"notice-{pk}" for pk in sms.values_list("pk", flat=True)}
    told = _told(reader)
    lost = {
        "reports": len(set(accepted) - codes),
        "incidents": len(codes) - len(cases),
        "notices": len(keys - taken.keys.keys()) + sms.exclude(state="sent").count(),
        "events": len(set(opened) - told.keys()),
    }
    doubled = {
        "reports": sum(kept.values()) - len(kept),
        "incidents": sum(cases.values()) - len(cases),
        "notices": len(taken.keys.keys() - keys),
        "events": sum(told.values()) - len(told),
    }
    return Line(
        bench="faults",
        case="database killed and restarted under load",
        unit="trials",
        ours=trials,
        same_answer=not any((*lost.values(), *doubled.values())) and len(accepted) >= CLIENTS,
        more={
            "trials": trials,
            "lost": sum(lost.values()),
            "doubled": sum(doubled.values()),
            "accepted": len(accepted),
            "sent_again_by_clients": sum(client.retries for client in clients),
            "sms": len(keys),
            "handed_over_again": sum(taken.keys.values()) - len(taken.keys),
            "events": len(opened),
            "stream_returns": reader.returns,
            "lost_of": lost,
            "doubled_of": doubled,
        },
    )
