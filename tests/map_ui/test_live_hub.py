"""The follower deals each change out once, whatever becomes of the database between two looks."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from django.db import OperationalError

from incidents import feed
from incidents.feed import Cursor
from map_ui.live_hub import Hub


@dataclass(frozen=True)
class Change:
    cursor: Cursor


@dataclass
class Loop:
    """Keeps what it is to call."""

    dealt: list = field(default_factory=list)

    def call_soon_threadsafe(self, _deal, changes):
        self.dealt.extend(changes)


def test_what_was_dealt_is_not_dealt_again_when_the_database_goes_away(monkeypatch):
    happened = [Change(Cursor(7, number)) for number in range(1, 6)]
    looks = []

    def changes_after(at):
        looks.append(at)
        if len(looks) in {2, 4}:
            raise OperationalError
        return [change for change in happened if change.cursor > at][:2]

    monkeypatch.setattr(feed, "changes_after", changes_after)
    hub, loop = Hub(), Loop()
    hub._loop = loop
    for _ in range(2):
        with pytest.raises(OperationalError):
            hub.look()
    hub.look()
    assert loop.dealt == happened
