"""Sentences that offices say again and again, from the current city's file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated

from django.conf import settings

from districts import catalogue_files
from districts.catalogue_records import Code, PerLanguage, Spoken, Words
from districts.catalogue_rows import Reader
from incidents.permissions import Act


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRecord:
    """One sentence, and for which step and sectors it is meant."""

    code: Code
    step: Act
    names: Spoken
    text: Annotated[Words, PerLanguage("text_")]
    sector: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A sentence in the reader's language."""

    code: str
    title: str
    text: str


def replies_for(act: Act, sector: str, language: str) -> tuple[Reply, ...]:
    """Return the sentences for a step, those of the sector first. Raises BrokenCatalogue."""
    fitting = [row for row in _replies(settings.WARDWISE_CITY) if row.step is act]
    meant = [row for row in fitting if sector in row.sector or not row.sector]
    meant.sort(key=lambda row: not row.sector)
    return tuple(Reply(row.code, row.names[language], row.text[language]) for row in meant)


@cache
def _replies(code: str) -> tuple[ReplyRecord, ...]:
    town = catalogue_files.read_city(code)
    reader = Reader(catalogue_files.FOLDER / town.catalogue / "replies.toml", town.languages)
    rows = reader.table("reply", ReplyRecord)
    reader.refuse_unread()
    if reader.problems:
        raise catalogue_files.BrokenCatalogue(reader.problems)
    return rows
