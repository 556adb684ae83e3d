from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistrictsConfig(AppConfig):
    """The territory, and who answers for what in it."""

    name = "districts"
    verbose_name = _("Territory and responsibility")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from districts import checks  # noqa: F401, PLC0415  importing registers them
