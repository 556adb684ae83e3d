"""When a limit ends: what ends at midnight ends with the day before, on pages and in notices."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from incidents.notifications import facts
from map_ui.due_words import due_moment, last_day

MIDNIGHT = datetime(2026, 12, 1, 17, tzinfo=UTC)
"""In the city the 2nd of December begins."""
AFTERNOON = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "due", "said"),
    [
        ("vi", MIDNIGHT, "hết ngày 01/12/2026"),
        ("en", MIDNIGHT, "the end of 01 Dec 2026"),
        ("vi", AFTERNOON, "01/12/2026 15:30"),
        ("en", AFTERNOON, "01 Dec 2026 15:30"),
    ],
)
def test_a_limit_is_told_by_the_day_that_is_still_in_time(language, due, said):
    with override(language):
        assert due_moment(due) == said


def test_a_promised_day_is_told_as_it_was_promised():
    with override("vi"):
        assert last_day(MIDNIGHT) == "01/12/2026"


@pytest.mark.parametrize("due", [MIDNIGHT, AFTERNOON])
def test_a_notice_names_the_same_day(due):
    assert facts.last_day(due, "vi") == "01/12/2026"
    assert facts.last_day(due, "en") == "1 December 2026"
    assert facts.last_day(None, "en") == "–"
