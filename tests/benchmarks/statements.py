"""How many SQL statements a request takes: counted in this process, through the whole of Django."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

# What only opens, marks and ends transactions.
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def statements(act: Callable[[APIClient], Any], *, client: APIClient | None = None) -> str:
    """Return how many statements ``act`` takes, and how many more open and end transactions.

    Args:
        act: sends one request or several by the client.
        client: whose cookies they carry; a new one's if not given.

    Raises:
        AssertionError: an answer was an error.
    """
    with CaptureQueriesContext(connection) as captured:
        answers = act(client or APIClient())
    for answer in answers if isinstance(answers, list) else [answers]:
        assert answer.status_code < 400, answer.content[-500:]
    control = sum(query["sql"].startswith(CONTROL) for query in captured.captured_queries)
    return f"{len(captured) - control} + {control} of transactions"
