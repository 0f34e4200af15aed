"""How many votes one network may send."""

from django.http import HttpRequest

from sharing.galleries.models import ShareLink
from shop.foundation.limits import count_against
from shop.foundation.network import address_hash, client_address

# Far above what a whole office behind one address needs; a script reaches it in a minute.
VOTES_A_NETWORK = 300
WINDOW_SECONDS = 600


def limit_votes(link: ShareLink, request: HttpRequest) -> None:
    """Count one vote of a network on a link.

    Raises:
        TooManyError: that network sends more than people do.
    """
    network = address_hash(client_address(request))
    count_against("vote", f"{link.pk}:{network}", limit=VOTES_A_NETWORK, seconds=WINDOW_SECONDS)
