"""What the numbers in an incident's row are called; each is asked for once an export."""

from __future__ import annotations

from typing import Final

from districts.explanation import kind_and_name
from districts.models import Agency, Area, Category
from incidents.exports.table import clean

NO_AGENCY: Final = (None, None)
NO_AREA: Final = (None, None, None)


class Names:
    """Names in Vietnamese, as files of one city's service bear them; categories' in both."""

    def __init__(self) -> None:
        rows = Category.objects.values_list("code", "name", "name_en", "sector_id", "sector__name")
        self._categories = {row[0]: tuple(clean(one) for one in row) for row in rows}
        agencies = Agency.objects.values_list("pk", "code", "name")
        self._agencies = {pk: (clean(code), clean(name)) for pk, code, name in agencies}
        self._areas: dict[int, tuple[str, str, str]] = {}

    def category(self, code: str) -> tuple[str, ...]:
        """Return code, name, English name, sector, its name."""
        return self._categories[code]

    def agency(self, pk: int | None) -> tuple[str, str] | tuple[None, None]:
        """Return code and name; none for none."""
        return NO_AGENCY if pk is None else self._agencies[pk]

    def area(self, pk: int | None) -> tuple[str, str, str] | tuple[None, None, None]:
        """Return code, full name, and the edition without which the code names nothing."""
        if pk is None:
            return NO_AREA
        if pk not in self._areas:
            rows = Area.objects.filter(pk=pk).values_list("code", "kind", "name", "edition__name")
            [(code, kind, name, edition)] = rows
            self._areas[pk] = (clean(code), clean(kind_and_name(kind, name, "vi")), edition)
        return self._areas[pk]
