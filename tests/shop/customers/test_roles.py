"""What the groups at work may do."""

import pytest
from django.test import Client
from django.urls import reverse

from shop.customers.roles import ensure_roles
from tests.factories.shop import ManagerFactory, StaffFactory

pytestmark = pytest.mark.django_db


def test_ops_see_every_room_but_neither_give_money_back_nor_read_the_scorecard() -> None:
    ensure_roles()
    ops = StaffFactory()

    assert ops.has_perm("trials.view_trial")
    assert not ops.has_perm("shop.refund_payment")
    assert not ops.has_perm("trials.settle_trialcharge")
    assert not ops.has_perm("shop.view_scorecard")


def test_the_manager_settles_money_and_reads_figures_but_rewrites_no_history() -> None:
    ensure_roles()
    manager = ManagerFactory()

    for allowed in ("shop.refund_payment", "trials.settle_trialcharge", "shop.view_scorecard"):
        assert manager.has_perm(allowed)
    for table in ("ledgerentry", "event", "ordertransition", "payment"):
        assert not manager.has_perm(f"shop.change_{table}")
        assert manager.has_perm(f"shop.view_{table}")


def test_repeating_it_changes_nothing() -> None:
    ensure_roles()
    before = StaffFactory().get_all_permissions()
    ensure_roles()

    assert StaffFactory().get_all_permissions() == before


def test_the_admin_greets_its_reader_by_name(client: Client) -> None:
    client.force_login(StaffFactory(name="Ola Nowak"))
    greeting = client.get(reverse("admin:index")).content.decode()
    assert "<strong>Ola Nowak</strong>" in greeting
