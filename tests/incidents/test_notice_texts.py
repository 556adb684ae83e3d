"""Every notice in both languages, filled with the longest that the catalogue has."""

from __future__ import annotations

import re
from string import Formatter

import pytest

from districts import city
from districts.models import Category
from gis_core.names import folded
from incidents import deadline_rules, keys
from incidents.models import AreaAlert, Follower
from incidents.notifications import addresses, facts, texts
from incidents.notifications.recipients import Audience
from incidents.services.telling import KEPT
from incidents.services.working import EVENTS, TOLD

AGENCY = {"agency", "Agency", "agency_name"}
INCIDENT = AGENCY | {"due", "promised", "place", "number", "category", "plain", "link"}
FACTS = {
    Audience.REPORT: INCIDENT | {"code", "mine"},
    Audience.FOLLOWER: INCIDENT | {"stop"},
    Audience.ALERT: INCIDENT | {"stop"},
    Audience.LOGIN: {"digits"},
    Audience.USER: INCIDENT,
    Audience.AGENCY: AGENCY,
}
DIGEST = {"new", "open", "soon", "late", "back", "oldest", "link", "all"}
SITE = "https://1022.tphcm.gov.vn"
PLACES = [(audience, kind) for audience, kind in texts.kinds()]


@pytest.mark.parametrize(("audience", "kind"), PLACES)
def test_a_text_is_in_both_languages_and_names_only_what_is_known(audience, kind):
    spoken = texts.kinds()[audience, kind]
    assert list(spoken) == list(city.current().languages)
    known = DIGEST | FACTS[Audience.AGENCY] if kind == "digest" else FACTS[Audience(audience)]
    if kind == "not_forwarded":
        known = {"category", "plain", "since", "link"}
    if kind == "received":
        known = {"code", "category", "plain", "link", "mine"}  # there is no incident yet
    for one in spoken.values():
        named = {
            name
            for part in (one.subject, one.body, one.short)
            for _, name, _, _ in Formatter().parse(part)
            if name is not None
        }
        assert named <= known
        assert one.subject.strip()
        assert "\n" not in one.subject + one.short


@pytest.mark.parametrize(("audience", "kind"), PLACES)
def test_an_sms_stays_within_its_length_whatever_it_is_filled_with(town, settings, audience, kind):
    settings.WARDWISE_PUBLIC_URL = SITE
    names = [name for one in Category.objects.all() for name in (one.name, one.name_en)]
    most, token = 99_999_999, "9" * 8 + "-" + "x" * 22
    facts = {
        "code": "K7M2-P9XT", "plain": max(map(folded, names), key=len), "digits": "123456",
        "since": "23:59 30 September 2026", "number": str(most), "promised": "30 September 2026",
        **dict.fromkeys(DIGEST, "99999"),
        "stop": addresses.alerting(token) if audience == "alert" else addresses.following(token),
        "link": max(
            addresses.tracking("K7M2P9XT"), addresses.case(most), addresses.answering(token),
            addresses.following(token) if kind == "confirm_following" else "",
            addresses.alerting(token) if kind == "confirm_alert" else "",
            key=len,
        ),
    }  # fmt: skip
    for one in texts.kinds()[audience, kind].values():
        filled = one.short.format_map(facts)
        assert filled.isascii()
        assert len(filled) <= 160, filled


NAMES = {
    "vi": ["Sở Y tế", "VNPT"],
    "en": ["Department of Health", "People's Committee of Ben Thanh Ward", "VNPT"],
}


@pytest.mark.parametrize(("audience", "kind"), PLACES)
@pytest.mark.parametrize(
    ("language", "name"), [(spoken, name) for spoken, names in NAMES.items() for name in names]
)
def test_an_agency_stands_in_each_sentence_as_english_wants_it(audience, kind, language, name):
    """With its article within one, a capital at its beginning, and bare after a colon."""
    others = dict.fromkeys(DIGEST | INCIDENT | {"code", "since", "stop", "mine", "digits"}, "…")
    said = texts.text(audience, kind, language).filled(others | facts.of_agency(name, language))
    office = language == "en" and name != "VNPT"
    for line in f"{said.subject}\n{said.body}\n{said.short}".split("\n"):
        for before in line.split(name)[:-1]:
            bare = before.endswith(": ") or (not before and line.startswith(f"{name}: "))
            within = before.endswith(" the ") or before == "The "
            assert within == (office and not bare), line


def test_tokens_are_as_long_as_was_reckoned_with():
    for row in (Follower(pk=99_999_999, nonce="n"), AreaAlert(pk=99_999_999, nonce="n")):
        assert re.fullmatch(r"\d{8}-[\w-]{22}", keys.token_of(row))


def test_whatever_a_step_tells_has_its_text():
    for step in TOLD:
        for audience in (Audience.REPORT, Audience.FOLLOWER):
            assert texts.known(audience, EVENTS[step]), (audience, step)
    for rung in deadline_rules.rules().ladder:
        assert texts.known(Audience.USER, f"escalated_{rung.code}")


@pytest.mark.parametrize(("audience", "kind"), PLACES)
def test_every_mail_to_somebody_without_an_account_says_how_to_end_it(audience, kind):
    ends = {"report": "{mine}", "follower": "{stop}", "alert": "{stop}"}.get(audience, "")
    for one in texts.kinds()[audience, kind].values():
        last = one.body.rstrip().split("\n")[-1]
        assert ends in last or kind.startswith("confirm_")


def test_a_notice_keeps_codes_and_days_only():
    assert set(KEPT) == {"agency", "due", "promised"}


def test_a_missing_fact_is_a_fault_and_not_a_gap_in_the_text():
    with pytest.raises(KeyError):
        texts.text(Audience.LOGIN, "login_code", "vi").filled({})
