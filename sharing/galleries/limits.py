"""How often a customer may have the shop do what others pay for."""

from shop.customers.models import User
from shop.foundation.limits import count_against
from shop.messages.addresses import hashed

DAY_SECONDS = 24 * 3600
INVITATIONS_A_DAY = 10
# However many customers think of the same person.
INVITATIONS_AN_ADDRESS = 3
STORIES, STORY_SECONDS = 30, 600


def limit_invitations(user: User, address: str) -> None:
    """Count one mail to a friend, of her who asks for it and of the address it goes to.

    Raises:
        TooManyError: one of them has had as many as a day takes.
    """
    count_against("invitation", str(user.pk), limit=INVITATIONS_A_DAY, seconds=DAY_SECONDS)
    count_against("invited", hashed(address), limit=INVITATIONS_AN_ADDRESS, seconds=DAY_SECONDS)


def limit_stories(user: User) -> None:
    """Count one story that is drawn for a customer.

    Raises:
        TooManyError: she has had ``STORIES`` within ``STORY_SECONDS``.
    """
    count_against("story", str(user.pk), limit=STORIES, seconds=STORY_SECONDS)
