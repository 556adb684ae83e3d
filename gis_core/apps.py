from __future__ import annotations

from django.apps import AppConfig


class GisCoreConfig(AppConfig):
    """The project's shell and geometry kernel."""

    name = "gis_core"

    def ready(self) -> None:
        """Register the system checks."""
        from gis_core import checks  # noqa: F401, PLC0415  importing registers them
