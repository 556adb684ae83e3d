"""The territory, and who answers for what in it."""

from districts.models.agency import Agency, AgencyClass
from districts.models.area import Area
from districts.models.asset import Asset
from districts.models.category import Category, Sector
from districts.models.change import CatalogueChange
from districts.models.coverage import Border, Piece
from districts.models.edition import Edition
from districts.models.external import ExternalAnswer, ExternalTurn
from districts.models.former_area import FormerArea
from districts.models.lineage import Lineage
from districts.models.place import Crossing, Gazetteer, NameUse, Place, PlaceKind, PlaceName
from districts.models.residents import ResidentCount, Residents
from districts.models.rule import Rule
from districts.models.service_area import ServiceArea

__all__ = [
    "Agency",
    "AgencyClass",
    "Area",
    "Asset",
    "Border",
    "CatalogueChange",
    "Category",
    "Crossing",
    "Edition",
    "ExternalAnswer",
    "ExternalTurn",
    "FormerArea",
    "Gazetteer",
    "Lineage",
    "NameUse",
    "Piece",
    "Place",
    "PlaceKind",
    "PlaceName",
    "ResidentCount",
    "Residents",
    "Rule",
    "Sector",
    "ServiceArea",
]
