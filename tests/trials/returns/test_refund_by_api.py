"""A refund that programs decide on, as somebody saw it."""

import pytest
from rest_framework.test import APIClient

from shop.payments.models import Refund
from tests.factories.shop import ManagerFactory
from tests.trials.returns.trials_with_charges import paid_charge
from trials.returns.models.charges import TrialCharge

pytestmark = pytest.mark.django_db


def test_what_was_decided_meanwhile_is_not_given_back_by_who_saw_it_undecided() -> None:
    charge, api = paid_charge(), APIClient()
    api.force_authenticate(ManagerFactory())
    url = f"/api/v1/staff/charges/{charge.pk}/refund/"
    TrialCharge.objects.filter(pk=charge.pk).update(to_decide=True)
    body = {"amount": "5", "reason": "It came back", "undecided": True}
    first, second = (
        api.post(url, body, format="json", headers={"Idempotency-Key": f"key-{n}"})
        for n in range(2)
    )

    assert first.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "decided_meanwhile")
    assert [str(each.amount.amount) for each in Refund.objects.all()] == ["5.000"]
