"""The gazetteer: named places, the names they bear or bore, and where streets cross."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.contrib.gis.db import models
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.utils.translation import gettext_lazy as _


class PlaceKind(StrEnum):
    """What a place is to somebody who names it."""

    STREET = "street"
    ALLEY = "alley"
    JUNCTION = "junction"
    LANDMARK = "landmark"
    STOP = "stop"
    HOUSE = "house"


class NameUse(StrEnum):
    """How a name is used."""

    OFFICIAL = "official"
    OTHER = "other"
    SHORT = "short"
    FORMER = "former"
    ENGLISH = "english"


class Gazetteer(models.Model):
    """A source of places, loaded whole; its attribution is shown wherever its places are."""

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    attribution = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=500, blank=True)
    fingerprint = models.CharField(
        max_length=64,
        blank=True,
        help_text="Of the files, the mapping and the rules it was read by",
    )
    loaded_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("gazetteer")
        verbose_name_plural = _("gazetteers")

    def __str__(self) -> str:
        return self.title


class Place(models.Model):
    """Something people name when they say where: a street, an alley, a market, a house.

    ``reference`` is the source's own identifier. A street is all its pieces within reach of one
    another; another street of the same name elsewhere is another place. ``street_key`` and
    ``number`` say where a house or an alley belongs: number 602/15 of the street with that key.
    """

    gazetteer = models.ForeignKey(Gazetteer, on_delete=models.CASCADE, related_name="places")
    reference = models.CharField(max_length=120)
    kind = models.SlugField(max_length=12, db_index=False)
    sort = models.CharField(max_length=80, blank=True, help_text="amenity/hospital, highway/trunk")
    name = models.CharField(max_length=250)
    number = models.CharField(max_length=40, blank=True)
    street_key = models.CharField(max_length=120, blank=True)
    shape = models.GeometryField(srid=4326)
    point = models.PointField(srid=4326, help_text="On the shape: where a label stands")
    weight = models.FloatField(default=0, help_text="0 to 1: how likely people mean this one")
    fingerprint = models.CharField(max_length=32, blank=True, help_text="Of all of it, with names")

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["gazetteer", "reference"], name="place_reference"),
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in PlaceKind]), name="place_kind"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["street_key", "number"],
                name="place_on_street",
                condition=~models.Q(street_key=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """One name of a place, and the form of it that is looked for.

    ``key`` is ``districts.geocoding.keys.place_key(name)``: what two ways of writing one name
    share. ``deletions`` are numbers of the key with a letter or two left out: two keys that are a
    typo apart have one in common. ``valid`` dates say when a former name was in use.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=250)
    folded = models.CharField(max_length=250, help_text="gis_core.names.folded(name)")
    key = models.CharField(max_length=120)
    deletions = ArrayField(models.IntegerField(), default=list, blank=True)
    use = models.SlugField(max_length=10, default=NameUse.OFFICIAL.value, db_index=False)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["place", "name", "use"], name="place_name_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["key"], name="place_name_key"),
            GinIndex(fields=["deletions"], name="place_name_deletions", fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.name


class Crossing(models.Model):
    """Where two streets meet. Stored once for a pair, ``first`` with the smaller id."""

    first = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    point = models.PointField(srid=4326)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["first", "second"], name="crossing_pair"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} x {self.second_id}"
