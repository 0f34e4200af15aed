"""A paid charge makes the frame the customer's; a refused one waits for people."""

import pytest

from shop.analytics.models import Event
from shop.foundation.models import OutboxMessage
from shop.payments.models import LedgerEntry, Refund
from tests.factories.shop import ManagerFactory
from tests.trials.returns.boxes_back import checked_in, item_of
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    owed_charge,
    payment_of,
    subjects,
    told,
    told_what_lacks,
)
from trials.returns.errors import AlreadyChargedError
from trials.returns.models.charges import TrialCharge
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import find_returned, finish_check_in
from trials.returns.services.letting_go import waive_charge

pytestmark = pytest.mark.django_db


def test_a_paid_frame_is_kept_and_its_trial_closed() -> None:
    charge = owed_charge()
    told(payment_of(charge), "succeeded")

    charge.refresh_from_db()
    item = charge.item
    item.refresh_from_db()
    item.trial.refresh_from_db()
    item.unit.refresh_from_db()
    assert (charge.state, item.outcome, item.holds_unit) == ("paid", "kept", False)
    assert (item.unit.state, item.trial.state) == ("retired", "closed")
    assert charge.transitions.last().to_state == "paid"
    assert Event.objects.get(name="fee_charged").amount == charge.amount
    assert any("is yours" in subject for subject in subjects())


def _mails() -> list[tuple[str, str]]:
    mails = OutboxMessage.objects.filter(payload__has_key="subject").order_by("created_at")
    return [(each.payload["subject"], each.payload["text"]) for each in mails]


def test_one_mail_tells_that_it_is_paid_and_that_all_is_over() -> None:
    charge = owed_charge()
    told(payment_of(charge), "succeeded")

    (subject, text), *others = [each for each in _mails() if "charged" in each[0]]
    assert "is yours" in subject
    assert "With that your trial is complete." in text
    assert others == []
    assert not [each for each in subjects() if "back with us" in each or "complete" in each]


def test_it_says_what_else_came_back_in_the_one_mail_of_several() -> None:
    trial = overdue_trial(frames=3)
    back = item_of(trial, 0)
    checked_in(back)
    finish_check_in(trial_id=trial.pk, by=ManagerFactory())
    told_what_lacks(trial)
    first, second = charge_unreturned(trial_id=trial.pk)
    told(payment_of(first), "succeeded")
    told(payment_of(second), "succeeded")

    (text,) = [text for subject, text in _mails() if "charged" in subject]
    assert f"{back.variant} is back with us, and with that your trial is complete." in text
    assert not [each for each in subjects() if "back with us" in each]


def test_a_box_of_which_nothing_came_back_is_not_said_to_be_back() -> None:
    charge = owed_charge()
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Her house burnt down")

    (subject,) = [each for each in subjects() if "complete" in each or "back with us" in each]
    assert "is complete" in subject


def test_a_paid_frame_that_comes_after_the_days_for_it_is_put_aside_for_a_manager() -> None:
    charge = owed_charge()
    told(payment_of(charge), "succeeded")

    with pytest.raises(AlreadyChargedError, match="ask a manager"):
        find_returned(trial_id=charge.item.trial_id, barcode=charge.item.unit.barcode)


def test_what_was_paid_is_booked_as_unreturned_frames() -> None:
    charge = owed_charge()
    told(payment_of(charge), "succeeded")

    booked = {entry.account: entry.amount for entry in LedgerEntry.objects.all()}
    assert booked == {"stripe": charge.amount, "unreturned": -charge.amount}


def test_a_refused_charge_stays_owed_and_the_customer_istold() -> None:
    charge = owed_charge()
    told(payment_of(charge), "requires_payment_method", failure="card_declined")

    charge.refresh_from_db()
    charge.item.trial.refresh_from_db()
    assert (charge.state, charge.item.outcome) == ("owed", "at_home")
    assert charge.item.trial.state == "delivered"
    assert any("could not charge" in subject for subject in subjects())


def test_a_charge_waived_while_the_card_was_charged_is_given_back() -> None:
    charge = owed_charge()
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Found at the carrier")
    told(payment_of(charge), "succeeded")

    charge.refresh_from_db()
    assert charge.state == TrialCharge.State.WAIVED
    assert Refund.objects.get().amount == charge.amount
