"""What follows a vote in the background."""

import uuid
from typing import Any

from celery import shared_task

from sharing.votes.news import forget_addresses, tell_friends, tell_friends_of_kept
from sharing.votes.owner_news import tell_deadlines, tell_further_votes, tell_results
from sharing.votes.services import tell_owner
from shop.foundation.outbox import handles
from trials.returns.queries.charges import KEPT_PAID


@handles("votes.tell_owner", name="sharing.votes.tell_owner")
def tell(payload: dict[str, Any]) -> None:
    """Tell the owner of the first vote."""
    tell_owner(uuid.UUID(payload["gallery"]))


@handles("orders.paid", name="sharing.votes.tell_friends")
def order_paid(payload: dict[str, Any]) -> None:
    """Tell friends who wanted to hear it which frame was bought."""
    tell_friends(order_id=uuid.UUID(payload["order"]))


@handles(KEPT_PAID, name="sharing.votes.tell_friends_of_kept")
def kept_paid(payload: dict[str, Any]) -> None:
    """Tell friends who wanted to hear it which frame was kept of a trial."""
    tell_friends_of_kept(charge_id=uuid.UUID(payload["charge"]))


@shared_task(name="sharing.votes.forget_addresses")
def forget() -> None:
    """Forget the addresses of friends on galleries that are long over."""
    forget_addresses()


@shared_task(name="sharing.votes.tell_owners")
def tell_owners() -> None:
    """Tell owners of further votes, of deadlines and of results."""
    tell_further_votes()
    tell_deadlines()
    tell_results()
