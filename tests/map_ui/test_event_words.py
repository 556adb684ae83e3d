"""Auditors read what happened and who did it in words, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import incidents
from incidents.permissions import Role
from incidents.timeline import SENTENCES
from map_ui.event_words import KINDS
from map_ui.templatetags.case import ROLES
from tests.map_ui.conftest import send
from tests.map_ui.test_case_pages import browser, officer

RECORDED = re.compile(r'(?:Happening|_record|record)\(\s*"([a-z_]+)"')


def test_every_kind_of_event_has_a_name():
    sources = Path(incidents.__file__).parent.rglob("*.py")
    recorded = {kind for file in sources for kind in RECORDED.findall(file.read_text("utf-8"))}
    assert len(recorded) > 20
    assert recorded | set(SENTENCES) <= set(KINDS)
    assert set(map(str, Role)) | {"system"} <= set(ROLES)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("spoken", "words"),
    [
        ("vi", ("Mở vụ việc", "Đã chuyển đến đơn vị", "hệ thống")),
        ("en", ("Case opened", "operator")),
    ],
)
def test_the_record_and_its_choices_are_in_words(town, spoken, words):
    send()
    auditor = browser(officer("an", Role.OVERSIGHT))
    page = auditor.get("/oversight", headers={"accept-language": spoken}).content.decode()
    for word in words:
        assert word in page
    assert '<option value="opened">' in page
    assert "<td>opened</td>" not in page
