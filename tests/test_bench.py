"""Every benchmark runs, prints lines that a machine reads, and gives its peer's answer."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from scripts.benchmarks.__main__ import names
from scripts.benchmarks.harness import (
    CITY,
    ROOT,
    Line,
    create_database,
    drop_database,
    percentile,
)

KEYS = {"bench", "case", "peer", "unit", "ours", "peer_value", "ratio", "same_answer"}


@pytest.fixture(scope="session")
def city(tmp_path_factory, worker_id):
    """The name of a database in which the city is loaded once for all benchmarks.

    Test processes that run at once share it: one makes it while the others wait, and drops it when
    none of them uses it any more.
    """
    folder = tmp_path_factory.getbasetemp()
    folder = folder if worker_id == "master" else folder.parent
    told = folder / "city"
    with (folder / "city.making").open("a") as making, (folder / "city.using").open("a") as using:
        fcntl.flock(making, fcntl.LOCK_EX)
        fcntl.flock(using, fcntl.LOCK_SH)
        made = "" if told.exists() else loaded()
        if made:
            told.write_text(urlsplit(made).path.lstrip("/"))
        fcntl.flock(making, fcntl.LOCK_UN)
        yield told.read_text()
        if made:
            fcntl.flock(using, fcntl.LOCK_EX)
            told.unlink()
            drop_database(made)


def loaded():
    """Return the address of a new database with the city in it."""
    address = create_database("city")
    subprocess.run(
        [sys.executable, "-m", "scripts.benchmarks.city"], cwd=ROOT, check=True, timeout=600,
        env=os.environ | {"DATABASE_URL": address},
    )  # fmt: skip
    return address


def bench(*arguments, **environment):
    """Run scripts/bench on the database server of these tests."""
    return subprocess.run(
        [ROOT / "scripts" / "bench", *arguments],
        env=os.environ | environment, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", names())
def test_a_quick_run_prints_lines_with_the_same_answer(name, city):
    done = bench(name, "--quick", **{CITY: city})
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr[-3000:]
    assert lines
    for line in lines:
        assert set(line) >= KEYS
        assert line["bench"] == name
        assert line["ours"] > 0
        assert line["same_answer"] is True


def test_without_a_name_it_lists_the_benchmarks():
    assert bench().stdout.split() == names()


def test_an_unknown_name_is_refused_with_the_known_ones():
    done = bench("nonsense")
    assert done.returncode == 2
    assert all(name in done.stderr for name in names())


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 5), (0.95, 10), (0.9, 9), (1.0, 10), (0.0, 1)]
)
def test_percentiles_are_values_that_were_measured(share, expected):
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == expected


@pytest.mark.parametrize(("unit", "expected"), [("ms", 4.0), ("answers/s", 0.25)])
def test_the_ratio_says_how_many_times_better(unit, expected):
    line = Line(bench="b", case="c", unit=unit, ours=2.0, peer="p", peer_value=8.0)
    assert json.loads(line.as_json())["ratio"] == expected


def test_without_a_peer_there_is_no_ratio():
    line = json.loads(Line(bench="b", case="c", unit="ms", ours=2.0).as_json())
    assert (line["peer_value"], line["ratio"]) == (None, None)
