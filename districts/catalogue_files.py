"""A city's catalogue files -> typed records; every problem is listed with its place. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from districts.catalogue_checks import problems_in
from districts.catalogue_records import (
    AgencyRecord,
    AreaGroup,
    Catalogue,
    CategoryRecord,
    City,
    Explanations,
    RuleRecord,
    SectorRecord,
)
from districts.catalogue_rows import Problem, Reader
from gis_core.errors import N_, DomainError

FOLDER = Path(__file__).parent / "catalogue"


class BrokenCatalogue(DomainError):
    """The catalogue's files contradict themselves or each other; nothing of them was loaded."""

    code = "catalogue.broken"
    status = 422
    message = N_(
        "The catalogue has %(count)s problems and nothing was loaded. "
        "Correct these places and load it again:\n%(problems)s"
    )

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(count=len(problems), problems=listed)


class UnknownCity(DomainError):
    """There is no city file of this name."""

    code = "catalogue.unknown_city"
    status = 500
    message = N_("There is no city file %(city)s.toml. Set WARDWISE_CITY to one of: %(known)s.")


def read_city(code: str, folder: Path = FOLDER) -> City:
    """Return a city's file. Raises UnknownCity, BrokenCatalogue."""
    path = folder / "cities" / f"{code}.toml"
    if not path.is_file():
        known = ", ".join(sorted(one.stem for one in path.parent.glob("*.toml")))
        raise UnknownCity(city=code, known=known or "-")
    reader = Reader(path)
    city = reader.whole(City)
    if city is None:
        raise BrokenCatalogue(reader.problems)
    return city


def read_explanations(city: City, folder: Path = FOLDER) -> Explanations:
    """Return the sentences shown to people. Raises BrokenCatalogue."""
    reader = Reader(folder / city.catalogue / "explanations.toml", city.languages)
    found = reader.whole(Explanations)
    if found is None:
        raise BrokenCatalogue(reader.problems)
    return found


def read_catalogue(code: str, folder: Path = FOLDER) -> Catalogue:
    """Return all of a city's files. Raises UnknownCity, and BrokenCatalogue with every problem."""
    city = read_city(code, folder)
    home = folder / city.catalogue
    names = ("sectors", "categories", "agencies", "rules", "explanations")
    sectors, categories, agencies, rules, sentences = readers = [
        Reader(home / f"{name}.toml", city.languages) for name in names
    ]
    catalogue = Catalogue(
        city=city,
        sectors=sectors.table("sector", SectorRecord),
        categories=categories.table("category", CategoryRecord),
        agencies=agencies.table("agency", AgencyRecord),
        area_groups=rules.table("area_group", AreaGroup, needed=False),
        rules=rules.table("rule", RuleRecord),
        explanations=sentences.whole(Explanations)
        or Explanations(because=(), questions=(), notes=(), asset_kinds=()),
    )
    for reader in readers:
        reader.refuse_unread()
    # A row that could not be read would make every row that names it wrong as well.
    problems = [problem for reader in readers for problem in reader.problems]
    if problems := problems or list(problems_in(catalogue)):
        raise BrokenCatalogue(problems)
    return catalogue
