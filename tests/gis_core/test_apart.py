"""Work in a process of its own answers, fails, and ends where whoever waits does."""

from __future__ import annotations

import math
import os
import time

import numpy as np
import pytest

from gis_core.apart import BEAT_S, WorkDied, apart


class Cancelled(Exception):
    pass


def cancelled():
    raise Cancelled


def test_it_answers_and_is_beaten_while_it_lasts():
    beats = []
    answer = apart(lambda: beats.append(1), np.sort, np.array([3.0, 1.0, 2.0]))
    assert answer.tolist() == [1.0, 2.0, 3.0]
    apart(lambda: beats.append(1), time.sleep, 2 * BEAT_S)
    assert beats


def test_whoever_cancels_waits_no_longer():
    began = time.monotonic()
    with pytest.raises(Cancelled):
        apart(cancelled, time.sleep, 600)
    assert time.monotonic() - began < 60


def test_work_that_fails_or_is_killed_says_so():
    with pytest.raises(WorkDied, match="ValueError"):
        apart(int, math.sqrt, -1.0)
    with pytest.raises(WorkDied):
        apart(int, os._exit, 1)
