"""The administrators' pages of the territory and the catalogue."""

from __future__ import annotations

from django.contrib import admin

from districts import models
from districts.administration.catalogue import (
    AgencyPage,
    CategoryPage,
    ChangePage,
    RulePage,
    SectorPage,
)
from districts.administration.places import GazetteerPage, PlacePage
from districts.administration.residents import ResidentCountPage
from districts.administration.territory import AreaPage, AssetPage, EditionPage, ServiceAreaPage

admin.site.register(models.Edition, EditionPage)
admin.site.register(models.Area, AreaPage)
admin.site.register(models.Asset, AssetPage)
admin.site.register(models.ServiceArea, ServiceAreaPage)
admin.site.register(models.Sector, SectorPage)
admin.site.register(models.Category, CategoryPage)
admin.site.register(models.Agency, AgencyPage)
admin.site.register(models.Rule, RulePage)
admin.site.register(models.CatalogueChange, ChangePage)
admin.site.register(models.Gazetteer, GazetteerPage)
admin.site.register(models.Place, PlacePage)
admin.site.register(models.ResidentCount, ResidentCountPage)
