"""The site at an address, for readers that are programs of their own."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections


class Quiet(WSGIRequestHandler):
    """Says nothing of what it was asked for."""

    def log_message(self, *_):
        """Not a word."""


@contextmanager
def served():
    """Serve what this test has written, though it is not committed: over its own connection."""
    shared = connections["default"]
    shared.inc_thread_sharing()
    # Else the end of a request would end the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    server = make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet)

    def serve():
        connections["default"] = shared
        server.serve_forever(poll_interval=0.05)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
        shared.dec_thread_sharing()
