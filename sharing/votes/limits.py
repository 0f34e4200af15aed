"""How many votes and reports one network may send."""

from django.http import HttpRequest

from sharing.galleries.tokens import token_hash
from shop.foundation.limits import count_against
from shop.foundation.network import address_hash, client_address

# Far above what a whole office behind one address needs; a script reaches it in a minute.
VOTES_A_NETWORK = 300
REPORTS_A_NETWORK = 20
WINDOW_SECONDS = 600


def limit_votes(token: str, request: HttpRequest) -> None:
    """Count one vote of a network on a link, whether the link opens anything or not.

    Raises:
        TooManyError: that network sends more than people do.
    """
    _count("vote", token, request, limit=VOTES_A_NETWORK)


def limit_reports(token: str, request: HttpRequest) -> None:
    """Count one report of a network on a link.

    Raises:
        TooManyError: that network sends more than people do.
    """
    _count("report", token, request, limit=REPORTS_A_NETWORK)


def _count(name: str, token: str, request: HttpRequest, *, limit: int) -> None:
    who = f"{token_hash(token)[:32]}:{address_hash(client_address(request))}"
    count_against(name, who, limit=limit, seconds=WINDOW_SECONDS)
