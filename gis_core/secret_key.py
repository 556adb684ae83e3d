"""The signing key of this checkout: made once, kept in a file that its owner alone may read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def kept_in(path: Path, variable: str = "WARDWISE_SECRET_KEY") -> str:
    """Return the key in ``path``, made at the first call. Raises ImproperlyConfigured.

    ``variable`` is what may be set instead.
    """
    try:
        if not path.exists():
            _make(path)
        return path.read_text(encoding="ascii")
    except OSError as error:
        msg = f"{path} cannot be used ({error.strerror}): remove it or set {variable}."
        raise ImproperlyConfigured(msg) from error


def _make(path: Path) -> None:
    """Write a new key whole; of two processes that do so at once, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
