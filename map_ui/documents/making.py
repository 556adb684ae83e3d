"""When a document was made."""

from __future__ import annotations

from django.utils import formats, timezone
from django.utils.translation import gettext


def made_today() -> str:
    """Return the sentence that says when a document was made."""
    today = formats.date_format(timezone.localdate(), "SHORT_DATE_FORMAT")
    return gettext("Made on %(day)s by Wardwise") % {"day": today}
