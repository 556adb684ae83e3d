"""What can be wrong with work on an incident: with a step, its proof, a link, an answer."""

from __future__ import annotations

from gis_core.errors import N_, DomainError


class ProofMissing(DomainError):
    """A claim without proof cannot be closed yet, or a late one not be made."""

    code = "incident.proof_missing"
    status = 409
    message = N_(
        "This needs a photo of the finished work, or a check-in on the spot. Without one the case "
        "stays claimed done until the reporter confirms, or nobody objects in time."
    )


class NotOnSite(DomainError):
    """The check-in lies farther from the case than both positions can be wrong."""

    code = "incident.not_on_site"
    status = 422
    message = N_(
        "You are %(metres)s m too far from the place for a check-in. Go nearer, add a photo "
        "instead, or move the pin if it is wrong."
    )


class LateNeedsMore(DomainError):
    """A late case is kept without words, photo or a new day."""

    code = "incident.late_needs_more"
    status = 422
    message = N_(
        "This case is late: write how far the work is, add a photo, and promise a new day."
    )


class BadPromise(DomainError):
    """The promised day is missing, over, or too far away."""

    code = "incident.bad_promise"
    status = 422
    message = N_("Promise a day from tomorrow on, at most %(most)s days away.")


class NotHeld(DomainError):
    """What was wanted is possible only while an office works on the case."""

    code = "incident.not_held"
    status = 409
    message = N_("This case is %(current)s: no office has it in hand now.")


class NotChangeable(DomainError):
    """The case is done, divided or rejected, so that its place and category stay."""

    code = "incident.not_changeable"
    status = 409
    message = N_("This case is %(current)s: its place and category cannot be changed any more.")


class AgencyWouldChange(DomainError):
    """Another place or category leads to another agency; the asker has to agree first."""

    code = "incident.agency_would_change"
    status = 409
    message = N_(
        "With this change the case goes from %(before)s to %(after)s. Agree to it, or leave the "
        "case as it is."
    )


class PartsMissing(DomainError):
    """A case is split into parts that are none."""

    code = "incident.parts_missing"
    status = 422
    message = N_("Name 2 to %(most)s parts, each with its own agency and category.")


class LinkNotFound(DomainError):
    """No link has this token, or not for this purpose."""

    code = "link.not_found"
    status = 404
    message = N_("This link is not known. Open it again from the message, whole.")


class LinkExpired(DomainError):
    """The link was good for some days, and they are over."""

    code = "link.expired"
    status = 410
    message = N_("This link has expired. Ask whoever sent it to you for a new one.")


class LinkUsed(DomainError):
    """The link was used, or taken back."""

    code = "link.used"
    status = 410
    message = N_("This link has been used already, or was taken back.")


class NotYours(DomainError):
    """The report does not belong to the incident that is answered."""

    code = "answer.not_yours"
    status = 403
    message = N_("Your report does not belong to this case.")


class NotAnswerable(DomainError):
    """Nobody has said yet that the case is done, or too long ago."""

    code = "answer.not_now"
    status = 409
    message = N_("This case cannot be answered now: it is %(current)s, or too much time passed.")


class RatedAlready(DomainError):
    """A report is rated once."""

    code = "answer.rated_already"
    status = 409
    message = N_("You have rated this already. Thank you.")


class BadRating(DomainError):
    """The stars are not 1 to 5, or a reason is not in the list."""

    code = "answer.bad_rating"
    status = 422
    message = N_("Choose 1 to 5 stars, and reasons from the list.")
