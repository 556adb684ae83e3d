"""The environment, read loudly: a missing or wrong value stops the start and says the cure."""

from __future__ import annotations

import os
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE, FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off", "")
SCHEMES = ("postgis", "postgres", "postgresql")


def text(name: str, default: str) -> str:
    """Return the variable, or ``default`` where it is not set; set to nothing, it is nothing."""
    return os.environ.get(name, default)


def flag(name: str, *, default: bool) -> bool:
    """Return the variable as yes or no. Raises ImproperlyConfigured."""
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE + FALSE:
        return value.lower() in TRUE
    msg = f"{name}={value!r} is neither yes nor no: write 1 or 0."
    raise ImproperlyConfigured(msg)


def number(name: str, default: int) -> int:
    """Return the variable as a whole number of at least 0. Raises ImproperlyConfigured."""
    value = os.environ.get(name, str(default))
    if value.isascii() and value.isdigit():
        return int(value)
    msg = f"{name}={value!r} is not a whole number: write for example {default}."
    raise ImproperlyConfigured(msg)


def words(name: str, default: str) -> list[str]:
    """Return the comma-separated variable as its words, without blanks and empty ones."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def hours(name: str, default: str) -> tuple[time, time] | None:
    """Return a stretch of the day such as ``21:00-07:00``; None where the variable is empty.

    Raises ImproperlyConfigured.
    """
    value = os.environ.get(name, default)
    if not value:
        return None
    try:
        begin, end = (time.fromisoformat(part) for part in value.split("-"))
    except ValueError:
        msg = f"{name}={value!r} are no hours: write for example {default}, or nothing for none."
        raise ImproperlyConfigured(msg) from None
    return begin, end


def database(url: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's settings for ``postgis://user:password@host:port/name?option=value``.

    Reserved characters are percent-encoded; a host may be a socket's folder (``%2Frun%2Fpg``);
    options are libpq's, such as ``sslmode``. Raises ImproperlyConfigured, never with the password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in SCHEMES or not name:
        msg = f"{variable} is not of the form postgis://user:password@host:port/name"
        raise ImproperlyConfigured(msg)
    return {
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": _host(parts.netloc),
        "PORT": str(port or ""),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }


def address(name: str, *schemes: str) -> str:
    """Return the variable, a URL of one of ``schemes``, "" where it is not set.

    Raises ImproperlyConfigured, never with the value: it may hold a password.
    """
    value = os.environ.get(name, "")
    try:
        parts = urlsplit(value)
        sound = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if value and not sound:
        msg = f"{name} is not of the form {schemes[-1]}://host:port/…"
        raise ImproperlyConfigured(msg)
    return value


def _host(place: str) -> str:
    """Return the host as it was written: urllib's is in lower case, which a folder's is not."""
    host = place.rpartition("@")[2]
    bracketed = host.removeprefix("[").partition("]")[0]
    return bracketed if host.startswith("[") else unquote(host.partition(":")[0])


def folder(name: str) -> Path | None:
    """Return the folder named, or None where none is. Raises ImproperlyConfigured."""
    value = os.environ.get(name, "")
    if not value:
        return None
    if not Path(value).is_dir():
        msg = f"{name}={value!r} is not a folder: correct it, or leave it unset."
        raise ImproperlyConfigured(msg)
    return Path(value).resolve()
