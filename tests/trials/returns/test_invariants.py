"""The audit sees when a trial or a charge was ended wrongly."""

import pytest

from shop.foundation.invariants import all_invariants, breaches
from tests.factories.shop import ManagerFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import owed_charge
from trials.home_trials.models import Trial, TrialItem
from trials.returns.models import TrialCharge
from trials.returns.services.letting_go import waive_charge

pytestmark = pytest.mark.django_db


def _broken() -> set[str]:
    return {each.name for each in all_invariants() if each.number == 5 and breaches(each)}


def test_what_the_services_do_breaks_nothing() -> None:
    charge = owed_charge()
    assert _broken() == set()
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Goodwill")
    assert _broken() == set()


def test_a_closed_trial_that_owes_is_found() -> None:
    charge = owed_charge()
    Trial.objects.filter(pk=charge.item.trial_id).update(state="closed")

    assert "A closed trial owes nothing" in _broken()


def test_a_frame_kept_without_payment_is_found() -> None:
    TrialItem.objects.filter(trial=delivered_trial()).update(outcome="kept")

    assert _broken() == {"A frame that was kept is paid, and one that was paid is kept"}


def test_a_charge_paid_by_nothing_is_found() -> None:
    TrialCharge.objects.filter(pk=owed_charge().pk).update(state="paid")

    assert "A paid charge has a payment of its amount" in _broken()
    assert "A charge's state equals its latest move" in _broken()


def test_a_frame_returned_unseen_is_found() -> None:
    TrialItem.objects.filter(trial=delivered_trial()).update(outcome="returned")

    assert "An item that came back was looked at" in _broken()
