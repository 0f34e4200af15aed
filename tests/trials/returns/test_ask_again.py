"""A refused card is asked again by the plan, once a step, and only where that may help."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from shop.payments.links import payment_link
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory, SavedCardFactory
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    owed_charge,
    payment_of,
    refused,
    subjects,
    told,
)
from trials.returns.queries.charges import attempts_due
from trials.returns.services.asking import ask_attempt, ask_new_card
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.letting_go import waive_charge

pytestmark = pytest.mark.django_db
REFUSED = "We could not charge your card"


def _asked() -> list[int]:
    return [
        message.payload["attempt"]
        for message in OutboxMessage.objects.filter(topic="payments.ask_again").order_by(
            "created_at"
        )
    ]


def _refusals() -> int:
    return sum(REFUSED in subject for subject in subjects())


def test_a_card_without_funds_is_asked_again_after_one_three_and_seven_days() -> None:
    charge = owed_charge()
    began = timezone.now()
    days = []
    with time_machine.travel(began, tick=False) as clock:
        refused(charge, "insufficient_funds", failed_charge="ch_0")
        for hour in range(24 * 30):
            clock.move_to(began + timedelta(hours=hour))
            for attempt_id in attempts_due(timezone.now()):
                assert ask_attempt(attempt_id=attempt_id)
                days.append(hour / 24)
                refused(charge, "insufficient_funds", failed_charge=f"ch_{hour}")

    assert days == [1, 3, 7]
    assert _asked() == [1, 2, 3]
    assert _refusals() == 4
    charge.refresh_from_db()
    assert charge.state == "owed"


def test_a_step_that_is_due_is_taken_once_however_often_it_is_rung_for() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        (attempt_id,) = attempts_due(timezone.now())
        taken = [ask_attempt(attempt_id=attempt_id) for _time in range(3)]

    assert taken == [True, False, False]
    assert _asked() == [1]


@pytest.mark.django_db(transaction=True)
def test_of_workers_who_take_a_step_at_once_one_asks_the_card() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        (attempt_id,) = attempts_due(timezone.now())
        taken = at_once([lambda: ask_attempt(attempt_id=attempt_id)] * 4, expected=())

    assert sorted(taken) == [False, False, False, True]
    assert _asked() == [1]


def test_a_step_is_not_taken_before_its_day() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    planned = charge.attempts.get(asked_at=None)

    assert attempts_due(timezone.now()) == []
    assert not ask_attempt(attempt_id=planned.pk)


def test_the_same_refusal_told_again_writes_no_second_mail() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    refused(charge, "insufficient_funds")

    assert _refusals() == 1
    assert charge.attempts.count() == 2


@pytest.mark.parametrize("decline", ["lost_card", "stolen_card", "fraudulent", "unheard_of"])
def test_a_card_that_will_not_pay_later_is_not_asked_again(decline: str) -> None:
    charge = owed_charge()
    refused(charge, decline)

    assert not charge.attempts.filter(asked_at=None).exists()
    assert _refusals() == 1


def test_what_the_network_advises_comes_before_the_banks_reason() -> None:
    never, later = owed_charge(), owed_charge()
    refused(never, "insufficient_funds", advice="do_not_try_again")
    refused(later, "lost_card", advice="try_again_later")

    assert not never.attempts.filter(asked_at=None).exists()
    assert later.attempts.filter(asked_at=None).exists()


def test_the_mail_has_the_link_by_which_it_is_paid_and_says_when_the_card_is_asked_again() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")

    mail = OutboxMessage.objects.get(topic="mail.send", payload__subject__startswith=REFUSED)
    assert payment_link(payment_of(charge)) in mail.payload["text"]
    assert "we ask your card again on" in mail.payload["text"]


def test_what_a_card_refuses_at_one_go_is_one_mail_that_names_all_of_it() -> None:
    first, second = charge_unreturned(trial_id=overdue_trial(frames=2).pk)
    began = timezone.now()
    refused(first, "insufficient_funds")
    refused(second, "insufficient_funds")

    mail = OutboxMessage.objects.get(topic="mail.send", payload__subject__startswith=REFUSED)
    for charge in (first, second):
        assert charge.what in mail.payload["text"]
        assert payment_link(payment_of(charge)) in mail.payload["text"]
        assert payment_link(payment_of(charge)) in mail.payload["html"]
    with time_machine.travel(began + timedelta(days=2)):
        for attempt_id in attempts_due(timezone.now()):
            assert ask_attempt(attempt_id=attempt_id)
        refused(second, "insufficient_funds", failed_charge="ch_2")
        refused(first, "insufficient_funds", failed_charge="ch_3")
    assert _refusals() == 2


def test_a_new_card_that_is_refused_at_once_is_told_of_at_once() -> None:
    charges = charge_unreturned(trial_id=overdue_trial(frames=2).pk)
    for charge in charges:
        refused(charge, "insufficient_funds")
    card = SavedCardFactory(user=charges[0].trial.user)
    ask_new_card(card_id=card.pk)
    for attempt_id in attempts_due(timezone.now()):
        assert ask_attempt(attempt_id=attempt_id)
    for charge in charges:
        refused(charge, "insufficient_funds", failed_charge=f"ch_{charge.pk}")

    assert _refusals() == 2


def test_a_bank_that_wants_to_hear_it_from_her_leads_to_the_link_and_to_no_retry() -> None:
    charge = owed_charge()
    refused(charge, "authentication_required")

    mail = OutboxMessage.objects.get(topic="mail.send", payload__subject__startswith=REFUSED)
    assert "Your bank wants you to confirm" in mail.payload["text"]
    assert not charge.attempts.filter(asked_at=None).exists()


def test_what_she_tries_herself_and_is_refused_writes_no_mail_and_plans_nothing() -> None:
    charge = owed_charge()
    refused(charge, "lost_card")
    refused(charge, "insufficient_funds", failed_charge="ch_hers")

    assert _refusals() == 1
    assert charge.attempts.count() == 1


def test_a_new_card_is_asked_at_once_for_what_the_old_one_refused() -> None:
    charge = owed_charge()
    refused(charge, "lost_card")
    card = SavedCardFactory(user=charge.trial.user)

    assert [ask_new_card(card_id=card.pk) for _time in range(2)] == [1, 0]
    (attempt_id,) = attempts_due(timezone.now())
    assert ask_attempt(attempt_id=attempt_id)
    asked = OutboxMessage.objects.get(topic="payments.ask_again").payload
    assert (asked["card_id"], asked["attempt"]) == (card.pk, 1)


def test_a_new_card_takes_the_place_of_the_old_one_in_the_plan() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    card = SavedCardFactory(user=charge.trial.user)
    ask_new_card(card_id=card.pk)

    planned = charge.attempts.get(asked_at=None)
    assert (planned.number, planned.card) == (1, card)
    assert attempts_due(timezone.now()) == [planned.pk]


def test_a_new_card_is_not_asked_for_what_was_not_refused() -> None:
    charge = owed_charge()

    assert ask_new_card(card_id=SavedCardFactory(user=charge.trial.user).pk) == 0


def test_a_new_card_is_never_asked_for_what_somebody_else_owes() -> None:
    charge = owed_charge()
    refused(charge, "lost_card")

    assert ask_new_card(card_id=SavedCardFactory().pk) == 0
    assert not charge.attempts.filter(asked_at=None).exists()


def test_a_new_card_waits_while_the_old_one_is_being_asked() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        (attempt_id,) = attempts_due(timezone.now())
        assert ask_attempt(attempt_id=attempt_id)
        assert ask_new_card(card_id=SavedCardFactory(user=charge.trial.user).pk) == 0

    assert not charge.attempts.filter(asked_at=None).exists()


@pytest.mark.parametrize("end", ["paid", "waived"])
def test_a_charge_that_is_settled_is_asked_for_no_more(end: str) -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    if end == "paid":
        told(payment_of(charge), "succeeded")
    else:
        waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Goodwill")

    assert attempts_due(timezone.now() + timedelta(days=30)) == []
