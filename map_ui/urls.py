"""The pages' addresses."""

from __future__ import annotations

from django.urls import include, path

from map_ui.pages import (
    alerts,
    answer,
    console,
    find,
    follow,
    locating,
    me,
    notices,
    oversight,
    public_map,
    push,
    report,
    sign_in,
    track,
)

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
    path("t/<str:code>/answer", track.answer, name="track_answer"),
    path("a/<str:token>", answer.answer, name="answer"),
    path("i/<int:incident_id>/too", follow.me_too, name="me_too"),
    path("i/<int:incident_id>/follow", follow.follow_incident, name="follow"),
    path("f/<str:token>", follow.following, name="following"),
    path("me", me.me, name="me"),
    path("me/code", me.code, name="me_code"),
    path("me/leave", me.leave, name="me_leave"),
    path("me/erase", me.erase, name="me_erase"),
    path("alerts", alerts.alerts, name="alerts"),
    path("alerts/<str:token>", alerts.alert, name="alert"),
    path("wards/<str:code>/feed.atom", alerts.feed, name="ward_feed"),
    path("login/", sign_in.SignIn.as_view(), name="login"),
    path("logout", sign_in.sign_out, name="logout"),
    path("oversight", oversight.record, name="oversight"),
    path("oversight/token", oversight.feed_token, name="feed_token"),
    path("oversight/<int:incident_id>", oversight.one_incident, name="oversight_incident"),
    path("", include("map_ui.case_urls")),
    path("console/approve", console.approve, name="approve"),
    path("console/triage", console.triage, name="triage"),
    path("console/locate", locating.locate, name="locate"),
    path("push-worker.js", push.worker, name="push_worker"),
    path("push/subscribe", push.subscribe, name="push_subscribe"),
    path("push/unsubscribe", push.unsubscribe, name="push_unsubscribe"),
    path("console/notices", notices.dead_letters, name="notices"),
    path("console/inbox", notices.inbox, name="inbox"),
]
