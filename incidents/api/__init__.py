"""The HTTP API, version 1. Its description is served at ``openapi.json``."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from gis_core.http import speak_problems
from incidents.api import catalogue, exports, incidents, ledger, photos, places, preview, reports


class PlainJSON(JSONRenderer):
    """JSON in UTF-8 as it is: Vietnamese takes half the bytes, and people can read it."""

    json_dumps_params = {"ensure_ascii": False}  # noqa: RUF012  as the base has it


api = speak_problems(
    NinjaAPI(
        title="Wardwise",
        version="1",
        description=(
            "Report what is wrong in the street, see who answers for it and why, follow it.\n\n"
            "Languages: `?lang=vi` or `?lang=en`, else Accept-Language; Vietnamese by default. "
            "Positions are WGS 84 degrees, longitude first. Every error is "
            "`application/problem+json` with a stable `code`; `type` leads to its page."
        ),
        urls_namespace="api",
        docs_url=None,
        renderer=PlainJSON(),
    )
)
for module in (preview, places, reports, incidents, exports, photos, catalogue, ledger):
    api.add_router("", module.router)
