"""The addresses of what leaders read."""

from __future__ import annotations

from django.urls import path

from map_ui.pages import monthly, overview, reporting

urlpatterns = [
    path("overview", overview.overview, name="overview"),
    path("overview/incidents", overview.cases, name="overview_cases"),
    path("overview/month/<str:code>", monthly.month, name="overview_month"),
    path("overview/month/<str:code>/report.<str:form>", monthly.month, name="overview_month_file"),
    path("overview/faults", monthly.sanctions, name="overview_sanctions"),
    path("overview/faults.<str:form>", monthly.sanctions, name="overview_sanctions_file"),
    path("overview/reporting", reporting.page, name="reporting"),
    path("overview/reporting.<str:form>", reporting.page, name="reporting_file"),
]
