"""Passwords and keys of one set of services: made at random once, readable by their owner alone."""

import json
import secrets

from config.embedded.layout import Layout, write_private


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
    return read_keys(layout)
