"""Residents on the administrators' pages: a file is loaded, its faults are named beside it."""

from __future__ import annotations

from datetime import date

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from districts.administration.residents import MOST_BYTES
from districts.lineage import compute_lineage
from districts.models import CatalogueChange, Edition, ResidentCount
from districts.residents import residents
from tests import zoo

pytestmark = pytest.mark.django_db
LIST = reverse("admin:districts_residentcount_changelist")
ADD = reverse("admin:districts_residentcount_add")


@pytest.fixture
def thu(client):
    """Thu is an administrator by her group and signed in; the made-up town is there."""
    zoo.edition()
    made = User.objects.create_user("thu", password="x")
    made.groups.add(Group.objects.create(name="administrator"))
    client.force_login(made)
    return client


def send(client, text, *, follow=False, **more):
    return client.post(
        ADD,
        {
            "edition": Edition.objects.get(name="zoo-2025").pk, "year": 2024, "source": "Census",
            "shares": "area",
            "file": SimpleUploadedFile("people.csv", text.encode()),
            "code_column": "code", "people_column": "people", **more,
        },
        follow=follow,
    )  # fmt: skip


def faults(answer):
    return answer.context["adminform"].form.errors


def test_a_file_is_loaded_and_seen(thu):
    answer = send(thu, "code,people\n101,12000\n102,800\n")
    assert answer.status_code == 302
    assert residents() == {"101": 12_000, "102": 800}
    assert CatalogueChange.objects.first().actor == "thu"
    text = thu.get(LIST).content.decode()
    assert "12.800" in text
    assert ">2024<" in text
    assert "2 trên 9" in text
    count = ResidentCount.objects.get()
    page = thu.get(reverse("admin:districts_residentcount_change", args=[count.pk]))
    assert "101 Phường Zoo 101: 12.000" in page.content.decode()


def test_the_same_year_again_replaces_it(thu):
    send(thu, "code,people\n101,12000\n")
    assert send(thu, "code,people\n105,7\n").status_code == 302
    assert residents() == {"105": 7}
    count = ResidentCount.objects.get()
    history = thu.get(reverse("admin:districts_residentcount_history", args=[count.pk]))
    assert "Dân số: <del>12.000</del> → <ins>7</ins>" in " ".join(history.content.decode().split())


def test_it_says_what_follows_for_the_wards_of_today(thu):
    halves = {"1": (106.70, 10.76, 106.715, 10.79), "2": (106.715, 10.76, 106.73, 10.79)}
    old = zoo.edition(halves, name="zoo-2019", since=date(2019, 1, 1), until=zoo.SINCE)
    text = "code,people\n1,9000\n"
    answer = send(thu, text, edition=old.pk, follow=True)
    assert "compute_lineage" in answer.content.decode()
    compute_lineage(old, Edition.objects.get(name="zoo-2025"))
    answer = send(thu, text, edition=old.pk, follow=True)
    assert "3 trên 9 phường, xã của zoo-2025" in answer.content.decode()


def test_every_line_at_fault_is_named_beside_the_file(thu):
    told = faults(send(thu, "code,people\n999,1\n101,many\n"))["file"]
    assert len(told) == 3
    assert told[0].endswith("[residents.refused]")
    assert told[1].startswith("Dòng 2")
    assert told[2].endswith("[residents.not_a_number]")
    assert not ResidentCount.objects.exists()


def test_what_else_is_wrong_is_named(thu):
    assert "residents.no_column" in faults(send(thu, "ward,people\n"))["file"][0]
    assert "year" in faults(send(thu, "code,people\n101,1\n", year=20))
    assert "2 MB" in faults(send(thu, "x" * (MOST_BYTES + 1)))["file"][0]


def test_strangers_and_operators_load_nothing(client):
    zoo.edition()
    assert send(client, "code,people\n101,1\n").status_code == 302
    client.force_login(User.objects.create_user("hoa", password="x", is_staff=True))
    assert send(client, "code,people\n101,1\n", follow=True).status_code == 403
    assert not ResidentCount.objects.exists()


def test_a_count_is_neither_changed_nor_deleted(thu):
    send(thu, "code,people\n101,12000\n")
    count = ResidentCount.objects.get()
    for act in ("change", "delete"):
        address = reverse(f"admin:districts_residentcount_{act}", args=[count.pk])
        assert thu.post(address, {"year": 2000, "post": "yes"}).status_code == 403
    assert ResidentCount.objects.get().year == 2024
