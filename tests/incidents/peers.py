"""A mail server and an SMS gateway on loopback, as the carriers meet them."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller


class Mailbox:
    """Keeps what it is sent; refuses as many times as it is told to."""

    def __init__(self):
        self.mails, self.refusals = [], []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  aiosmtpd's name
        if self.refusals:
            return self.refusals.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


@pytest.fixture
def mailbox(settings):
    box = Mailbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.WARDWISE_SMTP_URL = f"smtp://127.0.0.1:{port}"
    settings.WARDWISE_EMAIL_FROM = "1022@example.vn"
    yield box
    server.stop()


@pytest.fixture
def gateway(settings):
    """An SMS gateway that honours keys: it sends nothing twice."""
    with http_gateway() as (address, gateway):
        settings.WARDWISE_SMS_URL = address
        settings.WARDWISE_SMS_TOKEN = "token"
        yield gateway


class Gateway:
    def __init__(self):
        self.answers, self.sent, self.requests = [], {}, []


@contextmanager
def http_gateway():
    gateway = Gateway()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            gateway.requests.append((dict(self.headers), said))
            code = gateway.answers.pop(0) if gateway.answers else 200
            if code in {200, 599}:
                gateway.sent.setdefault(self.headers["Idempotency-Key"], said)
            if code == 599:  # taken, but the answer is lost
                self.close_connection = True
                return
            if code == 598:  # no HTTP at all
                self.close_connection = True
                self.wfile.write(b"nonsense\r\n")
                return
            self.send_response(code)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/send", gateway
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
