"""Where numbers of residents come from, in a sentence that stands wherever they are used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from districts.residents import Shares, told

SENTENCES: Final[Mapping[Shares | None, str | Promise]] = {
    None: _("Residents: %(source)s, %(year)s."),
    Shares.AREA: _(
        "Residents: %(source)s, %(year)s; shared out from the wards of %(edition)s by area."
    ),
    Shares.ADDRESSES: _(
        "Residents: %(source)s, %(year)s; shared out from the wards of %(edition)s by addresses."
    ),
}


def residents_told() -> str:
    """Return source and year, and whether people were shared out; "" where nothing is known."""
    known = told()
    if known is None:
        return ""
    facts = {"source": known.source, "year": known.year, "edition": known.edition}
    return str(SENTENCES[known.shared_by]) % facts
