"""What can be wrong with the wish to say that two incidents are one, or that they are not."""

from __future__ import annotations

from gis_core.errors import N_, DomainError, Elsewhere


class IncidentMerged(Elsewhere):
    """The incident was found to be another one, which stands for it now."""

    code = "incident.merged"
    message = N_("Case %(id)s was merged into case %(into)s. Go on there, or undo the merging.")


class SameIncident(DomainError):
    """Both numbers lead to the same incident."""

    code = "incident.same"
    status = 409
    message = N_("Both are case %(id)s already. Choose two different ones.")


class EndedIncident(DomainError):
    """One of the two has ended, and nobody said why they should be one nevertheless."""

    code = "incident.ended"
    status = 409
    message = N_(
        "Case %(ended)s has ended already. Write in a few words why they are one nevertheless."
    )


class AgenciesDiffer(DomainError):
    """Two agencies have the two incidents; the asker has to agree who keeps the survivor."""

    code = "incident.agencies_differ"
    status = 409
    message = N_(
        "The one case is with %(before)s, the other, which stays, with %(after)s. Agree that "
        "%(after)s keeps it, or hand one of them over first."
    )


class NotMergeable(DomainError):
    """The incident was divided, or is a part of one that was."""

    code = "incident.not_mergeable"
    status = 409
    message = N_(
        "Case %(id)s was divided among agencies, or is a part of one that was. Such cases are not "
        "merged: take reports out of them, or end the parts."
    )


class PrivacyDiffers(DomainError):
    """One of the two is shown to everybody and the other is not."""

    code = "incident.privacy_differs"
    status = 409
    message = N_(
        "Case %(hidden)s is not shown to everybody, the other one is. Correct the category first."
    )


class NotMerged(DomainError):
    """There is nothing to undo: the incident stands by itself."""

    code = "incident.not_merged"
    status = 409
    message = N_("Case %(id)s is not merged into another one: there is nothing to undo.")


class NothingLeft(DomainError):
    """Undoing would leave an incident without any report."""

    code = "incident.nothing_left"
    status = 409
    message = N_(
        "Without these reports case %(id)s would have none. Its own went elsewhere since: merge "
        "them back first, or leave it as it is."
    )


class ReportsMissing(DomainError):
    """The reports to take out are none, all, or not of this incident."""

    code = "incident.reports_missing"
    status = 422
    message = N_(
        "Choose reports of case %(id)s, at least one and not all of them: one has to stay."
    )


class PairNotFound(DomainError):
    """No pair with this number that the asker may judge."""

    code = "pair.not_found"
    status = 404
    message = N_("There is no pair %(id)s that you may judge.")


class BadMoment(DomainError):
    """A pair is put off to a moment that is over, or too far away."""

    code = "pair.bad_moment"
    status = 422
    message = N_("Choose a day to look again from tomorrow on, at most %(most)s days away.")
