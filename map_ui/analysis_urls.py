"""The addresses of planners' analyses."""

from __future__ import annotations

from django.urls import path

from map_ui.pages import analysis, analysis_compare, analysis_files, analysis_maps, surface

urlpatterns = [
    path("analysis", analysis.start, name="analysis"),
    path("analysis/surface", surface.surface, name="analysis_surface"),
    path("analysis/<str:token>", analysis.show, name="analysis_one"),
    path("analysis/<str:token>/act", analysis.act, name="analysis_act"),
    path("analysis/<str:token>/state", analysis.state, name="analysis_state"),
    path("analysis/<str:token>/drawn", analysis_files.drawn, name="analysis_drawn"),
    path("analysis/<str:token>/result.<str:form>", analysis_files.file, name="analysis_file"),
    path("analysis/<str:token>/map.<str:form>", analysis_maps.map_file, name="analysis_map"),
    path("analysis/<str:token>/compare", analysis_compare.compare, name="analysis_compare"),
    path("analysis/<str:token>/changes", analysis_files.changes, name="analysis_changes"),
    path(
        "analysis/<str:token>/changes.<str:form>",
        analysis_files.changes_file,
        name="analysis_changes_file",
    ),
]
