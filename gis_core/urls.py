"""Every address of the site; each package lists its own."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from gis_core.http import errors_page

urlpatterns = [
    path("", include("map_ui.urls", namespace="pages")),
    path("language", set_language, name="set_language"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("incidents.urls")),
    path("ogc/", include("map_ui.ogc", namespace="ogc")),
    path("docs/errors", errors_page, name="errors"),
    path("tiles/", include("map_ui.tiles")),
]

handler400 = "gis_core.http.bad_request"
handler403 = "gis_core.http.forbidden"
handler404 = "gis_core.http.not_found"
handler500 = "gis_core.http.server_error"
