"""What can go wrong with a source of boundaries; each error names the file and the cure."""

from __future__ import annotations

from gis_core.errors import N_, DomainError


class NoSource(DomainError):
    """What was given as a source is none."""

    code = "boundaries.no_source"
    status = 422
    message = N_("%(origin)s is neither an address (https://…), nor a folder, nor a zip file.")


class NoAddress(DomainError):
    """The manifest knows an edition's files, but no address that serves them."""

    code = "boundaries.no_address"
    status = 422
    message = N_(
        "The files of %(name)s (%(files)s) have no address on the network. Give the folder or zip "
        "that holds them with --from; their SHA-256 is checked."
    )


class MissingFile(DomainError):
    """The source does not have a file of the edition."""

    code = "boundaries.missing_file"
    status = 502
    message = N_(
        "%(file)s is not at %(origin)s. Give a place that has it with --from (an address, a "
        "folder or a zip); the files that were fetched are kept."
    )


class WrongSum(DomainError):
    """A file's bytes are not those that the manifest promises."""

    code = "boundaries.wrong_sum"
    status = 502
    message = N_(
        "%(file)s is not the file that was checked: its SHA-256 is %(found)s instead of "
        "%(expected)s. It was not kept. Fetch again, or give another place with --from."
    )


class NoAnswer(DomainError):
    """The source cannot be reached, or has fallen silent."""

    code = "boundaries.no_answer"
    status = 504
    message = N_(
        "%(origin)s does not answer (%(reason)s; wanted: %(file)s). Try again later, the files "
        "that were fetched are kept, or give another place with --from."
    )


class SourceFailed(DomainError):
    """The source answers with an error."""

    code = "boundaries.source_failed"
    status = 502
    message = N_(
        "%(origin)s answers %(answer)s for %(file)s. Try again later, the files that were fetched "
        "are kept, or give another place with --from."
    )
