"""The site for web servers: public tiles first, everything else behind them."""

from __future__ import annotations

from gis_core.wsgi import application as behind
from map_ui.public_tiles import PublicTiles

application = PublicTiles(behind)
