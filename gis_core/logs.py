"""Logs without keys: what opens something for whoever has it is cut before a line is kept."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Final

_KEYS: Final = re.compile(r"/(a|c|f|t|alerts|api/v1/reports)/[^/\s\"'?]+")
"""Links of contractors, answers, followers, alerts; reports by their code."""
_FIELDS: Final = re.compile(r"([?&](?:code|token)=)[^&#\s\"']+")
"""The same, asked for by a form."""


class HideKeys(logging.Filter):
    """Write ``/c/…`` for ``/c/<key>`` in every line; the record keeps no arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record, and let it pass."""
        told = record.getMessage()
        if hidden := hide_keys(told):
            record.msg, record.args = hidden, ()
        return True


def told(fault: BaseException) -> str:
    """Return what kind of fault it was, and where; not its words, which may name somebody."""
    frames = "".join(traceback.format_tb(fault.__traceback__))
    return f"{type(fault).__name__}\n{frames}"


def hide_keys(text: str) -> str:
    """Return a text with the keys of its addresses cut away."""
    return _FIELDS.sub(r"\1…", _KEYS.sub(r"/\1/…", text))
