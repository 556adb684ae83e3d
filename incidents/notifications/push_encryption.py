"""Web push as a push service wants it: a body that only the browser reads, and who sends it. Pure.

The body is RFC 8291 over RFC 8188 (aes128gcm, one record); the sender's proof is RFC 8292 (VAPID).
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE: Final = ec.SECP256R1()
LONGEST: Final = 3_993
"""Bytes of a message: every push service takes a body of 4,096 (RFC 8030, section 7.2)."""
GOOD_FOR: Final = timedelta(hours=12)
"""A proof may live for a day at most (RFC 8292, section 2)."""
_RECORD: Final = 4096
_LAST_RECORD: Final = b"\x02"
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's group (FIPS 186-4, D.1.2.3)."""


def key_from(secret: str) -> ec.EllipticCurvePrivateKey:
    """Return the server's key pair, reckoned from a secret text of at least 256 random bits."""
    number = int.from_bytes(hashlib.sha512(b"push:" + secret.encode()).digest(), "big")
    return ec.derive_private_key(number % (_ORDER - 1) + 1, CURVE)


def public_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Return the public half as an uncompressed point of 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encrypt(
    message: bytes,
    browser: bytes,
    auth: bytes,
    *,
    once: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return the body for a browser's public key (65 bytes) and secret (16 bytes).

    ``once`` and ``salt`` are drawn anew for each message; tests alone name them. Raises ValueError
    where the key is no point of the curve or the message is too long.
    """
    if len(message) > LONGEST:
        raise ValueError(f"the message has {len(message)} bytes, more than {LONGEST}")
    own, salt = once or ec.generate_private_key(CURVE), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, browser)
    shared = own.exchange(ec.ECDH(), theirs)
    sender = public_bytes(own)
    # RFC 8291, section 3.4: both keys are bound into what the content key is derived from.
    secret = _derived(auth, shared, b"WebPush: info\0" + browser + sender, 32)
    key = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
    sealed = AESGCM(key).encrypt(nonce, message + _LAST_RECORD, None)
    return salt + _RECORD.to_bytes(4, "big") + bytes([len(sender)]) + sender + sealed


def proof(key: ec.EllipticCurvePrivateKey, endpoint: str, contact: str, now: datetime) -> str:
    """Return the Authorization header: who sends, to which service, until when, signed (ES256)."""
    url = urlsplit(endpoint)
    claims = {
        "aud": f"{url.scheme}://{url.netloc}",
        "exp": int((now + GOOD_FOR).timestamp()),
        "sub": contact,
    }
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={encoded(public_bytes(key))}"


def encoded(data: bytes) -> str:
    """Return bytes in base64url without padding, as these RFCs write them."""
    return urlsafe_b64encode(data).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Return the bytes of base64url, padded or not. Raises ValueError."""
    bare = text.rstrip("=")
    return urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def _derived(salt: bytes, material: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(material)


def _json(value: dict[str, object] | dict[str, str]) -> str:
    return encoded(json.dumps(value, separators=(",", ":")).encode())
