"""Every address of the site shows each role what ``visible_to`` gives it, and acts as it may.

Whoever adds an address says here or in ``addresses.LISTS`` what it does.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.http import FileResponse
from django.urls import URLPattern, URLResolver, get_resolver

from districts.administration.site import ADMINISTRATOR_GROUP
from incidents import links
from incidents.actors import ANYBODY
from incidents.dossier.reading import dossier, office_sees
from incidents.models import Incident, Link, Notice, Photo, Report
from incidents.permissions import Act
from incidents.photos import path_of
from incidents.selectors import visible_to
from map_ui.case_forms import KINDS
from map_ui.pages import results
from tests.incidents.test_ledger import seal_all  # noqa: F401  a fixture
from tests.map_ui.addresses import LISTS, Allowed, everybodys, got, linked, record_of_one, within
from tests.map_ui.everybody import Person, World, world

pytestmark = pytest.mark.django_db

ONE_READ: dict[str, tuple[str, Allowed]] = {
    "pages:incident": ("i/{pk}", visible_to),
    "pages:incident_card": ("i/{pk}/card", visible_to),
    "pages:follow": ("i/{pk}/follow", everybodys),
    "pages:case": ("case/{pk}", office_sees),
    "pages:case_panel": ("desk/incidents/{pk}", office_sees),
    "pages:oversight_incident": ("oversight/{pk}", record_of_one),
    "api:read_incident": ("api/v1/incidents/{pk}", visible_to),
    "ogc:item": ("ogc/collections/incidents/items/{pk}", everybodys),
    "api:read_photo": ("api/v1/photos/{pk:064d}.jpg", within(Act.READ_WORDS)),
}
"""Pages of one incident, and who is to find which."""

ONE_CHANGED: dict[str, tuple[str, dict[str, Act]]] = {
    "pages:case_step": ("case/{pk}/{act}", {act.value: act for act in KINDS}),
    "pages:case_words": ("case/{pk}/words", {"": Act.APPROVE_WORDS}),
    "pages:case_end_link": ("case/{pk}/end_link", {"": Act.DELEGATE}),
}
"""Forms of an office about one incident, and what each takes."""

BY_LINK = {"pages:contractor", "pages:contractor_photo", "pages:contractor_step"}
BY_CODE = {
    "pages:track", "pages:receipt", "pages:track_answer", "pages:answer", "api:follow_report",
}  # fmt: skip
"""Whoever holds a report's code or its link reads this one report, whatever became of it."""

ELSEWHERE = {
    "pages:desk_act": "test_desk_pages: does to each chosen case what case_step does",
    "pages:me_too": "test_citizen_pages: to what everybody sees",
    "api:count_coarsely": "test_coarse: counts of what is sensitive",
    "pages:results": "below: counts of what everybody sees",
    "pages:duplicates": "the pairs' own tests: both of a pair are within Act.MERGE",
    "pages:duplicates_merge": "the same",
    "pages:duplicates_verdict": "the same",
    "pages:duplicates_undo": "the same",
    "pages:case_undo_merging": "the same",
    "pages:case_take_out": "the same",
    "pages:map_wards": "test_map_figures: all for whoever sees everything, else what is public",
    "pages:map_days": "the same",
    "pages:map_assets": "test_map_assets: offices alone, of the incidents that each may see",
    "pages:map_file": "test_map_exports: what everybody sees, whoever asks",
    "pages:similar": "test_duplicates_pages: what the reader sees, and what of it is the office's",
}
"""What is proven by name in another place."""

NONE = {
    "pages:map", "pages:find", "pages:report", "pages:lookup", "pages:following", "pages:me_code",
    "pages:me_leave", "pages:me_erase", "pages:alerts", "pages:alert", "pages:login",
    "pages:logout", "pages:feed_token", "pages:locate", "pages:push_worker",
    "pages:push_subscribe", "pages:push_unsubscribe", "pages:desk_token", "pages:saved_filter",
    "pages:saved_filter_remove", "pages:own_areas", "pages:own_area_shapes", "pages:own_area",
    "pages:own_notices", "set_language", "errors", "api:openapi-json", "api:preview",
    "api:suggest", "api:geocode", "api:reverse", "api:send_report", "api:photo_hint",
    "api:read_catalogue", "api:api-root", "pages:reporting", "pages:reporting_file",
    "pages:export", "ogc:landing", "ogc:conformance", "ogc:api", "ogc:collections",
    "ogc:collection", "ogc:queryables", "ogc:tilesets", "ogc:tileset", "ogc:tilejson",
}  # fmt: skip
"""Addresses without incidents: forms, the reader's own things, tokens, the catalogue."""

NONE |= {
    "pages:analysis", "pages:analysis_one", "pages:analysis_act", "pages:analysis_state",
    "pages:analysis_drawn", "pages:analysis_file", "pages:analysis_surface",
    "pages:analysis_compare", "pages:analysis_changes", "pages:analysis_changes_file",
    "pages:analysis_map",
}  # fmt: skip
"""Analyses count incidents for whoever sees the figures of all: test_analyses."""

ADMIN = {
    "auth.group", "auth.user", "districts.edition", "districts.area", "districts.asset",
    "districts.servicearea", "districts.sector", "districts.category", "districts.agency",
    "districts.rule", "districts.cataloguechange", "districts.gazetteer", "districts.place",
    "districts.residentcount",
    "incidents.staff", "incidents.decreedday", "incidents.notice",
    "incidents.agencynotices",
}  # fmt: skip
"""What the admin has pages for: of incidents only their notices, see below."""


def routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    """Yield the names of all addresses but the admin's."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield f"{space}{one.name}"
        elif one.namespace != "admin":
            yield from routes(one, f"{space}{one.namespace}:" if one.namespace else space)


def test_every_address_says_what_it_shows():
    declared = [set(LISTS), set(ONE_READ), set(ONE_CHANGED), BY_LINK, BY_CODE, set(ELSEWHERE), NONE]
    known = set().union(*declared)
    assert sum(map(len, declared)) == len(known), "declared twice"
    assert set(routes(get_resolver())) <= known, "say what the new address shows"
    assert {model._meta.label_lower for model in admin.site._registry} == ADMIN


@pytest.fixture
def everybody(town):
    return world()


def test_every_list_holds_what_its_reader_may_see(everybody, seal_all):  # noqa: F811
    seal_all()
    wrong = []
    for name, kinds in LISTS.items():
        for who in everybody.people:
            for number, shows in enumerate(kinds):
                allowed = set(shows.allowed(who.actor).values_list("pk", flat=True))
                found = shows.read(everybody, who)
                if found != allowed:
                    wrong.append((name, number, who.name, names(everybody, found ^ allowed)))
    assert not wrong


def names(of: World, ids: set[int]) -> list[str]:
    return [name for name, case in of.cases.items() if case.pk in ids]


def test_a_page_of_one_case_is_found_by_whoever_may_see_it(everybody, settings):
    keep_photos(settings.MEDIA_ROOT)
    for name, (address, allowed) in ONE_READ.items():
        for who in everybody.people:
            seen = set(allowed(who.actor).values_list("pk", flat=True))
            if name == "api:read_photo":
                seen |= {one.pk for one in everybody.cases.values() if told_of(one) in seen}
            found = {
                case.pk
                for case in everybody.cases.values()
                if is_there(who.client, address.format(pk=case.pk))
            }
            assert found == seen, (name, who.name, names(everybody, found ^ seen))


def is_there(browser, path: str) -> bool:
    answer = browser.get(f"/{path}")
    if isinstance(answer, FileResponse):
        for close in answer._resource_closers:
            close()
    return answer.status_code == 200


def told_of(case: Incident) -> int:
    """The case that has its reports: what was merged has none any more."""
    return case.merged_into_id or case.pk


def keep_photos(folder):
    for photo in Photo.objects.all():
        kept = path_of(folder, photo.sha256)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(b"")


def test_a_cases_page_names_no_neighbour_that_is_hidden(everybody):
    """Nearby, at the same asset, of the same reporter, the whole and its parts."""
    for who in everybody.people:
        seen = set(visible_to(who.actor).values_list("pk", flat=True))
        called = set(within(Act.SEE_CONTACTS)(who.actor).values_list("pk", flat=True))
        for case in office_sees(who.actor):
            told = dossier(who.actor, case.pk, "vi")
            assert {one.id for one in told.nearby} == seen - {case.pk}
            assert {one.id for one in told.assets[0].cases} == seen - {case.pk}
            assert {one.incident for one in told.others} == (
                called - {case.pk} if case.pk in called else set()
            )
            assert {one.id for one in (*told.parts, told.parent) if one} <= seen
    page = got(who, f"/case/{everybody.cases['public'].pk}")
    assert linked(everybody, page) == seen


FORM = {
    "words": "Vá lại", "reason": "weather", "lat": "10.7653", "lon": "106.7052",
    "agency": "ubnd-103", "category": "noise", "part_agency_1": "ubnd-103", "days": "3",
    "part_agency_2": "ubnd-104", "verdict": "approve",
}  # fmt: skip


def test_a_step_is_refused_as_the_permission_says(everybody):
    """404 where the case is not before one's eyes, 403 where it is and one may not."""
    people = [everybody.person(name) for name in ("ward_staff", "planner", "operator")]
    cases = [everybody.cases[name] for name in ("rejected", "in my ward", "of mine")]
    for address, acts in ONE_CHANGED.values():
        for act, needed in acts.items():
            for who in people:
                for case in cases:
                    answer = posted(who, case, address.format(pk=case.pk, act=act))
                    expected = refusal(who, case, needed)
                    assert (answer if answer in {403, 404} else 200) == expected, (
                        who.name, needed, names(everybody, {case.pk})
                    )  # fmt: skip


def refusal(who: Person, case: Incident, act: Act) -> int:
    if not office_sees(who.actor).filter(pk=case.pk).exists():
        return 404
    return 200 if who.actor.may(act, case) else 403


def posted(who: Person, case: Incident, path: str) -> int:
    """Send a form, undo what it did; return the status."""
    facts = {
        "version": case.version,
        "report": Report.objects.get(key=str(case.pk)).pk,
        "link": Link.objects.get(incident=case).pk,
    }
    with transaction.atomic():
        answer = who.client.post(f"/{path}", {**FORM, **facts})
        transaction.set_rollback(True)
    return answer.status_code


def test_a_contractors_link_shows_its_one_case(everybody, settings):
    keep_photos(settings.MEDIA_ROOT)
    browser = everybody.person("nobody").client
    for case in everybody.cases.values():
        token = links.token_of(Link.objects.get(incident=case))
        assert linked(everybody, browser.get(f"/c/{token}").content.decode()) <= {case.pk}
        photos = {
            other.pk
            for other in everybody.cases.values()
            if is_there(browser, f"c/{token}/photos/{other.pk:064d}.jpg")
        }
        assert photos == {one.pk for one in everybody.cases.values() if told_of(one) == case.pk}


def test_a_code_shows_its_own_report_alone(everybody):
    browser = everybody.person("nobody").client
    for case in everybody.cases.values():
        code = Report.objects.get(key=str(case.pk)).code
        for path in (f"t/{code}", f"t/{code}/receipt", f"api/v1/reports/{code}"):
            answer = browser.get(f"/{path}")
            assert answer.status_code == 200
            assert linked(everybody, answer.content.decode()) <= {told_of(case)}


def test_the_public_results_count_what_everybody_sees(everybody):
    results.forget()
    answer = everybody.person("operator").client.get(f"/results?period={everybody.month.code}")
    # All but one are hidden: with any of them its agency and its ward would not be too few to tell.
    assert visible_to(ANYBODY).count() == 1
    assert [lines for _name, lines in answer.context["tables"]] == [[], []]
    assert answer.context["hidden"] == 2


def test_the_admins_notices_are_for_whoever_may_see_notices(everybody):
    """Also where somebody gave them every right in the admin."""
    group = Group.objects.create(name=ADMINISTRATOR_GROUP)
    group.permissions.set(Permission.objects.all())
    notice = Notice.objects.filter(state="dead").first()
    for who in map(everybody.person, ("somebody", "planner", "operator")):
        group.user_set.add(who.actor.user_id)
        may = who.actor.may(Act.SEE_NOTICES)
        for path in ("", f"{notice.pk}/change/"):
            answer = who.client.get(f"/admin/incidents/notice/{path}")
            assert answer.status_code == (200 if may else 403), (who.name, path)
        said = {"action": "send_again", "_selected_action": [notice.pk]}
        who.client.post("/admin/incidents/notice/", said)
        notice.refresh_from_db()
        assert notice.state == ("ready" if may else "dead"), who.name
        Notice.objects.filter(pk=notice.pk).update(state="dead")
