"""What can be wrong with a report, a photo, a tracking code, or the wish to act on one."""

from __future__ import annotations

from gis_core.errors import N_, DomainError


class IdempotencyReused(DomainError):
    """The key was used before, for a report that said something else."""

    code = "idempotency.reused"
    status = 409
    message = N_(
        "This Idempotency-Key was already used for a report with other content. "
        "Send a corrected report under a new key; to ask for the first receipt again, send exactly "
        "the same content."
    )


class BadIdempotencyKey(DomainError):
    """The key is empty, too long, or holds characters a header should not carry."""

    code = "idempotency.bad_key"
    status = 422
    message = N_(
        "The Idempotency-Key must be 1 to %(longest)s printable ASCII characters; "
        "a random UUID is a good one."
    )


class AlreadyRefused(DomainError):
    """A retry of a report that was refused, though it would not be refused today."""

    code = "report.already_refused"
    status = 409
    message = N_(
        "This report was refused before (%(reason)s). Send it again under a new Idempotency-Key."
    )


class UnknownChannel(DomainError):
    """No channel has this name."""

    code = "channel.unknown"
    status = 404
    message = N_("There is no channel %(channel)s. Known are: %(known)s.")


class TextTooLong(DomainError):
    """A text field holds more characters than are kept."""

    code = "text.too_long"
    status = 422
    message = N_(
        "The field %(field)s has %(length)s characters; at most %(longest)s are kept. Shorten it."
    )


class TextHasNul(DomainError):
    """A text field holds the NUL character, which no person types."""

    code = "text.nul"
    status = 422
    message = N_("The field %(field)s contains a NUL character. Remove it and send again.")


class PlaceMissing(DomainError):
    """There is neither a position nor any word that could say where it is."""

    code = "position.missing"
    status = 422
    message = N_(
        "Where is it? Give a longitude and latitude, or say it in words: house number and street, "
        "a crossing, a landmark, the ward."
    )


class NothingAsked(DomainError):
    """The text to look for holds no letter and no digit."""

    code = "geocoding.empty"
    status = 422
    message = N_("Write where it is: house number and street, a crossing, a landmark, the ward.")


class TooMuchAsked(DomainError):
    """The text to look for is longer than the geocoder reads."""

    code = "geocoding.too_long"
    status = 422
    message = N_(
        "This text has %(length)s characters; at most %(longest)s are read. "
        "Send the part that says where it is."
    )


class AlreadyDealtWith(DomainError):
    """Somebody else, or the geocoder, has found the report's place in the meantime."""

    code = "report.already_dealt_with"
    status = 409
    message = N_("This report does not wait for a place any more: somebody was quicker.")


class WordsJudged(DomainError):
    """Somebody else decided the other way about a report's words in the meantime."""

    code = "report.words_judged"
    status = 409
    message = N_(
        "Somebody else decided otherwise about these words in the meantime; nothing of yours was "
        "saved. Open the incident's page to change what was decided."
    )


class CandidateGone(DomainError):
    """The candidate that was chosen is not among those of today's gazetteer."""

    code = "geocoding.candidate_gone"
    status = 409
    message = N_("These candidates have changed since the page was shown. Look again and choose.")


class BadPhone(DomainError):
    """The phone number cannot be dialled."""

    code = "contact.bad_phone"
    status = 422
    message = N_(
        "This does not look like a phone number. Write 8 to 15 digits, for example 0903 123 456 "
        "or +84 903 123 456, or leave the field empty."
    )


class BadEmail(DomainError):
    """The e-mail address cannot be written to."""

    code = "contact.bad_email"
    status = 422
    message = N_(
        "This does not look like an e-mail address. Write one like lan@example.vn, "
        "or leave the field empty."
    )


class PhotoTooLarge(DomainError):
    """One photo has more bytes than are read."""

    code = "photo.too_large"
    status = 413
    message = N_(
        "Photo %(number)s has %(megabytes)s MB; at most %(largest)s MB are accepted. "
        "Choose a smaller one, or send a screenshot of it."
    )


class TooManyPhotos(DomainError):
    """More photos than one report may carry."""

    code = "photo.too_many"
    status = 422
    message = N_(
        "There are %(count)s photos; a report may have %(most)s. Keep those that show it best."
    )


class NotAPhoto(DomainError):
    """The content is not JPEG, PNG or WebP, whatever the file is called."""

    code = "photo.not_a_photo"
    status = 422
    message = N_(
        "File %(number)s is not a photo, whatever its name says. Send a JPEG, PNG or WebP picture."
    )


class HeicPhoto(DomainError):
    """The content is HEIC or AVIF, which this server does not decode."""

    code = "photo.heic"
    status = 422
    message = N_(
        "Photo %(number)s is in the HEIC format, which cannot be read here. On an iPhone choose "
        "Settings > Camera > Formats > Most Compatible, or send a screenshot of the photo."
    )


class BrokenPhoto(DomainError):
    """It begins like a photo but cannot be decoded to its end."""

    code = "photo.broken"
    status = 422
    message = N_(
        "Photo %(number)s is damaged or was cut off on the way. Take it again or choose another."
    )


class TooManyPixels(DomainError):
    """Decoding the photo would need more memory than one photo may take."""

    code = "photo.too_many_pixels"
    status = 422
    message = N_(
        "Photo %(number)s has more than %(most)s megapixels. Send a smaller version of it."
    )


class PhotoNotFound(DomainError):
    """No photo with this hash that the asker may see."""

    code = "photo.not_found"
    status = 404
    message = N_("There is no photo here that you may see.")


class BadCode(DomainError):
    """What was typed cannot be a tracking code."""

    code = "report.bad_code"
    status = 404
    message = N_(
        "This is not a tracking code. A code has 8 characters, for example %(example)s; "
        "0, 1 and the letters A, E, I, L, O, U never occur in it."
    )


class ReportNotFound(DomainError):
    """No report has this tracking code."""

    code = "report.not_found"
    status = 404
    message = N_("No report has the code %(shown)s. Compare it with your receipt, sign by sign.")


class TooManyGuesses(DomainError):
    """Too many codes that do not exist were asked for from one address."""

    code = "report.too_many_guesses"
    status = 429
    message = N_(
        "Too many codes that do not exist were asked for from here. "
        "Try again in %(minutes)s minutes."
    )


class IncidentNotFound(DomainError):
    """No incident with this number that the asker may see."""

    code = "incident.not_found"
    status = 404
    message = N_("There is no incident %(id)s that you may see.")


class AgencyNotFound(DomainError):
    """No agency with this code, or none any more."""

    code = "agency.not_found"
    status = 422
    message = N_("There is no agency %(agency)s today. Choose one from the list.")


class ReasonMissing(DomainError):
    """The step changes what people see and needs a reason on record."""

    code = "reason.missing"
    status = 422
    message = N_("Write in a few words why: the reason is kept with the decision.")


class UnknownReason(DomainError):
    """The reason is not one of the step's closed list."""

    code = "reason.unknown"
    status = 422
    message = N_("%(reason)s is not a reason for this step. Possible: %(possible)s.")


class IncidentChanged(DomainError):
    """Somebody else acted on the incident since the asker looked at it."""

    code = "incident.changed"
    status = 409
    message = N_(
        "Somebody else changed this incident in the meantime; nothing of yours was saved. "
        "Look at it again, then repeat your step if it is still right."
    )


class PauseUsedUp(DomainError):
    """The case was paused for as long as its rule allows."""

    code = "incident.pause_used_up"
    status = 409
    message = N_("This case was paused for %(days)s days, which is all that its rule allows.")


class PermissionDenied(DomainError):
    """The asker may not do this."""

    code = "permission.denied"
    status = 403
    message = N_("You may not do this. Sign in as an operator, or ask an administrator.")


class BadBox(DomainError):
    """The bounding box is not four degrees in the order west, south, east, north."""

    code = "filter.bad_bbox"
    status = 422
    message = N_(
        "bbox must be west,south,east,north in degrees, west below east and south below north, "
        "for example %(example)s."
    )


class BadFilter(DomainError):
    """A filter has a value that nothing can match."""

    code = "filter.bad_value"
    status = 422
    message = N_("%(field)s cannot be %(value)s. Possible: %(possible)s.")


class BadCursor(DomainError):
    """The cursor is not one that this API gave."""

    code = "filter.bad_cursor"
    status = 422
    message = N_("This cursor is not one from the field next of an earlier answer. Start again.")


class BadToken(DomainError):
    """The feed's token is not one of ours, is too old, or its owner may not read any more."""

    code = "oversight.bad_token"
    status = 401
    message = N_("This token does not open the feed. Make a new one on the page /oversight.")
