"""Compile the message catalogues (.po to .mo), without gettext's own programs."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "map_ui" / "locale"


def compile_catalogue(source: Path) -> None:
    """Write the .mo beside the .po. Raises babel's PoFileError, naming the line."""
    with source.open("rb") as words:
        catalogue = read_po(words, locale=source.parent.parent.name, abort_invalid=True)
    with source.with_suffix(".mo").open("wb") as compiled:
        write_mo(compiled, catalogue)


if __name__ == "__main__":
    for path in sorted(LOCALE.rglob("*.po")):
        compile_catalogue(path)
