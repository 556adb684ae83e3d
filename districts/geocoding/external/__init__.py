"""External geocoders, asked only where one is configured and the gazetteer is unsure."""

from districts.geocoding.external.asking import places
from districts.geocoding.external.services import SERVICES, Service, Told, configured
from districts.geocoding.external.wording import place_words

__all__ = ["SERVICES", "Service", "Told", "configured", "place_words", "places"]
