"""Rows that many tests begin with: made once, then put back, or held for a module's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from districts import city
from districts.catalogue_loading import load_catalogue
from districts.models import CatalogueChange, Edition
from gis_core import crs
from tests import zoo

NOW = "<now>"


@contextmanager
def held(blocker: Any, lay: Callable[[], object]) -> Iterator[None]:
    """Hold one transaction open around a module's tests; everything in it is gone afterwards.

    Each test stands on a savepoint in it, and would check again all references that were not
    checked before.
    """
    with blocker.unblock(), _outermost():
        lay()
        connection.check_constraints()
        yield
        transaction.set_rollback(True)


def _outermost() -> transaction.Atomic:
    """Return a transaction in which the verbs that insist on one of their own may run."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    return atomic


class KeptRows:
    """What ``make`` adds to the tables of ``districts``.

    Moments that rows get when they are made are those of their putting back, and the newest change
    is a new one each time, so that nothing kept in memory stands for another test's rows.
    """

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make
        self._copies: list[tuple[str, str]] = []
        self._newest: CatalogueChange | None = None

    def put(self) -> None:
        """Add the rows; the whole way where they are not kept yet."""
        if self._newest is None:
            empty = not any(model._default_manager.exists() for model in _models())
            self._make()
            if empty:
                self._keep()
            return
        crs.register(city.current().metric_srid)
        now = timezone.now().isoformat()
        with connection.cursor() as cursor:
            for place, text in self._copies:
                cursor.copy_expert(f"COPY {place} FROM STDIN", StringIO(text.replace(NOW, now)))
        self._newest.pk = None
        self._newest.save(force_insert=True)

    def _keep(self) -> None:
        self._newest = CatalogueChange.objects.latest("pk")
        for model in _models():
            rows = model._default_manager.order_by("pk")
            if model is CatalogueChange:
                rows = rows.exclude(pk=self._newest.pk)
            if rows.exists():
                self._copies.append(_copied(model, rows.last().pk))


def _models() -> list[type[Model]]:
    return list(apps.get_app_config("districts").get_models(include_auto_created=True))


def _copied(model: type[Model], last: object) -> tuple[str, str]:
    """Return the table with its columns, and the rows up to ``last`` as COPY writes them."""
    fields = [one for one in model._meta.local_concrete_fields if not one.generated]
    columns = ", ".join(f'"{one.column}"' for one in fields)
    values = ", ".join(
        f"'{NOW}'" if getattr(one, "auto_now_add", False) else f'"{one.column}"' for one in fields
    )
    table, key = model._meta.db_table, model._meta.pk.column
    rows, text = f'SELECT {values} FROM "{table}" WHERE "{key}" <= {last!r}', StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY ({rows} ORDER BY 1) TO STDOUT", text)
    return f'"{table}" ({columns})', text.getvalue()


def _town() -> None:
    load_catalogue()
    zoo.edition()


_kept_catalogue = KeptRows(load_catalogue)
_kept_town = KeptRows(_town)


def catalogue_again() -> None:
    """Put everything that can be reported, and the agencies of the files."""
    _kept_catalogue.put()


def town_again() -> Edition:
    """Put nine square wards with their committees, and everything that can be reported."""
    _kept_town.put()
    return Edition.objects.get(name="zoo-2025", level="ward")
