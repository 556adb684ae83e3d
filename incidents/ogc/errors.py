"""What can be wrong with a question to the OGC API; the standard asks for status 400."""

from __future__ import annotations

from gis_core.errors import N_, DomainError


class UnknownParameter(DomainError):
    """There is no such parameter at this address (OGC 17-069r4, 7.5)."""

    code = "ogc.unknown_parameter"
    status = 400
    message = N_("There is no parameter %(parameter)s here. Known are: %(known)s.")


class BadParameter(DomainError):
    """A parameter's value cannot be read (OGC 17-069r4, 7.6)."""

    code = "ogc.bad_parameter"
    status = 400
    message = N_("The parameter %(parameter)s cannot be %(value)s. Possible: %(possible)s.")


class NoSuchCollection(DomainError):
    """No collection has this name."""

    code = "ogc.no_such_collection"
    status = 404
    message = N_("There is no collection %(collection)s. Known are: %(known)s.")


class NoSuchFeature(DomainError):
    """The collection has no such feature, or not everybody may see it."""

    code = "ogc.no_such_feature"
    status = 404
    message = N_("There is no feature %(feature)s in the collection %(collection)s.")
