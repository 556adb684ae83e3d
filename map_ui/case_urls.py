"""The addresses of one incident's pages: an office's and a contractor's."""

from __future__ import annotations

from django.urls import path

from map_ui.pages import case, contractor

urlpatterns = [
    path("case/<int:incident_id>", case.page, name="case"),
    path("case/<int:incident_id>/words", case.words, name="case_words"),
    path("case/<int:incident_id>/undo_merging", case.undo_merging, name="case_undo_merging"),
    path("case/<int:incident_id>/take_out", case.take_out, name="case_take_out"),
    path("case/<int:incident_id>/end_link", case.end_link, name="case_end_link"),
    path("case/<int:incident_id>/<slug:act>", case.step, name="case_step"),
    path("desk/incidents/<int:incident_id>", case.panel, name="case_panel"),
    path("c/<str:token>", contractor.page, name="contractor"),
    path("c/<str:token>/photos/<str:sha256>.jpg", contractor.photo, name="contractor_photo"),
    path("c/<str:token>/<slug:act>", contractor.step, name="contractor_step"),
]
