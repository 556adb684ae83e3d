#!/usr/bin/env python3
"""Django's commands, in the environment of .venv and with the private server up."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PYTHON = HERE / ".venv" / "bin" / "python"
NEED_NO_DATABASE = {"", "help", "--help", "--version", "version", "collectstatic", "findstatic"}


def enter_environment() -> None:
    """Run again under .venv's Python, if that is not the one running."""
    if Path(sys.prefix) != HERE / ".venv":
        if not PYTHON.exists():
            sys.exit("The environment .venv is not there yet: run scripts/run or scripts/setup.")
        os.execv(PYTHON, [str(PYTHON), *sys.argv])  # noqa: S606


def start_private_server(command: str) -> None:
    """Bring the private server up, unless a server is named or the command needs none."""
    from gis_core import local_postgis

    if os.environ.get("DATABASE_URL") or command in NEED_NO_DATABASE:
        return
    try:
        local_postgis.ensure_running()
    except local_postgis.LocalPostgisError as error:
        sys.exit(str(error))


def main() -> None:
    """Run the command named on the line."""
    enter_environment()
    start_private_server(sys.argv[1] if len(sys.argv) > 1 else "")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
