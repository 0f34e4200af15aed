"""The audit sees when a trial or a charge was ended wrongly."""

import pytest
from django.db import IntegrityError
from djmoney.money import Money

from shop.foundation.invariants import all_invariants, breaches
from tests.factories.shop import ManagerFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import broken, owed_charge, paid_charge, terms
from trials.home_trials.models import Trial, TrialItem
from trials.returns.models.charges import TrialCharge
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

    assert _broken() == {
        "A frame that was kept is paid, and one that was paid is kept or came back"
    }


def test_a_charge_paid_by_nothing_is_found() -> None:
    TrialCharge.objects.filter(pk=owed_charge().pk).update(state="paid")

    assert (
        "A paid charge has a payment of its amount, or was kept from what was given back"
        in _broken()
    )
    assert "A charge's state equals its latest move" in _broken()


def test_a_frame_returned_unseen_is_found() -> None:
    TrialItem.objects.filter(trial=delivered_trial()).update(outcome="returned")

    assert "An item that came back was looked at" in _broken()


def test_more_given_back_than_the_refunds_come_to_is_found() -> None:
    TrialCharge.objects.filter(pk=paid_charge().pk).update(refunded=1, state="partly_refunded")

    name = "What was given back of a charge is what its refunds come to, and no more than was paid"
    assert name in broken()


def test_a_late_fee_above_the_cap_is_found() -> None:
    trial = terms(paid_charge().trial, late_fee_cap=Money("5.00", "EUR"))
    TrialCharge.objects.create(trial=trial, purpose="late", amount=Money("5.01", "EUR"))

    assert "A late fee is never above its programme's cap" in broken()


def test_the_database_refuses_more_given_back_than_was_paid() -> None:
    charge = paid_charge()
    with pytest.raises(IntegrityError, match="trial_charge_refunded_within"):
        TrialCharge.objects.filter(pk=charge.pk).update(refunded=charge.amount.amount + 1)


def test_a_charge_is_of_the_trial_of_its_item_whatever_is_said() -> None:
    charge, other = owed_charge(), delivered_trial()
    TrialCharge.objects.filter(pk=charge.pk).update(trial=other)

    before = charge.trial_id
    charge.refresh_from_db()
    assert charge.trial_id == before
