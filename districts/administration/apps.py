"""Django's administration with our own site in place of its default one."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class AdministrationConfig(AdminConfig):
    """Named in the settings instead of django.contrib.admin."""

    default = False
    default_site = "districts.administration.site.Administration"
