"""No page of the console asks more of the database the more rows it shows."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.shop import ManagerFactory, UserFactory, VariantFactory
from tests.factories.trials import (
    approved_trial,
    batch_of_one,
    delivered_trial,
    packed_trial,
    requested_trial,
)
from tests.shop.orders.buying import placed_order
from tests.trials.returns.trials_with_charges import owed_charge
from trials.console.models import ListName
from trials.console.services import save_filter
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db
# Of every customer's address, and no number: those have no L.
WORDS = "example"
LISTS = [
    "console:home",
    "console:trial_list",
    "console:search",
    "console:overdue",
    "console:unit_list",
    "console:charge_list",
    "console:proposal_list",
    "console:claim_list",
    "console:broken_list",
    "console:missed_list",
    "console:left_list",
    "console:count_list",
    "console:waitlist",
    "console:batch_list",
    "console:to_ship",
    "console:manifest_list",
    "console:parcel_list",
    "console:risk_queue",
    "console:pack",
    "console:check_in",
    "orders:console_list",
    "console:economics",
    "console:planning",
]


def _more(manager: Any) -> None:
    requested_trial()
    approved_trial()
    packed_trial()
    batch_of_one(manager)
    delivered_trial()
    owed_charge()
    placed_order()
    join_waitlist(user=UserFactory(), variant_id=VariantFactory().pk)
    which = ListName.TRIALS
    name = str(manager.saved_filters.count())
    save_filter(by=manager, which=which, name=name, query="q=a", shared=True)


def test_every_list_takes_as_many_statements_for_one_row_as_for_more(client: Client) -> None:
    manager = ManagerFactory()
    client.force_login(manager)

    def taken() -> dict[str, int]:
        found = {}
        for name in LISTS:
            client.get(reverse(name), {"q": WORDS})
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(name), {"q": WORDS}).status_code == 200
            found[name] = len(captured)
        return found

    _more(manager)
    few = taken()
    for _each in range(2):
        _more(manager)

    assert taken() == few
