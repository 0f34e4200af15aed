"""The demo's people can log in, each into what their role may see."""

import pytest
from django.test import Client

from shop.customers.models import Address, User
from shop.demo import LOGINS, ensure_people

pytestmark = pytest.mark.django_db


def test_everybody_shown_can_log_in(client: Client) -> None:
    ensure_people()

    for _role, email, password in LOGINS:
        assert (
            client.post("/accounts/login/", {"login": email, "password": password}).status_code
            == 302
        )
        assert client.get("/account/").status_code == 200
        client.logout()


def test_only_ops_and_manager_work_here() -> None:
    ensure_people()

    people = {user.email.split("@")[0]: user for user in User.objects.all()}
    assert [people[name].is_staff for name in ("mia", "ola", "max")] == [False, True, True]
    assert not people["ola"].has_perm("shop.view_scorecard")
    assert people["max"].has_perm("shop.view_scorecard")


def test_loading_again_adds_nobody_and_keeps_what_they_changed() -> None:
    ensure_people()
    User.objects.filter(email="mia@lorgnette.example").update(name="Mia B.")

    assert ensure_people() == 0
    assert User.objects.get(email="mia@lorgnette.example").name == "Mia B."
    assert Address.objects.count() == 1
