"""The sentences that our JavaScript says, by the names under which it asks for them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

_EVERYWHERE = {
    "no_connection": _("No connection. Nothing is lost: we try again when the line is back."),
    "server_trouble": _("Something broke on our side. Try again in a moment."),
    "zoom_in": _("Zoom in"),
    "zoom_out": _("Zoom out"),
    "map": _("Map"),
    "attribution": _("Show the sources of the map"),
    "nothing_found": _(
        "We have not found this place. Try the street with its ward, a crossing or a landmark, "
        "or coordinates: 10.7769, 106.7009."
    ),
    "place_by_hand": _(
        "We have not found this place. Drag the map to the right spot, then press Done."
    ),
    "outside": _("These coordinates are not in this city."),
    "looking": _("Looking…"),
    "keep_typing": _("Nothing begins like this. Write it to the end and press Enter."),
    "suggestions_count": _("Suggestions: %(n)s. Arrow keys choose."),
    "candidates_count": _("Possible places: %(n)s. Choose the right one."),
    "went_to": _("The map shows %(place)s."),
    "known_to": _("to about %(metres)s m"),
}

_MAP = {
    "no_webgl": _("This browser cannot draw the map, so here is everything as a list."),
    "none_in_view": _("No incident in view. Move or zoom the map, or clear the filters."),
    "in_view": _("Incidents in view: %(n)s, newest first."),
    "more_in_view": _("The %(n)s newest incidents in view."),
    "total_in_view": _("Incidents in view: %(n)s"),
    "shading_count": _("Wards: incidents"),
    "shading_area": _("Wards: incidents per km²"),
    "shading_street": _("Wards: incidents per km of street"),
    "shading_resident": _("Wards: incidents per 1,000 residents"),
    "measure_area": _("per km²"),
    "measure_street": _("per km of street"),
    "measure_resident": _("per 1,000 residents"),
    "not_known": _("not known"),
    "wards_not_known": _("not known: %(n)s of the wards"),
    "assets_too_many": _("There are too many assets or incidents here to count. Zoom in."),
    "assets_none": _("No asset in view."),
    "asset_told": _("Incidents: %(n)s, the last on %(day)s"),
    "asset_nothing": _("No incident under these filters"),
    "play": _("Play"),
    "pause": _("Pause"),
    "next_period": _("Next period"),
    "time_all": _("Incidents, all time: %(n)s"),
    "time_day": _("Incidents, %(day)s: %(n)s"),
    "time_one": _("Incidents, %(from)s to %(to)s: %(n)s"),
}

_PHOTO = {
    "too_many_photos": _("At most %(n)s photos. Remove one to add another."),
    "remove_photo": _("Remove photo %(n)s"),
    "photo_n": _("Photo %(n)s"),
}

_LOCATION = {
    "location_denied": _(
        "The browser may not say where you are. Move the map, or allow the location and try again."
    ),
    "location_failed": _("Your device did not find its location. Move the map to the place."),
}

_REPORT = {
    "no_ward": _("No ward known here"),
    "former_district": _("formerly %(name)s"),
    "will_answer": _("Responsible: %(agency)s"),
    "operator_decides": _("It is not certain who answers here: an operator will decide."),
    "choose_category": _("Choose what is wrong: then we say who answers for it."),
    "zoom_closer": _("The place is known to about %(metres)s m. Zoom in for a better one."),
    "approximate": _("The ward boundaries are approximate."),
    "preview_offline": _("No answer yet. You can go on: the place is kept and checked on sending."),
    **_LOCATION,
    "photo_elsewhere": _("This photo was taken somewhere else. Use the place of the photo?"),
    "photo_has_place": _("This photo knows where it was taken. Use its place?"),
    **_PHOTO,
    "place_missing": _(
        "Where is it? Move the map until the pin stands on the place, or describe it in words."
    ),
    "category_missing": _("What is wrong? Choose one of the categories."),
    "known_count": _("%(n)s reported near here may be the same. They stand below the category."),
    "known_again": _("Show what may be the same (%(n)s)"),
    "known_first": _(
        "This may have been reported already: look at the list. If yours is something else, send "
        "it again."
    ),
    "metres_away": _("%(metres)s m from your pin"),
    "km_away": _("%(km)s km from your pin"),
    "reported_on": _("reported %(date)s"),
    "follow_this": _("Follow this one"),
    "look_at_it": _("Look at it"),
    "open_case": _("The office's page"),
    "sending": _("Sending…"),
    "waiting_line": _("No connection. We send it as soon as the line is back."),
    "waiting_server": _("The server is not answering. Next try in %(seconds)s s."),
    "stop_sending": _("Stop and change something"),
    "send": _("Send the report"),
    "draft_kept": _("Draft kept here."),
    "draft_not_kept": _("This browser keeps no drafts: do not close the page before sending."),
}

_RECEIPT = {"copied": _("Copied"), "code": _("Receipt")}

_CASE = {
    "copied": _RECEIPT["copied"],
    "checked_in": _("Checked in here, to about %(metres)s m. Send the form to keep it."),
    "map_of_pin": _("Map under the pin"),
    "changed_meanwhile": _(
        "Somebody has just changed this incident. What you write here is kept; on sending you see "
        "the new state first."
    ),
    "signed_out": _("You are signed out. Sign in on another tab, then send this again."),
    **{
        name: _REPORT[name]
        for name in (
            "location_denied", "location_failed", "too_many_photos", "remove_photo", "photo_n",
        )
    },
}  # fmt: skip

_ALERTS = {**_LOCATION, "located": _("Your place is written below.")}

_DESK = {
    "live": _("Live"),
    "stream_away": _("The live line is interrupted: it is asked again every few seconds."),
    "asking_now_and_then": _("Asked again every few seconds"),
    "one_new": _("1 new incident"),
    "many_new": _("%(n)s new incidents"),
    "selected": _("%(n)s selected"),
    "of_selected": _("for %(n)s"),
    "not_possible": _("This is no step from where it stands, or not yours to take."),
    "loaded": _("Loaded again."),
}

_OWN_AREA = {
    "corners": _("%(n)s corners. The area is closed from the last one to the first."),
    "corners_needed": _("%(n)s corners; at least three make an area."),
}

_DUPLICATES = {
    "signed_out": _CASE["signed_out"],
    "lasso_needs_two": _("Draw around two incidents at least. Groups open when you zoom in."),
    "queue_new": _("New in this list: %(n)s"),
    "queue_gone": _("Done meanwhile: %(n)s"),
}

_ANALYSIS = {
    "signed_out": _CASE["signed_out"],
    "live_told": _("Incidents: %(n)s, reckoned in %(ms)s ms"),
}

SETS = {
    "analysis": _ANALYSIS,
    "duplicates": _DUPLICATES,
    "desk": _DESK,
    "own_area": _OWN_AREA,
    "map": _MAP,
    "report": _REPORT,
    "case": _CASE,
    "receipt": _RECEIPT,
    "answer": _PHOTO,
    "alerts": _ALERTS,
}


def words(*names: str) -> dict[str, str]:
    """Return the sentences of the named sets, in the reader's language."""
    chosen = dict(_EVERYWHERE)
    for name in names:
        chosen.update(SETS[name])
    return {name: str(sentence) for name, sentence in chosen.items()}
