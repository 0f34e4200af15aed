"""Settings of carriers and parcels, as ``.env.example`` documents them."""

from typing import Any

import environ


def carrier_settings(env: environ.Env) -> dict[str, Any]:
    """Return the settings of carriers by name.

    Args:
        env: where they are read from.
    """
    key = env.str("EASYPOST_API_KEY", default="")
    base = env.str("EASYPOST_API_BASE", default="https://api.easypost.com")
    return {
        "EASYPOST_API_KEY": key,
        # Another address makes the shop talk to a sandbox.
        "EASYPOST_API_BASE": base.rstrip("/"),
        "EASYPOST_WEBHOOK_SECRET": env.str("EASYPOST_WEBHOOK_SECRET", default=""),
        # A service, or a carrier and a service: "DHLPaket:DHLPaket"; empty for the cheapest.
        "EASYPOST_SERVICE": env.str("EASYPOST_SERVICE", default=""),
        "EASYPOST_TIMEOUT_SECONDS": 30,
        # Who labels are made with: "built-in" or "easypost".
        "CARRIER": env.str("CARRIER", default="easypost" if key else "built-in"),
        # A packed box: length, width, height, and its weight.
        "PARCEL_CM": env.list("PARCEL_CM", cast=int, default=[32, 24, 12]),
        "PARCEL_GRAMS": env.int("PARCEL_GRAMS", default=900),
        # So many days without news, and somebody looks after a parcel.
        "PARCEL_SILENT_DAYS": env.int("PARCEL_SILENT_DAYS", default=5),
    }
