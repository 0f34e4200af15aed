"""What the carrier reports of a parcel, through the door it has in the shop."""

import json
import time
import uuid
from datetime import UTC, datetime

import requests

from trials.shipping.carriers import BUILT_IN, SIGNATURE_HEADER, signature

SECRET = "the carrier's and the shop's"


def reports(url: str, *, tracking_number: str, status: str) -> None:
    """Send one signed message.

    Args:
        url: of the shop.
        tracking_number: which parcel.
        status: one of ``ShipmentState``.
    """
    body = json.dumps(
        {
            "tracking_number": tracking_number,
            "event_id": str(uuid.uuid4()),
            "status": status,
            "occurred_at": datetime.now(UTC).isoformat(),
        }
    ).encode()
    now = int(time.time())
    sealed = f"t={now},v1={signature(secret=SECRET, sent_at=now, body=body)}"
    answer = requests.post(
        f"{url}/webhooks/carriers/{BUILT_IN}/",
        data=body,
        headers={"Content-Type": "application/json", SIGNATURE_HEADER: sealed},
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
