"""The administrators' pages: who may, what is refused, what is kept, what the next pin sees."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from districts import rulebook
from districts.catalogue_loading import load_catalogue
from districts.models import (
    Agency,
    Area,
    Asset,
    CatalogueChange,
    Category,
    Edition,
    Rule,
    Sector,
    ServiceArea,
)
from districts.placement import place
from districts.routing import route
from gis_core.positions import LonLat, Position
from tests import zoo
from tests.kept_rows import town_again

pytestmark = pytest.mark.django_db
MODELS = [Edition, Area, Asset, ServiceArea, Sector, Category, Agency, Rule, CatalogueChange]
HERE = LonLat(106.7052, 10.7653)


@pytest.fixture
def town():
    """The catalogue, nine wards, a road, a network."""
    town_again()
    zoo.asset("road", (106.701, 10.761, 106.709, 10.762), owner="tt-gtht")
    return zoo.service_area("sawaco", (106.70, 10.76, 106.71, 10.77), ["no-water"])


def user(name, group=None, **flags):
    made = User.objects.create_user(name, password="x", **flags)
    if group:
        made.groups.add(Group.objects.get_or_create(name=group)[0])
    return made


@pytest.fixture
def thu(client, town):
    """Thu is an administrator by her group and signed in."""
    client.force_login(user("thu", "administrator"))
    return client


def pages():
    """Return every page of the administration: each list, one row's page, its history."""
    yield reverse("admin:index")
    for model in MODELS:
        name = f"admin:districts_{model._meta.model_name}"
        row = model.objects.order_by("pk").first()
        yield reverse(f"{name}_changelist")
        yield reverse(f"{name}_change", args=[row.pk])
        yield reverse(f"{name}_history", args=[row.pk])
    for model in (Sector, Category, Agency, Rule):
        yield reverse(f"admin:districts_{model._meta.model_name}_add")


def test_a_stranger_is_sent_to_the_sign_in(client, town):
    for address in pages():
        answer = client.get(address)
        assert answer.status_code == 302
        assert client.get(answer["Location"])["Location"].startswith("/login/?next=/admin/")


@pytest.mark.parametrize("staff", [False, True])
def test_an_operator_is_refused_everywhere(client, town, staff):
    client.force_login(user("hoa", "operator", is_staff=staff))
    for address in pages():
        assert client.get(address, follow=True).status_code == 403


@pytest.mark.parametrize("superuser", [False, True])
def test_an_administrator_sees_every_page(client, town, superuser):
    made = user("thu", is_superuser=True) if superuser else user("thu", "administrator")
    client.force_login(made)
    for address in pages():
        answer = client.get(address)
        assert answer.status_code == 200, address
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        text = answer.content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), address
        assert not re.search(r'\sstyle="|\son[a-z]+="', text), address


def test_an_administrator_of_the_catalogue_does_not_make_users(thu):
    assert thu.get("/admin/auth/user/").status_code == 403


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nothing_is_deleted(thu, model):
    row = model.objects.order_by("pk").first()
    address = reverse(f"admin:districts_{model._meta.model_name}_delete", args=[row.pk])
    assert thu.post(address, {"post": "yes"}).status_code == 403
    listed = reverse(f"admin:districts_{model._meta.model_name}_changelist")
    thu.post(listed, {"action": "delete_selected", "_selected_action": [row.pk]})
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", [Edition, Area, Asset, ServiceArea], ids=lambda m: m.__name__)
def test_what_has_a_shape_shows_it(thu, model):
    row = model.objects.order_by("pk").first()
    page = thu.get(reverse(f"admin:districts_{model._meta.model_name}_change", args=[row.pk]))
    text = page.content.decode()
    drawn = re.search(r'<svg class="shape-map" role="img" aria-label="[^"]+".*?</svg>', text)
    assert drawn
    assert drawn.group().count("<path") >= 2


def sent(client, row, **changes):
    """Return what the row's form would send, with these changes."""
    name = f"admin:districts_{row._meta.model_name}_change"
    form = client.get(reverse(name, args=[row.pk])).context["adminform"].form
    values = {one.html_name: one.value() for one in form} | changes
    return {
        key: value
        for key, value in values.items()
        if value not in (None, "") and value is not False
    }


def post(client, row, *, confirmed=True, **changes):
    name = f"admin:districts_{row._meta.model_name}_change"
    extra = {"_confirmed": "1"} if confirmed else {}
    data = sent(client, row, **changes) | extra
    return client.post(reverse(name, args=[row.pk]), data)


def rule(code="telecom"):
    return Rule.objects.get(code=code, superseded_at=None)


def agency_of(category):
    placement = place(Position(HERE, 5), date(2026, 6, 1))
    book = rulebook.current(placement.version)
    return route(placement, book.category(category), book.rules).agency


def test_a_rule_is_shown_old_and_new_before_it_is_saved(thu):
    old, version = rule(), rulebook.newest_version()
    vnpt = Agency.objects.get(code="vnpt")
    page = post(thu, old, confirmed=False, agency=vnpt.pk)
    text = page.content.decode()
    assert "<del>Sở Khoa học và Công nghệ (so-khcn)</del>" in text
    assert "<ins>VNPT Thành phố Hồ Chí Minh (vnpt)</ins>" in text
    assert text.count('class="changed"') == 1
    assert rule() == old
    assert rulebook.newest_version() == version


def test_an_edited_rule_supersedes_and_the_next_pin_sees_it(thu):
    old = rule()
    assert agency_of("hanging-cable") == "so-khcn"
    answer = post(thu, old, agency=Agency.objects.get(code="vnpt").pk)
    assert answer.status_code == 302
    assert agency_of("hanging-cable") == "vnpt"
    old.refresh_from_db()
    assert old.superseded_at is not None
    assert old.agency.code == "so-khcn"
    assert rule().pk != old.pk
    change = CatalogueChange.objects.first()
    assert (change.kind, change.code, change.actor) == ("rule", "telecom", "thu")
    assert (change.before["agency"], change.after["agency"]) == ("so-khcn", "vnpt")


def test_the_history_of_a_rule_tells_who_changed_what_and_links_each_state(thu):
    old = rule()
    post(thu, old, agency=Agency.objects.get(code="vnpt").pk)
    page = thu.get(reverse("admin:districts_rule_history", args=[rule().pk]))
    text = page.content.decode()
    assert "thu" in text
    assert "(so-khcn)</del> → <ins>VNPT Thành phố Hồ Chí Minh (vnpt)</ins>" in text
    assert reverse("admin:districts_rule_change", args=[old.pk]) in text
    former = thu.get(reverse("admin:districts_rule_change", args=[old.pk])).content.decode()
    assert 'name="_save"' not in former
    assert f"{Sector.objects.get(code='telecom').name} (telecom)" in former


def test_a_superseded_rule_cannot_be_edited_again(thu):
    old = rule()
    data = sent(thu, old, priority=7) | {"_confirmed": "1"}
    post(thu, old, agency=Agency.objects.get(code="vnpt").pk)
    assert thu.post(reverse("admin:districts_rule_change", args=[old.pk]), data).status_code == 403
    assert rule().priority != 7


def test_a_broken_rule_is_refused_with_every_problem_named(thu):
    version = rulebook.newest_version()
    page = post(
        thu,
        rule(),
        assign="committee",
        asset_kinds=["park"],
        area_codes="26740 ward:26743",
        valid_from="2026-05-02",
        valid_to="2026-05-01",
    )
    told = page.context["adminform"].form.non_field_errors()
    assert len(told) == 4, told
    text = " ".join(told)
    for words in (
        "chỉ nêu đơn vị khi",
        "chỉ nêu loại tài sản khi",
        'khu vực "26740"',
        "kết thúc trước khi bắt đầu",
    ):
        assert words in text
    assert rulebook.newest_version() == version


def test_the_rule_that_catches_everything_cannot_be_narrowed(thu):
    page = post(thu, rule("coordination-centre"), valid_to="2027-01-01")
    assert "tt-1022" in " ".join(page.context["adminform"].form.non_field_errors())
    assert rule("coordination-centre").valid.upper is None


def test_an_agency_whose_rules_go_on_cannot_be_closed(thu):
    page = post(thu, Agency.objects.get(code="tt-gtht"), valid_to="2026-12-31")
    told = page.context["adminform"].form.non_field_errors()
    assert len(told) >= 4
    assert any(line.startswith("quy tắc phân công drains:") for line in told)
    assert Agency.objects.get(code="tt-gtht").valid.upper is None


def test_two_who_edit_one_row_do_not_overwrite_each_other(thu):
    row = Category.objects.get(code="pothole")
    stale = sent(thu, row, name="Ổ trâu")
    post(thu, row, name="Ổ gà to")
    address = reverse("admin:districts_category_change", args=[row.pk])
    text = thu.post(address, stale, follow=True).content.decode()
    assert "Người khác đã sửa category pothole" in text
    assert Category.objects.get(code="pothole").name == "Ổ gà to"


def test_what_is_edited_here_outlives_the_next_load_of_the_files(thu):
    post(thu, Category.objects.get(code="pothole"), name="Ổ gà to", working_days=2)
    post(thu, rule(), agency=Agency.objects.get(code="vnpt").pk)
    post(thu, Agency.objects.get(code="vnpt"), phone="18001166")
    assert load_catalogue() == []
    assert Category.objects.get(code="pothole").name == "Ổ gà to"
    assert rule().agency.code == "vnpt"
    assert Agency.objects.get(code="vnpt").phone == "18001166"
    before = CatalogueChange.objects.filter(code="pothole").first().before
    assert (before["name"], before["working_days"]) == ("Ổ gà, mặt đường hư", 5)


def test_a_new_rule_is_added_once(thu):
    fields = {
        "code": "fair", "basis": "area", "assign": "committee", "priority": "5",
        "categories": ["noise"], "area_codes": "ward:101", "valid_from": "2026-01-01",
        "source": "minutes of the fair", "_confirmed": "1",
    }  # fmt: skip
    address = reverse("admin:districts_rule_add")
    assert thu.post(address, fields).status_code == 302
    assert agency_of("noise") == "ubnd-101"
    assert rulebook.current().rules_for["noise"][0].code in {one.code for one in Rule.objects.all()}
    again = thu.post(address, fields)
    assert again.context["adminform"].form.errors["code"]
    assert Rule.objects.filter(code="fair").count() == 1


def test_an_asset_whose_maintainer_changes_is_superseded_and_answers_on_the_ground(thu):
    row = Asset.objects.get()
    post(thu, row, maintainer=Agency.objects.get(code="udc").pk, contract_from="2026-01-01")
    row.refresh_from_db()
    new = Asset.objects.get(superseded_at=None)
    assert row.superseded_at is not None
    assert (row.maintainer, new.maintainer.code) == (None, "udc")
    placement = place(Position(LonLat(106.705, 10.7615), 5), date(2026, 6, 1))
    assert [(one.id, one.maintainer) for one in placement.here.assets] == [(new.pk, "udc")]
    history = thu.get(reverse("admin:districts_asset_history", args=[new.pk])).content.decode()
    assert reverse("admin:districts_asset_change", args=[row.pk]) in history
    assert "(udc)</ins>" in history


def test_a_service_area_is_superseded_and_placement_follows(thu):
    row = ServiceArea.objects.get()
    post(thu, row, categories=["no-water", "water-leak"])
    assert agency_of("water-leak") == "sawaco"
    placement = place(Position(HERE, 5), date(2026, 6, 1))
    [found] = placement.here.service_areas
    assert found.categories == {"no-water", "water-leak"}
    assert ServiceArea.objects.get(pk=row.pk).superseded_at is not None


def test_a_contract_that_ends_before_it_begins_is_refused(thu):
    row = Asset.objects.get()
    page = post(thu, row, contract_from="2026-02-01", contract_to="2026-01-01")
    assert page.context["adminform"].form.errors["contract_to"]
    assert Asset.objects.count() == 1


def test_an_area_and_an_edition_keep_what_they_said_before(thu):
    ward, edition = Area.objects.get(code="101"), Edition.objects.get()
    post(thu, ward, name="Sài Gòn")
    post(thu, edition, attribution="© Thành phố")
    assert rulebook.current().areas[ward.pk][1].name == "Sài Gòn"
    said = {
        one.kind: (one.before, one.after) for one in CatalogueChange.objects.filter(actor="thu")
    }
    assert said["area"][0]["name"] == "Zoo 101"
    assert said["edition"][1]["attribution"] == "© Thành phố"
    page = thu.get(reverse("admin:districts_edition_history", args=[edition.pk]))
    assert "© Thành phố" in page.content.decode()


def test_lists_are_searched_and_filtered(thu):
    def found(model, **query):
        address = reverse(f"admin:districts_{model}_changelist")
        return [row.code for row in thu.get(address, query).context["cl"].result_list]

    assert found("agency", q="Bến Thành") == ["bqlda-ben-thanh", "cn-ben-thanh"]
    assert "ubnd-101" in found("agency", **{"class": "committee"})
    assert found("category", q="ổ voi") == ["pothole"]
    assert found("rule", q="hurc1") == ["metro"]
    post(thu, rule(), agency=Agency.objects.get(code="vnpt").pk)
    assert found("rule", q="telecom", standing="former") == ["telecom"]
    assert found("rule", q="telecom") == ["telecom"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_costs_few_queries_however_long(thu, model, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        thu.get(reverse(f"admin:districts_{model._meta.model_name}_changelist"))
