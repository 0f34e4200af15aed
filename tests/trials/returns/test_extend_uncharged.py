"""Staff give more days only while nothing that is missing is charged."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.trials_with_charges import overdue_trial, owed_charge, payment_of, told
from trials.at_home.errors import CannotExtendError
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.extending import extend_uncharged
from trials.returns.services.letting_go import waive_charge

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("paid", [False, True])
def test_days_of_a_box_whose_frames_are_charged_are_not_extended(paid: bool) -> None:
    charge = owed_charge()
    if paid:
        told(payment_of(charge), "succeeded")
    before = charge.trial.due_at

    with pytest.raises(CannotExtendError):
        extend_uncharged(trial_id=charge.trial_id, days=3, by=StaffFactory())
    charge.trial.refresh_from_db()
    assert charge.trial.due_at == before


def test_while_one_of_its_frames_is_owed_for_they_are_not_either() -> None:
    trial, manager = overdue_trial(frames=2), ManagerFactory()
    first, second = charge_unreturned(trial_id=trial.pk)
    with pytest.raises(CannotExtendError, match="charged already"):
        extend_uncharged(trial_id=trial.pk, days=3, by=manager)
    waive_charge(charge_id=first.pk, by=manager, reason="A strike of the post")
    with pytest.raises(CannotExtendError, match="charged already"):
        extend_uncharged(trial_id=trial.pk, days=3, by=manager)
    assert second.state == "owed"


def test_page_and_api_offer_it_only_then(client: Client) -> None:
    late, charge, ops = overdue_trial(), owed_charge(), StaffFactory()
    client.force_login(ops)
    extend = 'action="%s"'
    for trial, offered in ((late, True), (charge.trial, False)):
        page = client.get(reverse("console:trial", args=[trial.number])).content.decode()
        action = extend % reverse("console:trial_extend", args=[trial.number])
        assert (action in page) == offered
    api = APIClient()
    api.force_authenticate(ops)
    url = f"/api/v1/staff/trials/{charge.trial.number}/extension/"
    answer = api.post(url, {"days": 3}, format="json", headers={"Idempotency-Key": "more"})
    assert (answer.status_code, answer.json()["code"]) == (409, "cannot_extend")
    url = f"/api/v1/staff/trials/{late.number}/extension/"
    answer = api.post(url, {"days": 3}, format="json", headers={"Idempotency-Key": "more-2"})
    assert answer.status_code == 201
    late.refresh_from_db()
    assert late.due_at > timezone.now() + timedelta(days=2)
