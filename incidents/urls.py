"""The API's addresses, mounted under /api/v1/."""

from __future__ import annotations

from django.urls import path

from incidents.api import api

urlpatterns = [path("", api.urls)]
