"""Friends who object, each in a network of her own."""

from uuid import uuid4

import pytest
from django.test import Client


@pytest.fixture
def friend(friend: Client) -> Client:
    """Return the browser of a friend with a phone, in a network nobody else is in.

    One network may object ten times an hour, and all tests together do so more often.
    """
    friend.defaults["REMOTE_ADDR"] = f"fd00:{uuid4().hex[:4]}:{uuid4().hex[:4]}::1"
    return friend
