from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """What happened, who answers, until it is fixed."""

    name = "incidents"
    default_auto_field = "django.db.models.BigAutoField"
