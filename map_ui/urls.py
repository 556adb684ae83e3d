"""The pages' addresses."""

from __future__ import annotations

from django.urls import path

from map_ui.pages import console, find, locating, oversight, public_map, report, sign_in, track

app_name = "pages"
urlpatterns = [
    path("", public_map.show_map, name="map"),
    path("i/<int:incident_id>", public_map.show_incident, name="incident"),
    path("i/<int:incident_id>/card", public_map.incident_card, name="incident_card"),
    path("find", find.find_place, name="find"),
    path("report", report.report, name="report"),
    path("t/", track.lookup, name="lookup"),
    path("t/<str:code>", track.track, name="track"),
    path("t/<str:code>/receipt", track.receipt, name="receipt"),
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout", sign_in.sign_out, name="logout"),
    path("oversight", oversight.record, name="oversight"),
    path("oversight/token", oversight.feed_token, name="feed_token"),
    path("oversight/<int:incident_id>", oversight.one_incident, name="oversight_incident"),
    path("console/approve", console.approve, name="approve"),
    path("console/triage", console.triage, name="triage"),
    path("console/locate", locating.locate, name="locate"),
]
