"""Every row of every table of incidents, to be compared before and after."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Model

WRITTEN_ANYHOW = {"Event", "Seal", "Sealing", "DayDigest", "Notice", "ToCompare"}
"""The log, its seals, and what people are told are only ever added to; so is the wish that what was
merged or parted be compared again, which a worker alone takes away."""
COUNTERS = {"Incident": {"version", "updated_at"}}
"""They say that something was changed, and never go back: two who look at it may not mistake one
state for another."""


def tables() -> dict[str, list[dict[str, object]]]:
    """Return the rows of each table by the model's name, without the log and the notices."""
    models = apps.get_app_config("incidents").get_models()
    return {one.__name__: _rows(one) for one in models if one.__name__ not in WRITTEN_ANYHOW}


def _rows(model: type[Model]) -> list[dict[str, object]]:
    left_out = COUNTERS.get(model.__name__, set())
    rows = model._default_manager.order_by("pk").values()
    return [{name: row[name] for name in row if name not in left_out} for row in rows]
