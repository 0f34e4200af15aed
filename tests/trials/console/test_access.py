"""The console is there for staff, and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import requested_trial
from tests.trials.returns.trials_with_charges import owed_charge

pytestmark = pytest.mark.django_db

PAGES = ["home", "trial_list", "trials_csv", "pack", "check_in", "unit_list", "charge_list"]
POSTS = [
    ("post", "staff/trials/{number}/approve/"),
    ("post", "staff/trials/{number}/decline/"),
    ("post", "staff/trials/{number}/pack/"),
    ("post", "staff/trials/{number}/finish-packing/"),
    ("post", "staff/trials/{number}/labels/"),
    ("post", "staff/trials/{number}/ship/"),
    ("post", "staff/trials/{number}/check-in/"),
    ("post", "staff/trials/{number}/finish-check-in/"),
    ("post", "staff/trials/{number}/charge/"),
    ("post", "staff/shipments/LP1/events/"),
    ("get", "staff/trials/"),
    ("get", "staff/trials/{number}/"),
    ("get", "staff/trials/{number}/labels/"),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_log_in(client: Client, page: str) -> None:
    answer = client.get(reverse(f"console:{page}"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("page", PAGES)
def test_a_customer_finds_no_console(client: Client, page: str) -> None:
    client.force_login(UserFactory())

    assert client.get(reverse(f"console:{page}")).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_staff_get_in(client: Client, page: str) -> None:
    client.force_login(StaffFactory())

    assert client.get(reverse(f"console:{page}")).status_code == 200


def test_a_customer_cannot_approve_her_own_trial(client: Client) -> None:
    trial = requested_trial()
    client.force_login(trial.user)

    assert client.post(reverse("console:trial_approve", args=[trial.number])).status_code == 404
    trial.refresh_from_db()
    assert trial.state == "requested"


def _status(method: str, path: str, number: str, user: User | None) -> int:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    call = getattr(client, method)
    return int(call(f"/api/v1/{path.format(number=number)}").status_code)


@pytest.mark.parametrize(("method", "path"), POSTS)
def test_the_api_of_staff_is_closed_to_others(method: str, path: str) -> None:
    trial = requested_trial()

    assert _status(method, path, trial.number, None) in (401, 403)
    assert _status(method, path, trial.number, trial.user) == 403


def test_ops_may_not_waive_by_api_nor_by_page(client: Client) -> None:
    charge, ops = owed_charge(), StaffFactory()
    api = APIClient()
    api.force_authenticate(ops)
    answer = api.post(
        f"/api/v1/staff/charges/{charge.pk}/waive/",
        {"reason": "Goodwill"},
        headers={"Idempotency-Key": "waive"},
    )
    client.force_login(ops)
    client.post(
        reverse("console:charge_let_go", args=[charge.pk]),
        {"way": "waive", "reason": "Goodwill"},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "may_not_settle_charges")
    charge.refresh_from_db()
    assert charge.state == "owed"
