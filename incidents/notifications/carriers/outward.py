"""Connections to addresses that strangers gave: to known push services, and never inwards.

A browser's endpoint is whatever its owner sends us, and our server then asks it: it must not become
a way to what stands beside the server.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from fnmatch import fnmatch
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult

from django.conf import settings

TIMEOUT_S: Final = 8
HTTPS: Final = 443
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""IPv4 addresses dressed as IPv6 ones (RFC 6052)."""


class NotOutward(Exception):
    """The address is none that we send to. The text does not name it."""


def check(url: SplitResult) -> None:
    """Raise NotOutward unless it is https, at the usual port, of a host that the settings name.

    A loopback host that they name, for trials, may speak plain http at any port.
    """
    host = url.hostname or ""
    if not any(fnmatch(host, known) for known in settings.WARDWISE_PUSH_HOSTS):
        raise NotOutward("not one of WARDWISE_PUSH_HOSTS")
    if _is_trial(host):
        return
    if url.scheme != "https" or (url.port or HTTPS) != HTTPS or url.username is not None:
        raise NotOutward("not https")


def connection(url: SplitResult) -> http.client.HTTPConnection:
    """Return a connection, not opened yet, that opens to a public address only.

    Raises NotOutward, also when it opens.
    """
    check(url)
    host = url.hostname or ""
    if url.scheme == "http":
        return http.client.HTTPConnection(host, url.port, timeout=TIMEOUT_S)
    return _Outward(host, url.port or HTTPS)


class _Outward(http.client.HTTPSConnection):
    """Looks at the very address it opens, so that a name cannot change between look and use."""

    def connect(self) -> None:
        """Open it. Raises NotOutward."""
        raw = _opened(self.host, self.port)
        self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)


def _opened(host: str, port: int) -> socket.socket:
    fault: OSError | None = None
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    for family, kind, protocol, _, address in found:
        if not (_is_trial(host) or is_public(str(address[0]))):
            raise NotOutward("its host has an address that is not public")
        opened = socket.socket(family, kind, protocol)
        opened.settimeout(TIMEOUT_S)
        try:
            opened.connect(address)
        except OSError as error:
            opened.close()
            fault = error
        else:
            return opened
    raise fault or OSError("no address")


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the open net, also behind an IPv6 dress."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif ip in _TRANSLATED or ip.sixtofour or ip.teredo:
            return False
    return ip.is_global and not ip.is_multicast


def _is_trial(host: str) -> bool:
    """A loopback host, named as it is in the settings: no pattern opens it."""
    return host in {"127.0.0.1", "localhost"} and host in settings.WARDWISE_PUSH_HOSTS
