"""A small EasyPost that keeps what it was told, and can be told to fail.

It answers in the shapes that EasyPost documents (https://docs.easypost.com/docs/shipments,
/docs/returns, /docs/shipments/shipping-refund, /docs/trackers, /docs/errors,
/guides/webhooks-guide) and that its own client was recorded with
(https://github.com/EasyPost/easypost-python, tests/cassettes/test_shipment_buy.yaml and
test_tracker_create.yaml), leaving out what nobody here reads.
"""

import hashlib
import hmac
import io
import json
import threading
import time
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

from reportlab.pdfgen.canvas import Canvas

KEY = "EZTK_of_tests"
WEBHOOK_SECRET = "sécret of tests"
RATES = [
    ("DHLPaket", "DHLPaket", "5.49"),
    ("DHLPaket", "Express", "14.90"),
    ("DPD", "Classic", "4.90"),
]
NOWHERE = "AQ"


@dataclass
class Fault:
    """What goes wrong with the next request whose path ends as ``path``.

    Attributes:
        path: such as ``/buy``.
        status: answered instead of anything being done.
        code, message: of that answer.
        lost: it is done, and the answer comes too late to be heard.
    """

    path: str
    status: int = 500
    code: str = "INTERNAL_SERVER_ERROR"
    message: str = "Something went wrong."
    lost: bool = False


@dataclass
class EasyPostDouble:
    """The server; ``url`` is its address."""

    shipments: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    purchases: list[str] = field(default_factory=list)
    late: float = 0.0
    page: str = "https://track.easypost.com/{number}"

    def __post_init__(self) -> None:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                double.answer(self, {})

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                double.answer(self, json.loads(self.rfile.read(length) or b"{}"))

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        path = unquote(request.path.partition("?")[0])
        with self.lock:
            self.requests.append((request.command, path))
            fault = next((each for each in self.faults if path.endswith(each.path)), None)
            if fault:
                self.faults.remove(fault)
        if fault and not fault.lost:
            _send(request, fault.status, _error(fault.code, fault.message))
            return
        if path.startswith("/files/"):
            _send_bytes(request, 200, _label(path), "application/pdf")
            return
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            _send(request, 401, _error("APIKEY.INACTIVE", "This api key is no longer active."))
            return
        with self.lock:
            status, answer = self._act(request.command, path.removeprefix("/v2"), body)
        if fault and fault.lost:
            time.sleep(self.late)
        _send(request, status, answer)

    def _act(self, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        parts = path.strip("/").split("/")
        if method == "POST" and parts == ["shipments"]:
            return self._create(body["shipment"])
        found = self.find(parts[1]) if parts[0] == "shipments" and len(parts) > 1 else None
        if found is None:
            return 404, _error("NOT_FOUND", "The requested resource could not be found.")
        match (method, parts[2:]):
            case ("GET", []):
                return 200, found
            case ("POST", ["buy"]):
                return self._buy(found, body["rate"]["id"])
            case ("POST", ["rerate"]):
                found["rates"], found["messages"] = _rates(found)
                return 200, {"rates": found["rates"]}
            case ("POST", ["refund"]):
                return _refund(found)
        return 404, _error("NOT_FOUND", "The requested resource could not be found.")

    def find(self, key: str) -> dict[str, Any] | None:
        """Return a shipment by its id or its reference, the latest of several."""
        if key in self.shipments:
            return self.shipments[key]
        named = [each for each in self.shipments.values() if each["reference"] == key]
        return named[-1] if named else None

    def _create(self, sent: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        missing = [name for name in ("street1", "zip") if not sent["to_address"].get(name)]
        if missing:
            fields = [{"field": name, "message": f"{name} is missing"} for name in missing]
            return 422, _error("ADDRESS.VERIFY.FAILURE", "Unable to verify address.", fields)
        ends = ("to_address", "from_address")
        to, sender = (sent[end] for end in (reversed(ends) if sent["is_return"] else ends))
        now = _now()
        made: dict[str, Any] = {
            "id": f"shp_{uuid4().hex}",
            "object": "Shipment",
            "mode": "test",
            "created_at": now,
            "updated_at": now,
            "is_return": sent["is_return"],
            "reference": sent["reference"],
            "status": "unknown",
            "tracking_code": None,
            "to_address": {"object": "Address", **to},
            "from_address": {"object": "Address", **sender},
            "parcel": {"object": "Parcel", **sent["parcel"]},
            "options": sent["options"],
            "postage_label": None,
            "selected_rate": None,
            "tracker": None,
            "refund_status": None,
        }
        made["rates"], made["messages"] = _rates(made)
        self.shipments[made["id"]] = made
        return 201, made

    def _buy(self, found: dict[str, Any], rate_id: str) -> tuple[int, dict[str, Any]]:
        if found["postage_label"]:
            return 422, _error(
                "SHIPMENT.POSTAGE.EXISTS", "Postage already exists for this shipment."
            )
        rate = next((each for each in found["rates"] if each["id"] == rate_id), None)
        if rate is None:
            return 404, _error("NOT_FOUND", "The requested resource could not be found.")
        self.purchases.append(found["reference"])
        number = f"EZ{len(self.shipments):04d}{uuid4().int % 10**8:08d}"
        url = f"{self.url}/files/{found['id']}.pdf"
        found.update(
            tracking_code=number,
            selected_rate=rate,
            postage_label={
                "object": "PostageLabel",
                "id": f"pl_{uuid4().hex}",
                "label_size": "4x6",
                "label_file_type": "application/pdf",
                "label_url": url,
                "label_pdf_url": url,
            },
            tracker={
                "id": f"trk_{uuid4().hex}",
                "object": "Tracker",
                "tracking_code": number,
                "status": "unknown",
                "status_detail": "unknown",
                "created_at": _now(),
                "updated_at": _now(),
                "carrier": rate["carrier"],
                "shipment_id": found["id"],
                "public_url": self.page.format(number=number),
                "tracking_details": [],
            },
        )
        return 200, found

    def track(
        self, number: str, status: str, at: datetime, *, message: str = "", city: str = ""
    ) -> dict[str, Any]:
        """Have a carrier scan a parcel; returns the tracker as it then stands."""
        tracker: dict[str, Any] = next(
            each["tracker"] for each in self.shipments.values() if each["tracking_code"] == number
        )
        tracker["status"], tracker["updated_at"] = status, _now()
        tracker["tracking_details"].append(
            {
                "object": "TrackingDetail",
                "message": message or status,
                "status": status,
                "datetime": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
                "source": "DHLPaket",
                "tracking_location": {"object": "TrackingLocation", "city": city or None},
            }
        )
        return json.loads(json.dumps(tracker))  # type: ignore[no-any-return]

    def decide_refund(self, number: str, status: str) -> dict[str, Any]:
        """Have a carrier decide on a refund; returns what a webhook tells of it."""
        found = next(each for each in self.shipments.values() if each["tracking_code"] == number)
        found["refund_status"] = status
        return {
            "id": f"rfnd_{uuid4().hex}",
            "object": "Refund",
            "tracking_code": number,
            "confirmation_number": None,
            "status": status,
            "carrier": found["selected_rate"]["carrier"],
            "shipment_id": found["id"],
        }


def event(tracker: dict[str, Any], *, secret: str = WEBHOOK_SECRET) -> tuple[bytes, str]:
    """Return the body of a webhook about a tracker, and its ``X-Hmac-Signature``."""
    body = {
        "id": f"evt_{uuid4().hex}",
        "object": "Event",
        "mode": "test",
        "description": "tracker.updated",
        "previous_attributes": {"status": "unknown"},
        "pending_urls": [],
        "completed_urls": [],
        "created_at": _now(),
        "updated_at": _now(),
        "result": tracker,
    }
    return signed(json.dumps(body).encode(), secret=secret)


def signed(body: bytes, *, secret: str = WEBHOOK_SECRET) -> tuple[bytes, str]:
    """Return ``body`` with EasyPost's signature: the secret is normalised to NFKD first."""
    key = unicodedata.normalize("NFKD", secret).encode()
    return body, f"hmac-sha256-hex={hmac.new(key, body, hashlib.sha256).hexdigest()}"


def _rates(shipment: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    if NOWHERE in (shipment["to_address"]["country"], shipment["from_address"]["country"]):
        words = "Destination country is not served."
        return [], [{"carrier": "DHLPaket", "type": "rate_error", "message": words}]
    rates = [
        {
            "id": f"rate_{uuid4().hex}",
            "object": "Rate",
            "carrier": carrier,
            "service": service,
            "rate": rate,
            "currency": "EUR",
            "shipment_id": shipment["id"],
        }
        for carrier, service, rate in RATES
    ]
    return rates, []


def _refund(found: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    if not found["postage_label"]:
        return 422, _error("SHIPMENT.REFUND.UNAVAILABLE", "No postage was bought.")
    if any(each["status"] != "pre_transit" for each in found["tracker"]["tracking_details"]):
        return 422, _error("SHIPMENT.REFUND.UNAVAILABLE", "The parcel was scanned.")
    found["refund_status"] = "submitted"
    return 200, found


def _error(code: str, message: str, fields: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "errors": fields or []}}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _label(path: str) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(288, 432))
    canvas.drawString(20, 200, f"A carrier's label {path}")
    canvas.save()
    return file.getvalue()


def _send(request: BaseHTTPRequestHandler, status: int, answer: dict[str, Any]) -> None:
    _send_bytes(request, status, json.dumps(answer).encode(), "application/json; charset=utf-8")


def _send_bytes(request: BaseHTTPRequestHandler, status: int, body: bytes, kind: str) -> None:
    try:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)
    except (BrokenPipeError, ConnectionResetError):
        # Whoever asked has gone.
        request.close_connection = True
