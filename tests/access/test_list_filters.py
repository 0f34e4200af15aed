"""A filter that a list of staff does not have is refused with those it has, and not passed over."""

import pytest
from rest_framework.test import APIClient

from tests.factories.shop import StaffFactory

pytestmark = pytest.mark.django_db
FILTERS = [
    ("trials", "state", ("requested", "overdue", "ended", "unheld")),
    ("overdue", "kind", ("all", "lost", "unpaid", "to_decide")),
    ("overdue", "sort", ("age", "amount")),
    ("units", "state", ("available", "out", "lost")),
    ("claims", "state", ("waiting", "open", "filed", "turned_up")),
    ("proposals", "state", ("waiting", "waived")),
    ("orders", "state", ("paid", "fulfilled")),
    ("orders", "packing", ("to_pack", "begun", "packed")),
    ("to-ship", "due", ("late", "today")),
    ("waitlist", "state", ("waiting", "held", "ended")),
    ("ideas", "state", ("reported", "hidden")),
    ("threads", "state", ("waiting",)),
    ("reports", "state", ("open",)),
]


@pytest.fixture
def api() -> APIClient:
    client = APIClient()
    client.force_authenticate(StaffFactory())
    return client


@pytest.mark.parametrize(("path", "name", "some"), FILTERS)
def test_a_filter_that_is_none_is_refused(
    api: APIClient, path: str, name: str, some: tuple[str, ...]
) -> None:
    answer = api.get(f"/api/v1/staff/{path}/", {name: "nonsense"})

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    (message,) = answer.json()["errors"][name]
    assert message.startswith("“nonsense” is none of these: ")
    named = message.removesuffix(".").split(": ")[1].split(", ")
    assert set(some) <= set(named)
    for each in named:
        assert api.get(f"/api/v1/staff/{path}/", {name: each}).status_code == 200, each


@pytest.mark.parametrize(("path", "name", "some"), FILTERS)
def test_a_filter_left_empty_is_the_usual_list(
    api: APIClient, path: str, name: str, some: tuple[str, ...]
) -> None:
    assert api.get(f"/api/v1/staff/{path}/", {name: ""}).status_code == 200
