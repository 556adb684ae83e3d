"""Sensitive categories: public only as counts that name no house."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from incidents import coarse, pipeline
from incidents.models import Incident
from incidents.workflow import Status
from tests.incidents.test_receiving import at

TOWN = (106.70, 10.76, 106.73, 10.79)
CELL = {"type": "Point", "coordinates": [106.7075, 10.7675]}


def shown(box=TOWN):
    features = json.loads(coarse.counts(box))["features"]
    return [(one["properties"]["category"], one["properties"]["count"]) for one in features]


@pytest.fixture
def noisy(town):
    """Five complaints about noise in one cell, four in the next, six of a category never public."""
    places = [("noise", 106.7060, 5), ("noise", 106.7110, 4), ("bus-service", 106.7060, 6),
              ("pothole", 106.7060, 6)]  # fmt: skip
    for category, lon, count in places:
        for number in range(count):
            said = at(lon + number * 0.0001, 10.766, key=f"{category}{lon}{number}")
            pipeline.receive(replace(said, category=category, photos=()))


def test_only_cells_with_enough_are_shown_and_only_their_middle(noisy):
    [cell] = json.loads(coarse.counts(TOWN))["features"]
    assert cell["geometry"] == CELL
    assert cell["properties"] == {"category": "noise", "count": 5}


def test_a_smaller_box_does_not_cut_a_cell(noisy):
    """Else a box moved step by step would find each place."""
    assert shown((106.7061, 10.7659, 106.7062, 10.7661)) == [("noise", 5)]


@pytest.mark.parametrize("hidden", [Status.REJECTED, Status.MERGED])
def test_below_the_small_count_the_cell_is_gone(noisy, hidden):
    Incident.objects.filter(pk=Incident.objects.filter(category="noise").first().pk).update(
        status=hidden
    )
    assert shown() == []


def test_over_http(client, noisy):
    response = client.get("/api/v1/incidents/coarse", {"bbox": "106.70,10.76,106.73,10.79"})
    assert response.headers["Content-Type"] == "application/geo+json"
    assert len(response.json()["features"]) == 1
    assert client.get("/api/v1/incidents/coarse?bbox=1").status_code == 422
    assert client.get("/api/v1/incidents/coarse").status_code == 422
