"""What goes on in the background dies whole, so that whoever started it starts it again."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import InterfaceError, OperationalError

from incidents import background
from incidents.management.commands.work import WORKERS

LAN = "lan@example.vn"


def broken(_go_on):
    raise RuntimeError(LAN)


def patient(go_on):
    while go_on():
        time.sleep(0.01)


@pytest.fixture(autouse=True)
def own_signals():
    """The command takes the process's signals; whatever it does with them, it ends."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    late = threading.Timer(10, os.kill, (os.getpid(), signal.SIGTERM))
    late.start()
    yield
    late.cancel()
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_a_worker_that_dies_takes_the_process_along(monkeypatch, caplog):
    for worker in (broken, patient):
        monkeypatch.setitem(WORKERS, worker.__name__, f"{__name__}.{worker.__name__}")
    with pytest.raises(CommandError, match="broken"):
        call_command("work", "patient", "broken")
    assert "RuntimeError" in caplog.text
    assert LAN not in caplog.text


def test_a_disk_that_takes_nothing_stops_no_other_work(monkeypatch, settings, tmp_path, caplog):
    """Columns need a folder; where there can be none, it is said, and tried again later."""
    settings.WARDWISE_COLUMNS_DIR = tmp_path / "file"
    settings.WARDWISE_COLUMNS_DIR.touch()
    monkeypatch.setattr(background, "UNWRITTEN_S", 0.0)
    left = iter([True, True, True])
    background.columns(lambda: next(left, False))
    assert caplog.text.count("cannot be written: Not a directory") >= 2


@pytest.mark.django_db  # a connection that an earlier test left open is looked at
@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_is_away_is_waited_for(fault, caplog):
    looks = iter([fault, None])

    def look():
        if raised := next(looks):
            raise raised

    left = iter([True] * 5)
    background._repeat(look, 0.0, lambda: next(left, False))
    assert f"The database is away: {fault.__name__}" in caplog.text
    assert next(looks, "looked again") == "looked again"
