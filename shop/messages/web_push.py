"""The protocol of web push: payloads encrypted for one browser, requests signed as the shop's.

RFC 8291 (encryption), RFC 8188 (aes128gcm), RFC 8292 (VAPID), RFC 8030 (the request itself).
"""

import base64
import json
import os
import time
from email.utils import parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

CURVE = ec.SECP256R1()
POINT_BYTES, AUTH_BYTES, SALT_BYTES = 65, 16, 16
RECORD_SIZE = 4096
# RFC 8291, section 4: what is left of a record for the text.
LONGEST = 3993
LAST_RECORD = b"\x02"
# RFC 8292 allows a day; a clock that goes wrong shall not make it longer.
SIGNATURE_SECONDS = 12 * 3600


def encoded(raw: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bytes of base64url, padded or not.

    Raises:
        ValueError: it is none.
    """
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), b"-_", True)


def is_browser_key(p256dh: str, auth: str) -> bool:
    """Tell whether these are keys a browser would send: a point of P-256, and 16 bytes."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(CURVE, decoded(p256dh))
        return len(decoded(p256dh)) == POINT_BYTES and len(decoded(auth)) == AUTH_BYTES
    except ValueError:
        return False


def encrypted(
    text: bytes,
    *,
    p256dh: str,
    auth: str,
    private_key: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """Return ``text`` as only one browser can read it (RFC 8291).

    Args:
        text: at most ``LONGEST`` bytes.
        p256dh: the browser's public key, base64url.
        auth: its secret, base64url.
        private_key: of this message alone; a new one if not given, as it must be but in tests.
        salt: likewise.

    Raises:
        ValueError: the text is too long, or a key is none.
    """
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} bytes are more than a push may hold")
    private_key = private_key or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(SALT_BYTES)
    theirs = decoded(p256dh)
    ours = _point(private_key)
    shared = private_key.exchange(
        ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs)
    )
    key_info = b"WebPush: info\0" + theirs + ours
    keying = _derived(shared, salt=decoded(auth), info=key_info, length=32)
    content_key = _derived(keying, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(keying, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(content_key).encrypt(nonce, text + LAST_RECORD, None)


def headers_for(endpoint: str, *, ttl: int) -> dict[str, str]:
    """Return the headers of a request to a push service, signed with the shop's key.

    Args:
        endpoint: the browser's address at its service.
        ttl: seconds for which the service may keep the message.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(time.time()) + SIGNATURE_SECONDS,
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    token = jwt.encode(claims, _shop_key(settings.VAPID_PRIVATE_KEY), algorithm="ES256")
    return {
        "Authorization": f"vapid t={token}, k={public_key()}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(ttl),
        "Urgency": "normal",
    }


def public_key() -> str:
    """Return the shop's public key as browsers want it; empty where it has none."""
    key = settings.VAPID_PRIVATE_KEY
    return encoded(_point(_shop_key(key))) if key else ""


def new_private_key() -> str:
    """Return a new key for ``VAPID_PRIVATE_KEY``."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return encoded(number.to_bytes(32, "big"))


def packed(said: dict[str, Any]) -> bytes:
    """Return what the service worker reads, as JSON."""
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


@lru_cache(maxsize=2)
def _shop_key(key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(key), "big"), CURVE)


def _point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)
