from __future__ import annotations

from django.apps import AppConfig


class MapUiConfig(AppConfig):
    """What people see."""

    name = "map_ui"
