"""The one settings file. What differs between machines comes from the environment, loudly."""

from __future__ import annotations

import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from gis_core import env, local_postgis
from gis_core.secret_key import kept_in

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

DEBUG = env.flag("WARDWISE_DEBUG", default=False)
SECRET_KEY = env.text("WARDWISE_SECRET_KEY", "") or kept_in(VAR / "secret.key")
ALLOWED_HOSTS = env.words("WARDWISE_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("WARDWISE_TRUSTED_ORIGINS", "")
BEHIND_HTTPS = env.flag("WARDWISE_HTTPS", default=False)

INSTALLED_APPS = [
    "districts.administration.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.humanize",
    "gis_core",
    "districts",
    "incidents",
    "map_ui",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "gis_core.middleware.Compressed",
    "map_ui.content_policy.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "districts.city_clock.CityClock",
    "districts.one_catalogue.OneCatalogue",
    "gis_core.middleware.ReadersLanguage",
    "gis_core.middleware.Problems",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "gis_core.urls"
WSGI_APPLICATION = "map_ui.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database() -> dict[str, Any]:
    """Return the named server, or else the private one: that one is started by manage.py."""
    if url := env.text("DATABASE_URL", ""):
        return env.database(url)
    try:
        private = local_postgis.known()
    except local_postgis.LocalPostgisError as error:
        raise ImproperlyConfigured(str(error)) from error
    return env.database(private.url)


DATABASES = {
    "default": {
        **_database(),
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "CONN_MAX_AGE": env.number("WARDWISE_CONNECTION_SECONDS", 60),
        "CONN_HEALTH_CHECKS": True,
        "TEST": {
            "NAME": env.text("WARDWISE_TEST_DATABASE", "test_wardwise"),
            # Where the role may not create PostGIS: a template database that has it.
            "TEMPLATE": env.text("WARDWISE_TEST_TEMPLATE", "") or None,
        },
    },
}
if _replica := env.text("WARDWISE_REPLICA_URL", ""):
    DATABASES["replica"] = {
        **DATABASES["default"],
        **env.database(_replica, "WARDWISE_REPLICA_URL"),
        "TEST": {"MIRROR": "default"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _library(package: str, pattern: str) -> str | None:
    """Return the C library inside a wheel; None leaves it to Django's own search."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    wheels = Path(spec.origin).parent.parent / f"{package}.libs"
    return next((str(path) for path in sorted(wheels.glob(pattern))), None)


GDAL_LIBRARY_PATH = env.text("GDAL_LIBRARY_PATH", "") or _library("pyogrio", "libgdal*")
GEOS_LIBRARY_PATH = env.text("GEOS_LIBRARY_PATH", "") or _library("shapely", "libgeos_c*")

WARDWISE_CITY = env.text("WARDWISE_CITY", "hcmc")


def _city_file(city: str) -> dict[str, Any]:
    """Return what the city's file says; what is wrong with it is said where it is read whole."""
    file = BASE_DIR / "districts" / "catalogue" / "cities" / f"{city}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def _first_language(said: dict[str, Any]) -> str:
    """Return the language that is shown when nobody chose one."""
    try:
        return str(said["languages"][0])
    except (LookupError, TypeError):
        return "vi"


_CITY = _city_file(WARDWISE_CITY)
LANGUAGE_CODE = _first_language(_CITY)
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "map_ui" / "locale"]
FORMAT_MODULE_PATH = ["map_ui.formats"]
TIME_ZONE = str(_CITY.get("time_zone", "Asia/Ho_Chi_Minh"))
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = VAR / "media"
_STATIC_STORAGE = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
    if DEBUG
    else "whitenoise.storage.CompressedManifestStaticFilesStorage"
)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _STATIC_STORAGE},
}
WHITENOISE_USE_FINDERS = DEBUG

LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"keys": {"()": "gis_core.logs.HideKeys"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["keys"]}
    },
    "root": {"handlers": ["console"], "level": env.text("WARDWISE_LOG_LEVEL", "WARNING")},
    # At lower levels it logs what was asked for: words of a report.
    "loggers": {
        "geopy": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}

_BASEMAPS = "https://tiles.openfreemap.org/styles"
WARDWISE_BASEMAP_STYLE = env.text("WARDWISE_BASEMAP_STYLE", f"{_BASEMAPS}/positron")
WARDWISE_BASEMAP_STYLE_DARK = env.text(
    "WARDWISE_BASEMAP_STYLE_DARK",
    f"{_BASEMAPS}/dark" if f"{_BASEMAPS}/positron" == WARDWISE_BASEMAP_STYLE else "",
)
WARDWISE_BASEMAP_ORIGINS = env.words("WARDWISE_BASEMAP_ORIGINS", "")
WARDWISE_PUBLIC_URL = env.text("WARDWISE_PUBLIC_URL", "http://localhost:8000")
WARDWISE_EVENTS_URL = env.address("WARDWISE_EVENTS_URL", "http", "https")
WARDWISE_EVENTS_PORT = env.number("WARDWISE_EVENTS_PORT", 0)
WARDWISE_SMTP_URL = env.address("WARDWISE_SMTP_URL", "smtp", "smtps")
WARDWISE_EMAIL_FROM = env.text("WARDWISE_EMAIL_FROM", "wardwise@localhost")
WARDWISE_SMS_URL = env.address("WARDWISE_SMS_URL", "http", "https")
WARDWISE_SMS_TOKEN = env.text("WARDWISE_SMS_TOKEN", "")
WARDWISE_PUSH_KEY = env.text("WARDWISE_PUSH_KEY", "")
WARDWISE_PUSH_HOSTS = env.words(
    "WARDWISE_PUSH_HOSTS",
    "fcm.googleapis.com,*.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
)
WARDWISE_QUIET_HOURS = env.hours("WARDWISE_QUIET_HOURS", "21:00-07:00")
WARDWISE_NOTICES_KEPT_DAYS = env.number("WARDWISE_NOTICES_KEPT_DAYS", 400)
WARDWISE_GEOCODER = env.text("WARDWISE_GEOCODER", "").lower()
WARDWISE_GEOCODER_URL = env.address("WARDWISE_GEOCODER_URL", "http", "https")
WARDWISE_GEOCODER_USER_AGENT = env.text("WARDWISE_GEOCODER_USER_AGENT", "")
WARDWISE_GEOCODER_KEY = env.text("WARDWISE_GEOCODER_KEY", "")
WARDWISE_GEOCODER_BELOW_PERCENT = env.number("WARDWISE_GEOCODER_BELOW_PERCENT", 50)
WARDWISE_GEOCODER_INTERVAL_MS = env.number("WARDWISE_GEOCODER_INTERVAL_MS", 1100)
WARDWISE_GEOCODER_TIMEOUT_S = env.number("WARDWISE_GEOCODER_TIMEOUT_S", 5)
WARDWISE_GEOCODER_CACHE_DAYS = env.number("WARDWISE_GEOCODER_CACHE_DAYS", 30)
WARDWISE_GEOCODER_ATTRIBUTION = env.text(
    "WARDWISE_GEOCODER_ATTRIBUTION", "© OpenStreetMap contributors, ODbL 1.0"
)
WARDWISE_PROXIES = env.number("WARDWISE_PROXIES", 0)
WARDWISE_COLUMNS_DIR = Path(env.text("WARDWISE_COLUMNS_DIR", "") or VAR / "columns")
WARDWISE_ANALYSES_DIR = Path(env.text("WARDWISE_ANALYSES_DIR", "") or VAR / "analyses")
WARDWISE_TEST_DATA = env.folder("WARDWISE_TEST_DATA")
WARDWISE_TIMINGS = env.flag("WARDWISE_TIMINGS", default=False)
