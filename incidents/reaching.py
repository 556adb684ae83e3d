"""One address of a person, as it is typed, compared and kept: an e-mail address or a telephone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.db.models.lookups import Exact
from django.utils.crypto import salted_hmac

from districts import city
from gis_core.errors import N_, DomainError
from incidents.intake.web import read_email, read_phone, read_text

Row = TypeVar("Row", bound=Model)

EMAIL: Final = "email"
SMS: Final = "sms"
LONGEST_AT_HOME: Final = 10
_TRUNK: Final = {"VN": ("+84", "0"), "US": ("+1", "")}
"""What a number begins with from abroad and at home, by country (ITU-T E.164 national plans)."""


class Reached(Protocol):
    """A contact, a follower or an alert."""

    @property
    def email(self) -> str: ...
    @property
    def phone(self) -> str: ...


class AddressMissing(DomainError):
    """Neither an e-mail address nor a telephone number was given."""

    code = "contact.missing"
    status = 422
    message = N_("Write an e-mail address or a phone number: without one we cannot reach you.")


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody can be reached, and by which carrier; never in logs."""

    carrier: str
    value: str = field(repr=False)

    @property
    def email(self) -> str:
        """The address where it is e-mail, else ""."""
        return self.value if self.carrier == EMAIL else ""

    @property
    def phone(self) -> str:
        """The number where it is a telephone, else ""."""
        return self.value if self.carrier == SMS else ""

    @property
    def plain(self) -> str:
        """The one form in which two ways of writing the same address are equal."""
        if self.carrier == EMAIL:
            return self.value.lower()
        return _international(self.value)

    @property
    def digest(self) -> str:
        """A keyed hash of ``plain``: nobody can try telephone numbers on it."""
        kept = salted_hmac("incidents.reaching", f"{self.carrier}:{self.plain}", algorithm="sha256")
        return kept.hexdigest()

    def among(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        """Return those contacts, followers or alerts that bear this address."""
        if self.carrier == SMS:
            return rows.filter(phone__in=self._written())
        # As the index has it: over the address in small letters, where there is one.
        return rows.filter(~Q(email=""), Exact(Lower("email"), Value(self.plain)))

    def _written(self) -> list[str]:
        abroad, home = _trunk()
        at_home = self.plain.removeprefix(abroad)
        return sorted({self.value, self.plain, self.plain[1:], home + at_home})


def read_address(typed: str) -> Address:
    """Return what was typed into one field for both. Raises AddressMissing, BadEmail, BadPhone."""
    text = typed.strip()
    if not text:
        raise AddressMissing
    if "@" in text:
        return Address(EMAIL, read_email(read_text("email", text)))
    return Address(SMS, read_phone(read_text("phone", text)))


def address_of(row: Reached, carrier: str) -> Address:
    """Return the address of a row that has one for the carrier."""
    return Address(carrier, row.email if carrier == EMAIL else row.phone)


def _international(number: str) -> str:
    """Return a number as it is dialled from anywhere: a plus, the country, the rest."""
    abroad, home = _trunk()
    if number.startswith("+"):
        return number
    if home and number.startswith(home):
        return abroad + number.removeprefix(home)
    with_country = len(number) > LONGEST_AT_HOME and number.startswith(abroad[1:])
    return f"+{number}" if with_country else abroad + number


def _trunk() -> tuple[str, str]:
    return _TRUNK.get(city.current().working_days.country, ("+", ""))
