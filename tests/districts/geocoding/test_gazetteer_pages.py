"""Administrators look at gazetteers and find places by any writing of their names."""

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from districts.geocoding.loading import load_well_known
from districts.models import Gazetteer, Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def thu(client):
    """Thu is an administrator by her group and signed in; the well-known places are loaded."""
    load_well_known(actor="test")
    made = User.objects.create_user("thu", password="x")
    made.groups.add(Group.objects.get_or_create(name="administrator")[0])
    client.force_login(made)
    return client


def page(model, kind="changelist", *of):
    return reverse(f"admin:districts_{model._meta.model_name}_{kind}", args=of)


def test_a_gazetteer_tells_whose_work_it_is_how_much_and_when(thu):
    one = Gazetteer.objects.get()
    listed = thu.get(page(Gazetteer)).content.decode()
    for text in ("OpenStreetMap contributors", "ODbL-1.0", "176"):
        assert text in listed
    assert thu.get(page(Gazetteer, "change", one.pk)).status_code == 200
    assert "176" in thu.get(page(Gazetteer, "history", one.pk)).content.decode()


@pytest.mark.parametrize("typed", ["nga tu hang xanh", "Ngã 4 Hàng Xanh", "HÀNG XANH"])
def test_a_place_is_found_by_any_writing_of_its_name(thu, typed):
    listed = thu.get(page(Place), {"q": typed}).content.decode()
    assert "Ngã tư Hàng Xanh" in listed
    assert "Chợ Bến Thành" not in listed


def test_a_place_tells_all_its_names_and_where_it_is(thu):
    place = Place.objects.get(name="Cầu Sài Gòn 1")
    told = thu.get(page(Place, "change", place.pk)).content.decode()
    for text in ("Cầu Sài Gòn 1 · Cầu Sài Gòn", f"{place.point.y:.5f}, {place.point.x:.5f}"):
        assert text in told


@pytest.mark.parametrize("model", [Gazetteer, Place])
def test_nothing_is_changed_here(thu, model):
    row = model.objects.order_by("pk").first()
    assert thu.post(page(model, "change", row.pk), {"name": "x"}).status_code == 403
    assert thu.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert thu.get(page(model, "add")).status_code == 403


def test_the_list_of_places_costs_few_queries(thu, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        thu.get(page(Place))
