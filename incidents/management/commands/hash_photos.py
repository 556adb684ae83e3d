"""Hashes of photos by what they show, for those stored before there were any."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from districts.management.telling import ProgressLine
from incidents.services.hashing import hash_photos


class Command(BaseCommand):
    """Once after an upgrade; may be stopped and begun again."""

    help = "Reckon what tells two pictures of one thing, for photos stored before this was kept."

    def handle(self, *_args: str, **_options: Any) -> None:
        """Hash what has no hash, and say how much that was."""
        done, unread = hash_photos(ProgressLine(self.stdout, "Hashing"))
        self.stdout.write(f"{done:,} photos hashed, {unread:,} without a readable file")
