"""What mails say of a charge is so, whatever it is for and whoever paid it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.models import OutboxMessage
from shop.messages.models import MessageItem
from shop.payments.models import Refund
from tests.factories.shop import ManagerFactory, SavedCardFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    owed_charge,
    paid_charge,
    payment_of,
    refused,
    terms,
    told,
)
from trials.console.mails import mails_of
from trials.home_trials.models import Trial
from trials.home_trials.services.mails import mail_customer
from trials.programme.models import Mode
from trials.reports.services import keep_frame
from trials.returns.models.charges import Notice, TrialCharge
from trials.returns.services.keeping import charge_kept
from trials.returns.services.refunding import decide_refund

pytestmark = pytest.mark.django_db


def _kept() -> TrialCharge:
    trial = terms(overdue_trial(frames=1), mode=Mode.KEEP_AND_PAY)
    keep_frame(user=trial.user, number=trial.number, item_id=trial.items.get().pk)
    (charge,) = charge_kept(trial_id=trial.pk)
    return charge


def _last_mail() -> dict[str, Any]:
    found = OutboxMessage.objects.filter(topic="mail.send").order_by("created_at")
    return found.last().payload  # type: ignore[union-attr]


def _to_decide(charge: TrialCharge) -> TrialCharge:
    TrialCharge.objects.filter(pk=charge.pk).update(to_decide=True)
    return charge


def test_of_a_frame_she_keeps_and_her_card_refuses_it_is_said_that_she_keeps_it() -> None:
    charge = _kept()
    refused(charge, "insufficient_funds")

    mail = _last_mail()
    for kind in ("text", "html"):
        assert f"You keep {charge.what} of your try-on box" in mail[kind]
        assert "did not come back" not in mail[kind]
        assert "send the frame back" not in mail[kind]


def test_of_a_frame_that_did_not_come_back_and_her_card_refuses_it_is_said_so() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")

    for kind in ("text", "html"):
        assert f"{charge.what} did not come back to us" in _last_mail()[kind]
        assert "You keep" not in _last_mail()[kind]


def test_a_kept_frame_names_the_card_that_was_asked_for_it_not_the_trials_of_today() -> None:
    charge = _kept()
    other = SavedCardFactory(user=charge.trial.user, last4="9999")
    Trial.objects.filter(pk=charge.trial_id).update(card=other)
    told(payment_of(charge), "succeeded")

    for kind in ("text", "html"):
        assert "•••• 4242" in _last_mail()[kind]
        assert "9999" not in _last_mail()[kind]


def test_a_kept_frame_she_paid_herself_names_no_card() -> None:
    charge = _kept()
    refused(charge, "insufficient_funds")
    told(payment_of(charge), "succeeded")

    mail = _last_mail()
    assert "is yours" in mail["subject"]
    for kind in ("text", "html"):
        assert f"it is paid with {charge.amount}" in mail[kind]
        assert "••••" not in mail[kind]
        assert "None" not in mail[kind]


def test_a_frame_she_paid_herself_is_not_said_to_be_charged_to_her_card() -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")
    told(payment_of(charge), "succeeded")

    assert _last_mail()["subject"] == f"{charge.what} is yours"


def test_that_nothing_is_given_back_she_is_told_with_the_reason_for_her() -> None:
    charge = _to_decide(paid_charge())
    nothing = charge.amount * 0
    said = "It came back with a broken temple."
    decide_refund(
        charge_id=charge.pk, by=ManagerFactory(), amount=nothing, reason="Worn", answer=said
    )

    mail = _last_mail()
    assert mail["subject"] == f"Nothing is given back for {charge.what}"
    for kind in ("text", "html"):
        assert f"{charge.amount} that were paid for {charge.what}" in mail[kind]
        assert said in mail[kind]
        assert "Worn" not in mail[kind]
    assert Notice.objects.filter(kind="trial_charge_not_refunded").count() == 1
    assert not Refund.objects.exists()


def test_decided_a_second_time_she_is_told_once_and_asked_anew_once_more() -> None:
    charge = _to_decide(paid_charge())
    for _time in range(2):
        decide_refund(
            charge_id=charge.pk, by=ManagerFactory(), amount=charge.amount * 0, reason="Worn"
        )
    notices = Notice.objects.filter(kind="trial_charge_not_refunded")
    assert notices.count() == 1

    _to_decide(charge)
    decide_refund(charge_id=charge.pk, by=ManagerFactory(), amount=charge.amount * 0, reason="No")
    assert notices.count() == 2


def test_of_what_is_on_its_way_back_to_her_already_she_is_not_told_that_nothing_is(
    client: Client,
) -> None:
    charge, manager = paid_charge(), ManagerFactory()
    decide_refund(charge_id=charge.pk, by=manager, amount=charge.amount, reason="Kind")
    _to_decide(charge)
    client.force_login(manager)
    url = reverse("console:charge_refund", args=[charge.pk])
    answer = client.post(url, {"amount": "0", "reason": "Done"}, follow=True).content.decode()

    assert "Nothing is given back." in answer
    assert not Notice.objects.filter(kind="trial_charge_not_refunded").exists()


def test_the_console_says_that_nothing_is_given_back_and_that_she_is_written_to(
    client: Client,
) -> None:
    charge = _to_decide(paid_charge())
    client.force_login(ManagerFactory())
    page = client.get(reverse("console:overdue"), {"kind": "to_decide"}).content.decode()
    assert 'name="answer"' in page
    sent = {"kind": "to_decide", "amount": "0", "reason": "Worn", "answer": "It was worn."}
    url = reverse("console:charge_refund", args=[charge.pk])
    answer = client.post(url, sent, follow=True).content.decode()

    assert f"Nothing is given back, and {charge.trial.user} is written to." in answer
    assert "are given back" not in answer
    assert "It was worn." in _last_mail()["text"]


def test_what_a_deposit_paid_and_stays_kept_is_told_too() -> None:
    charge = _to_decide(owed_charge())
    TrialCharge.objects.filter(pk=charge.pk).update(state="written_off", from_deposit=40)
    decide_refund(charge_id=charge.pk, by=ManagerFactory(), amount=charge.amount * 0, reason="Worn")

    assert f"€40.00 that were paid for {charge.what}" in _last_mail()["text"]


def test_staff_read_of_a_deposit_that_it_was_paid_and_of_a_hold_what_is_to_come() -> None:
    trial = delivered_trial(frames=1)
    mail_customer("trial_deposit_paid", trial, amount=Money(20, "EUR"))
    mail_customer("trial_hold_renewed", trial, hold=None, card=trial.card)
    MessageItem.objects.update(sent_at=timezone.now())

    titles = {each["title"] for each in mails_of(trial)}
    assert {"Mail: The deposit is paid", "Mail: The hold is about to be renewed"} <= titles
