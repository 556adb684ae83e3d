"""A geocoding service on loopback that speaks as Nominatim, Photon and Pelias do."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

MARKET = {"lon": 106.715, "lat": 10.775, "label": "Chợ Zoo", "sort": "venue"}
"""In the middle of the zoo's ward 105."""


@dataclass
class Behaviour:
    """What the service does with the next questions, and what it was asked."""

    known: list = field(default_factory=lambda: [MARKET])
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes | None = None
    """Sent instead of an answer."""
    hold_s: float = 0.0
    asked: list = field(default_factory=list)
    """Of each question: path, parameters, user agent."""


def nominatim(known):
    return [
        {
            "lat": str(one["lat"]), "lon": str(one["lon"]), "display_name": one["label"],
            "addresstype": one["sort"], "class": "amenity", "type": one["sort"],
        }
        for one in known
    ]  # fmt: skip


def photon(known):
    features = [
        _feature(one, {"name": one["label"], "type": one["sort"], "osm_key": "amenity"})
        for one in known
    ]
    return {"type": "FeatureCollection", "features": features}


def pelias(known):
    features = [_feature(one, {"name": one["label"], "layer": one["sort"]}) for one in known]
    return {"type": "FeatureCollection", "geocoding": {"version": "0.2"}, "features": features}


def _feature(one, properties):
    geometry = {"type": "Point", "coordinates": [one["lon"], one["lat"]]}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


FORMS = {"/search": nominatim, "/api": photon, "/v1/search": pelias}


@contextmanager
def running():
    """Yield the address of a service and what it does."""
    behaviour = Behaviour()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(behaviour))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", behaviour
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(behaviour):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            behaviour.asked.append((parts.path, asked, self.headers["User-Agent"]))
            time.sleep(behaviour.hold_s)
            form = FORMS.get(parts.path)
            body = behaviour.body
            if body is None:
                body = json.dumps(form(behaviour.known) if form else {}).encode()
            self.send_response(behaviour.status if form else 404)
            self.send_header("Content-Type", "application/json")
            for name, value in behaviour.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
