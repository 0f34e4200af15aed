"""Fee and deposit are taken when a box is asked for, before anything is packed, and given back."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.test import Client
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import Event
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.payments import gateway
from shop.payments.models import LedgerEntry, Payment, Refund
from shop.payments.services.cards import finish_card_setup, start_card_setup
from shop.payments.services.charges import settle_payment, start_payment
from tests.factories.shop import AddressFactory, StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, filled_box, requested_trial
from tests.shop.payments.paying import (
    ASKS_ALWAYS,
    DECLINED_LATER,
    SILENCE,
    VISA,
    answer_bank,
    confirm,
    deliver,
    next_of,
)
from tests.shop.payments.sandbox.running import Receiver, RunningSandbox
from tests.shop.payments.test_charge import charges_at_stripe
from tests.trials.returns.boxes_back import broken_laws
from trials.home_trials.errors import AwaitsPaymentError
from trials.home_trials.models import Trial
from trials.home_trials.queries import unpaid_trials
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.paying import give_back
from trials.home_trials.services.requests import (
    approve_trial,
    cancel_trial,
    cancel_unpaid,
    decline_trial,
)
from trials.programme.queries import current_version
from trials.programme.services import publish_version
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.losing import lose_parcel
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import assume_delivered
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db(transaction=True)
FEE, DEPOSIT = Money("4.90", "EUR"), Money("50.00", "EUR")


@pytest.fixture(autouse=True)
def _rules() -> None:
    publish_version(programme_slug="home", fee=FEE, deposit=DEPOSIT)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def ask(client: Client, stripe_sandbox: RunningSandbox) -> Callable[..., Any]:
    """Places a box on the page, with a card of this kind."""

    def place(method: str = VISA, wish: str = "") -> Any:
        user = UserFactory()
        start = start_card_setup(user=user)
        intent = confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret, method)
        if intent.get("next_action"):
            answer_bank(intent["next_action"]["redirect_to_url"]["url"])
        card = finish_card_setup(user=user, setup_intent_id=start.intent_id)
        filled_box(user=user, variants=[TrialUnitFactory().variant])
        client.force_login(user)
        sent = {
            "wish": wish or str(uuid.uuid4()),
            "version": current_version(country="DE").pk,
            "address": AddressFactory(user=user).pk,
            "card": card.pk,
        }
        return client.post("/box/place/", sent)

    return place


def _trial() -> Trial:
    return Trial.objects.get()


def _carry_out() -> None:
    """What is published while messages are carried out, too."""
    for _each in range(3):
        carry_out_due()


def _balance(account: str) -> Decimal:
    entries = LedgerEntry.objects.filter(account=account)
    return entries.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _sent() -> list[str]:
    _carry_out()
    return [each.subject for each in mail.outbox]


def _closed(trial: Trial) -> None:
    ops = StaffFactory()
    approve_trial(trial_id=trial.pk, by=ops)
    (barcode,) = trial.items.values_list("unit__barcode", flat=True)
    pack_unit(trial_id=trial.pk, barcode=barcode, by=ops)
    finish_packing(trial_id=trial.pk, by=ops)
    mark_shipped(trial_id=trial.pk, by=ops)
    mark_delivered(trial_id=trial.pk, at=timezone.now())
    check_in_unit(trial_id=trial.pk, barcode=barcode, finding="good", grade="A", by=ops)
    finish_check_in(trial_id=trial.pk, by=ops)
    assert _trial().state == "closed"


def test_both_are_taken_at_once_and_booked_apart(ask: Callable[..., Any], client: Client) -> None:
    page = client.get(ask()["Location"], follow=True)

    assert f"/trials/{_trial().number}/" in page.redirect_chain[-1][0]
    payment = Payment.objects.get()
    assert (payment.state, payment.amount) == ("succeeded", FEE + DEPOSIT)
    assert _trial().pay_by is None
    assert _balance("trial_fees") == -FEE.amount
    assert _balance("deposits") == -DEPOSIT.amount
    assert _balance("stripe") == payment.amount.amount
    assert Event.objects.get(name="trial_paid").amount == FEE + DEPOSIT
    assert [each for each in _sent() if "We have your request" in each]


def test_a_bank_that_asks_first_is_gone_to_and_nothing_is_packed_meanwhile(
    ask: Callable[..., Any], client: Client
) -> None:
    answer = ask(ASKS_ALWAYS)

    assert "/3ds/" in answer["Location"]
    with pytest.raises(AwaitsPaymentError):
        approve_trial(trial_id=_trial().pk, by=StaffFactory())
    assert not [each for each in _sent() if "We have your request" in each]

    answer_bank(answer["Location"])
    client.get(f"/payments/{Payment.objects.get().pk}/done/")
    assert approve_trial(trial_id=_trial().pk, by=StaffFactory()).state == "approved"


def test_a_refused_card_leads_to_another_and_the_frames_are_kept_meanwhile(
    ask: Callable[..., Any], client: Client, stripe_sandbox: RunningSandbox
) -> None:
    page = client.get(ask(DECLINED_LATER)["Location"], follow=True)

    assert "The card was declined. Please try another card." in page.content.decode()
    assert f'href="/trials/{_trial().number}/"' in page.content.decode()
    assert "to pay" in client.get(f"/trials/{_trial().number}/").content.decode()
    assert TrialUnit.objects.get().state == "reserved"

    payment = Payment.objects.get()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    client.get(f"/payments/{payment.pk}/done/")
    assert _trial().pay_by is None


def test_what_nobody_pays_is_cancelled_by_the_clock_and_the_units_are_free(
    ask: Callable[..., Any],
) -> None:
    ask(DECLINED_LATER)
    assert unpaid_trials(timezone.now()) == []

    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        (late,) = unpaid_trials(timezone.now())
        assert cancel_unpaid(trial_id=late, reason="Not paid in time")
        assert not cancel_unpaid(trial_id=late, reason="Not paid in time")
        _carry_out()

    assert _trial().state == "cancelled"
    assert TrialUnit.objects.get().state == "available"
    assert Payment.objects.get().state == "canceled"
    assert [each for each in _sent() if "was not paid in time" in each]


def test_one_paid_in_time_is_not_cancelled(ask: Callable[..., Any], client: Client) -> None:
    client.get(ask()["Location"])

    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        assert unpaid_trials(timezone.now()) == []
        assert not cancel_unpaid(trial_id=_trial().pk, reason="Not paid in time")
    assert _trial().state == "requested"


def test_money_that_comes_after_the_end_goes_back(
    ask: Callable[..., Any],
    client: Client,
    stripe_sandbox: RunningSandbox,
    stripe_webhooks: Receiver,
) -> None:
    ask(DECLINED_LATER)
    trial, payment = _trial(), Payment.objects.get()
    start = start_payment(payment_id=payment.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    cancel_trial(trial_id=trial.pk, by=trial.user)

    assert deliver(client, next_of(stripe_webhooks, "payment_intent.succeeded")) == 200
    _carry_out()

    assert Refund.objects.get().amount == FEE + DEPOSIT
    assert Refund.objects.get().state == "succeeded"
    assert _balance("deposits") == _balance("trial_fees") == _balance("stripe") == 0


@pytest.mark.parametrize("way", ["cancelled", "declined"])
def test_a_box_that_never_left_costs_nothing(
    way: str, ask: Callable[..., Any], client: Client
) -> None:
    client.get(ask()["Location"])
    trial = _trial()
    if way == "cancelled":
        page = client.get(f"/trials/{trial.number}/").content.decode()
        assert "54.90 goes back to your card." in page
        assert "nothing is charged." not in page
        page = client.post(f"/trials/{trial.number}/cancel/", follow=True).content.decode()
        assert "54.90 goes back to your card." in page
    else:
        decline_trial(trial_id=trial.pk, by=StaffFactory(), reason="We are out of boxes.")
    _carry_out()

    assert [each.amount for each in Refund.objects.all()] == [FEE + DEPOSIT]
    assert _balance("deposits") == _balance("trial_fees") == _balance("stripe") == 0


def test_at_the_end_the_deposit_goes_back_once_and_the_fee_stays(
    ask: Callable[..., Any], client: Client
) -> None:
    client.get(ask()["Location"])
    _closed(_trial())
    _carry_out()

    # A worker that dies after the refund was asked for does it again.
    assert give_back(trial_id=_trial().pk) == Money(0, "EUR")
    _carry_out()
    assert [each.amount for each in Refund.objects.all()] == [DEPOSIT]
    assert _balance("deposits") == 0
    assert _balance("trial_fees") == -FEE.amount
    assert _balance("stripe") == FEE.amount


@pytest.mark.parametrize("assumed", [False, True])
def test_fee_and_deposit_of_a_box_lost_on_its_way_go_back_whole(
    ask: Callable[..., Any], client: Client, assumed: bool
) -> None:
    client.get(ask()["Location"])
    trial, ops = _trial(), StaffFactory()
    approve_trial(trial_id=trial.pk, by=ops)
    (barcode,) = trial.items.values_list("unit__barcode", flat=True)
    pack_unit(trial_id=trial.pk, barcode=barcode, by=ops)
    finish_packing(trial_id=trial.pk, by=ops)
    outbound, _back = create_labels(trial_id=trial.pk, by=ops)
    mark_shipped(trial_id=trial.pk, by=ops)
    if assumed:
        assume_delivered(trial_id=trial.pk)
    lose_parcel(tracking_number=outbound.tracking_number, by=ops, early=True)
    _carry_out()

    assert _trial().state == "closed"
    (told,) = [each for each in mail.outbox if "was lost on its way" in each.subject]
    assert "€54.90, goes back to your card" in str(told.body)
    assert [each.amount for each in Refund.objects.all()] == [FEE + DEPOSIT]
    assert (_balance("deposits"), _balance("trial_fees"), _balance("stripe")) == (0, 0, 0)
    Trial.objects.update(closed_at=timezone.now() - timedelta(hours=2))
    assert broken_laws() == []


def test_a_trial_under_way_gives_nothing_back(ask: Callable[..., Any], client: Client) -> None:
    client.get(ask()["Location"])

    assert give_back(trial_id=_trial().pk) == Money(0, "EUR")
    assert not Refund.objects.exists()


def test_an_answer_lost_while_she_pays_is_looked_up_and_charged_once(
    ask: Callable[..., Any], client: Client, stripe_sandbox: RunningSandbox
) -> None:
    stripe_sandbox.turn("faults", **{**SILENCE, "path": "/v1/payment_intents/*/confirm"})
    assert ask()["Location"] == f"/payments/{Payment.objects.get().pk}/"

    client.get(f"/payments/{Payment.objects.get().pk}/done/")

    assert _trial().pay_by is None
    charged = charges_at_stripe(stripe_sandbox)
    assert [each["amount_captured"] for each in charged] == [5490]


def test_the_same_outcome_told_twice_is_booked_once(
    ask: Callable[..., Any], client: Client
) -> None:
    client.get(ask()["Location"])
    payment = Payment.objects.get()
    settle_payment(
        payment_id=payment.pk,
        intent=gateway.retrieve_payment_intent(str(payment.stripe_payment_intent_id)),
    )

    assert _balance("trial_fees") == -FEE.amount
    assert len([each for each in _sent() if "We have your request" in each]) == 1


def test_the_database_lets_nothing_unpaid_go_on(ask: Callable[..., Any]) -> None:
    ask(ASKS_ALWAYS)

    with pytest.raises(IntegrityError), transaction.atomic():
        Trial.objects.update(state="approved")


def test_an_app_pays_by_the_api(
    ask: Callable[..., Any], client: Client, stripe_sandbox: RunningSandbox
) -> None:
    ask(DECLINED_LATER)
    path = f"/api/v1/trials/{_trial().number}/"
    assert client.get(path).json()["due_now"] == {"amount": "54.90", "currency": "EUR"}
    headers = {"Referer": "http://testserver/"}

    start = client.post(f"{path}payment/", headers=headers).json()
    confirm(stripe_sandbox, "payment", start["intent_id"], start["client_secret"])
    paid = client.post(f"{path}payment/refresh/", headers=headers).json()

    assert (paid["pay_by"], paid["due_now"], paid["state"]) == (None, None, "requested")


def test_staff_see_what_waits_for_money_apart_from_what_to_approve(
    ask: Callable[..., Any],
) -> None:
    ask(ASKS_ALWAYS)
    works = Client()
    works.force_login(StaffFactory())
    number = _trial().number

    assert number in works.get("/console/trials/?state=unpaid").content.decode()
    assert number not in works.get("/console/trials/?state=requested").content.decode()
    page = works.get(f"/console/trials/{number}/").content.decode()
    assert f"/console/trials/{number}/approve/" not in page


def test_where_nothing_is_due_nothing_is_asked_for() -> None:
    publish_version(programme_slug="home", fee=Money(0, "EUR"), deposit=Money(0, "EUR"))
    trial = requested_trial(user=UserFactory())
    cancel_trial(trial_id=trial.pk, by=trial.user)

    assert not Payment.objects.exists()
    assert not OutboxMessage.objects.filter(topic="trials.give_back").exists()


def _broken() -> set[str]:
    return {each.name for each in all_invariants() if breaches(each)}


def test_the_books_of_a_trial_stand_the_audit_and_a_breach_is_found(
    ask: Callable[..., Any], client: Client
) -> None:
    client.get(ask()["Location"])
    _closed(_trial())
    _carry_out()
    Trial.objects.update(closed_at=timezone.now() - timedelta(hours=2))
    assert _broken() == set()

    Payment.objects.update(refunded=Money(0, "EUR"))
    assert (
        "A trial that is over has given back its deposit but what it paid, or all if it never left"
        in (_broken())
    )
