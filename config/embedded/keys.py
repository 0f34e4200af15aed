"""Passwords and keys of one set of services: made at random once, readable by their owner alone."""

import base64
import json
import secrets

from config.embedded.layout import Layout, write_private

# FIPS 186-5 (SP 800-186), 3.2.1.3.
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def read_keys(layout: Layout) -> dict[str, str]:
    """Return the keys that ``ensure_keys`` made."""
    known: dict[str, str] = json.loads(layout.secrets.read_text())
    return known


def ensure_keys(layout: Layout) -> dict[str, str]:
    """Return the keys, made where there are none; the caller holds ``start_lock``."""
    if not layout.secrets.exists():
        made = {
            "password": secrets.token_hex(16),
            "secret_key": secrets.token_urlsafe(50),
            "stripe_secret_key": f"sk_test_{secrets.token_hex(16)}",
            "stripe_publishable_key": f"pk_test_{secrets.token_hex(16)}",
            "stripe_webhook_secret": f"whsec_{secrets.token_hex(16)}",
        }
        write_private(layout.secrets, json.dumps(made, indent=2))
    known = read_keys(layout)
    if "vapid_private_key" not in known:
        # Of its own, for clones that made the others before there was one.
        known["vapid_private_key"] = new_push_key()
        write_private(layout.secrets, json.dumps(known, indent=2))
    return known


def new_push_key() -> str:
    """Return a new private key for web push: a number below the order of P-256, base64url."""
    number = secrets.randbelow(P256_ORDER - 1) + 1
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).rstrip(b"=").decode()
