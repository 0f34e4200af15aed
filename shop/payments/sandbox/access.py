"""Which key a request came with. Any test key will do: the sandbox has one account."""

import base64
import binascii
import re

from shop.payments.sandbox.errors import ApiError

# In the environment, for everybody of a machine may read its command lines.
SIGNED_WITH = "STRIPE_WEBHOOK_SECRET"


def is_publishable(authorization: str) -> bool:
    """Whether the key is the browser's. Raises 401 unless it is a test key."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            given = base64.b64decode(given, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            given = ""
    given = given.strip()
    if not given or scheme.lower() not in ("bearer", "basic"):
        raise ApiError(
            401,
            "You did not provide an API key. You need to provide your API key in the Authorization "
            "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
        )
    if re.fullmatch(r"sk_test_\S+", given):
        return False
    if re.fullmatch(r"pk_test_\S+", given):
        return True
    raise ApiError(401, f"Invalid API Key provided: {given[:8]}{'*' * 8}")
