"""Where a browser may be sent back to: this machine, and hosts named on the command line.

Stripe sends customers wherever a merchant's secret key says. This server's keys are no secret, so
an address outside would make it an open redirect.
"""

import ipaddress
import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from shop.payments.sandbox.errors import Json, invalid

# What browsers and parsers read differently: a backslash, a space, a control character.
_AMBIGUOUS = re.compile(r"[\\\s\x00-\x1f\x7f]")


def is_allowed(url: str, hosts: frozenset[str]) -> bool:
    """Whether a browser may be sent to this absolute address."""
    if _AMBIGUOUS.search(url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or "@" in parts.netloc:
        return False
    return host == "localhost" or host in hosts or _is_loopback(host)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def checked(url: str | None, hosts: frozenset[str]) -> str | None:
    """The address, if browsers may be sent there. Raises 400 `url_invalid`."""
    if url is not None and not is_allowed(url, hosts):
        raise invalid(
            "Not a valid URL: the sandbox sends browsers back to this machine and to hosts named "
            "with --allowed-return-host alone.",
            "return_url",
            "url_invalid",
        )
    return url


def with_outcome(url: str, intent: Json) -> str:
    """The address with the query that Stripe adds on the way back."""
    kind = intent["object"]
    done = intent["status"] in ("succeeded", "processing", "requires_capture")
    added = {
        kind: intent["id"],
        f"{kind}_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if done else "failed",
    }
    parts = urlsplit(url)
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name not in added
    ]
    return urlunsplit(parts._replace(query=urlencode([*kept, *added.items()])))
