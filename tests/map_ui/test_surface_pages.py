"""The picture that the map shows while a planner moves a slider."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from django.contrib.auth.models import User
from PIL import Image

from incidents.models import Staff
from incidents.permissions import Role
from tests.incidents.test_analyses import PLANTED, make, planted_places

QUERY = {"method": "getis_ord", "period": "last_365_days", "getis_ord.cell_m": "200"}
BOX = (PLANTED[0] - 0.02, PLANTED[1] - 0.02, PLANTED[0] + 0.02, PLANTED[1] + 0.02)


@pytest.fixture
def signed_in(client, town):
    def sign_in(role):
        user = User.objects.create_user(role.value)
        Staff.objects.create(user=user, role=role)
        client.force_login(user)
        return client

    return sign_in


def test_the_planted_hotspot_is_drawn_where_it_lies(signed_in):
    make(planted_places())
    box = ",".join(map(str, BOX))
    response = signed_in(Role.PLANNER).get(
        "/analysis/surface", {**QUERY, "bbox": box, "pixels": 400}
    )
    assert response.headers["Content-Type"] == "image/png"
    assert "no-store" in response.headers["Cache-Control"]
    told = json.loads(response.headers["Wardwise-Surface"])
    assert told["incidents"] == 210
    assert told["box"] == list(BOX)
    assert [step["code"] for step in told["legend"]] == ["hot_sure", "hot", "cold", "cold_sure"]
    assert told["legend"][0]["name"] == "Nóng, rất chắc"
    picture = Image.open(io.BytesIO(response.content)).convert("RGBA")
    assert max(picture.size) == 400
    seen = np.asarray(picture)
    high, wide = seen.shape[:2]
    assert seen[high // 2, wide // 2].tolist() == [0xB2, 0x18, 0x2B, 255]
    assert seen[2, 2, 3] == 0
    whole = json.loads(
        signed_in(Role.OVERSIGHT).get("/analysis/surface", QUERY).headers["Wardwise-Surface"]
    )
    assert whole["legend"] == told["legend"]


def test_only_who_sees_all_figures_is_answered(client, signed_in):
    assert client.get("/analysis/surface", QUERY).status_code == 302
    assert signed_in(Role.AGENCY_STAFF).get("/analysis/surface", QUERY).status_code == 403


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"bbox": "1,2,3"}, "bad_bbox"),
        ({"method": "emerging"}, "analysis.bad_value"),
        ({"getis_ord.cell_m": "1"}, "analysis.bad_value"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(signed_in, change, code):
    response = signed_in(Role.PLANNER).get("/analysis/surface", QUERY | change)
    assert response.status_code in {400, 422}
    assert code.split(".")[-1] in response.content.decode()
