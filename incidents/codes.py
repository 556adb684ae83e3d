"""Tracking codes: short enough to say on the phone, too many to guess. Pure.

The alphabet has 23 signs. Left out are 0, 1, I, L and O (read for one another), the letters that
look like a digit which stays (B 8, G 6, Q 9, S 5, Z 2), U (read as V), and A and E, so that
hardly a word can come up by chance. Eight signs give 23**8 = 7.8e10 codes, 36.2 bits, drawn from
the system's random source.

Guessing: with a million codes alive one guess in 78,000 hits. Misses are counted for each address
(each /64 network of IPv6); after 20 within an hour the address is told to wait. That leaves 480
guesses a day: one hit in about five months an address, and a hit shows what one person wrote,
never who. Addresses are kept only as a 16-bit keyed hash, so that the count is bounded.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
from typing import Final

from incidents.errors import BadCode

ALPHABET: Final = "23456789CDFHJKMNPRTVWXY"
LENGTH: Final = 8
MISSES_ALLOWED: Final = 20
MISSES_SECONDS: Final = 3600
BUCKETS: Final = 1 << 16

_READ_AS: Final = str.maketrans("BGQSUZ", "8695V2")
_BETWEEN: Final = str.maketrans("", "", " -–—.\t\u00a0")


def new_code() -> str:
    """Return a fresh code, as it is stored: eight signs, no dash."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """Return the stored form of a code as a person typed it.

    Lower case, spaces and dashes are accepted, and a look-alike is read as the sign it stands for.
    Raises BadCode.
    """
    code = typed[:64].upper().translate(_BETWEEN).translate(_READ_AS)
    if len(code) != LENGTH or set(code) - set(ALPHABET):
        raise BadCode(example=shown("K7M2P9XT"))
    return code


def shown(code: str) -> str:
    """Return a stored code as people see it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def bucket_of(address: str, secret: bytes) -> int:
    """Return the number from 0 to 65,535 under which an address's misses are counted.

    An IPv6 address counts as its /64 network: one household has that many to change through.
    Anything that is no address counts as one and the same.
    """
    try:
        bits = 64 if ipaddress.ip_address(address).version == 6 else 32
        network = str(ipaddress.ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        network = "unknown"
    digest = hmac.new(secret, network.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:2], "big")
