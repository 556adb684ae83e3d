"""Logs without keys: what opens something for whoever has it is cut before a line is kept."""

from __future__ import annotations

import logging
import re
from typing import Final

_KEYS: Final = re.compile(r"/(a|c|f|t|alerts)/[^/\s\"'?]+")
"""Links of contractors, answers, followers, alerts; reports by their code."""


class HideKeys(logging.Filter):
    """Write ``/c/…`` for ``/c/<key>`` in every line; the record keeps no arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record, and let it pass."""
        told = record.getMessage()
        if hidden := hide_keys(told):
            record.msg, record.args = hidden, ()
        return True


def hide_keys(text: str) -> str:
    """Return a text with the keys of its addresses cut away."""
    return _KEYS.sub(r"/\1/…", text)
