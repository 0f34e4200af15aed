"""A rule that asks for a deposit: she pays by a link, and her wish goes on; or is let go kindly."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.payments.links import payment_link
from shop.payments.models import LedgerEntry, Payment, Refund
from shop.payments.services.cards import finish_card_setup, start_card_setup
from shop.payments.services.charges import refresh_payment, start_payment
from tests.factories.shop import AddressFactory, SavedCardFactory, StaffFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory, filled_box
from tests.shop.payments.paying import ASKS_ALWAYS, VISA, answer_bank, confirm
from tests.shop.payments.sandbox.running import RunningSandbox
from tests.trials.risk.assessed import only_rule
from trials.home_trials.errors import AwaitsPaymentError
from trials.home_trials.models import Trial
from trials.home_trials.queries import unpaid_trials
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import (
    approve_trial,
    cancel_trial,
    cancel_unpaid,
    place_trial,
)
from trials.programme.services import publish_version
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.risk.models import RiskRule
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db(transaction=True)
DEPOSIT = Money("80.00", "EUR")


@pytest.fixture(autouse=True)
def _rules() -> None:
    ProgrammeVersionFactory()
    only_rule("new_customer", outcome="deposit", deposit=DEPOSIT)
    RiskRule.objects.update_or_create(
        kind="nothing_found", defaults={"active": True, "outcome": "approve"}
    )


@pytest.fixture
def wish(stripe_sandbox: RunningSandbox) -> Trial:
    """A wish of a new customer, on which the rules have decided."""
    user = UserFactory()
    start = start_card_setup(user=user)
    confirm(stripe_sandbox, "setup", start.intent_id, start.client_secret, VISA)
    card = finish_card_setup(user=user, setup_intent_id=start.intent_id)
    box = filled_box(user=user, variants=[TrialUnitFactory().variant])
    address = AddressFactory(user=user)
    place_trial(user=user, box_id=box.pk, address_id=address.pk, card_id=card.pk)
    _carry_out()
    return Trial.objects.get()


@pytest.fixture
def pay(stripe_sandbox: RunningSandbox) -> Callable[..., None]:
    """Pays what is asked for with a card typed in, as the page of the link does."""

    def with_card(method: str = VISA) -> None:
        payment = Payment.objects.get(purpose="trial_deposit")
        start = start_payment(payment_id=payment.pk)
        intent = confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret, method)
        if intent.get("next_action"):
            answer_bank(intent["next_action"]["redirect_to_url"]["url"])
        refresh_payment(payment_id=payment.pk)

    return with_card


def _carry_out() -> None:
    for _each in range(3):
        carry_out_due()


def _balance(account: str) -> Decimal:
    entries = LedgerEntry.objects.filter(account=account)
    return entries.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _subjects() -> list[str]:
    _carry_out()
    return [each.subject for each in mail.outbox]


def _broken() -> set[str]:
    return {each.name for each in all_invariants() if breaches(each)}


def test_what_she_asked_for_is_confirmed_before_a_deposit_is_asked_for(wish: Trial) -> None:
    asked_for, deposit = (each.subject for each in mail.outbox)
    assert f"We have your request for try-on box {wish.number}" in asked_for
    assert f"A deposit for your try-on box {wish.number}" in deposit


def test_she_is_asked_by_mail_and_page_and_the_wish_waits(wish: Trial, client: Client) -> None:
    payment = Payment.objects.get()
    assert (payment.purpose, payment.amount, payment.state) == ("trial_deposit", DEPOSIT, "created")
    assert (wish.state, wish.asked_deposit) == ("requested", DEPOSIT)
    assert wish.pay_by is not None
    assert timedelta(hours=47) < wish.pay_by - timezone.now() <= timedelta(hours=48)
    (asked,) = [each for each in mail.outbox if "A deposit for your try-on box" in each.subject]
    assert payment_link(payment) in asked.body
    assert "80.00" in asked.body
    with pytest.raises(AwaitsPaymentError):
        approve_trial(trial_id=wish.pk, by=StaffFactory())

    client.force_login(wish.user)
    page = client.get(f"/trials/{wish.number}/").content.decode()
    assert "80.00 to pay" in page
    assert "goes back to your card when all is settled" in page
    api = client.get(f"/api/v1/trials/{wish.number}/").json()
    assert api["due_now"] == api["asked_deposit"] == {"amount": "80.00", "currency": "EUR"}
    assert client.get(payment_link(payment)).status_code == 200


def test_by_the_api_she_pays_it_with_3d_secure_and_the_wish_goes_on(
    wish: Trial, client: Client, stripe_sandbox: RunningSandbox
) -> None:
    client.force_login(wish.user)
    path, headers = f"/api/v1/trials/{wish.number}/payment/", {"Referer": "http://testserver/"}
    start = client.post(path, headers=headers).json()
    intent = confirm(
        stripe_sandbox, "payment", start["intent_id"], start["client_secret"], ASKS_ALWAYS
    )
    answer_bank(intent["next_action"]["redirect_to_url"]["url"])
    paid = client.post(f"{path}refresh/", headers=headers).json()
    assert (paid["pay_by"], paid["due_now"]) == (None, None)

    assert [each for each in _subjects() if each.startswith("Thank you: the deposit")]
    assert Trial.objects.get().state == "approved"
    assert _balance("deposits") == -DEPOSIT.amount
    assert _broken() == set()


@pytest.mark.parametrize("what", ["another rule", "the shop"])
def test_paid_it_waits_for_a_person_where_one_is_wanted(
    what: str, wish: Trial, pay: Callable[..., None], client: Client
) -> None:
    decision = wish.risk_decision
    if what == "another rule":
        decision.reasons.append({**decision.reasons[0], "kind": "box_value", "outcome": "review"})
        decision.reasons[-1].pop("deposit")
    else:
        decision.rules = [each for each in decision.rules if each["kind"] != "nothing_found"]
    decision.save()
    client.force_login(StaffFactory())
    assert wish.number not in client.get(reverse("console:risk_queue")).content.decode()

    pay()
    _carry_out()

    assert Trial.objects.get().state == "requested"
    assert wish.number in client.get(reverse("console:risk_queue")).content.decode()


def test_unpaid_it_is_let_go_with_a_kind_word(wish: Trial) -> None:
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        (late,) = unpaid_trials(timezone.now())
        assert cancel_unpaid(trial_id=late, reason="Not paid in time")
        assert [each for each in _subjects() if "let the frames of your box" in each]
    assert "owe us nothing" in mail.outbox[-1].body
    assert Trial.objects.get().state == "cancelled"
    assert TrialUnit.objects.get().state == "available"
    assert Payment.objects.get().state == "canceled"


def test_what_was_paid_before_goes_back_when_the_deposit_is_not_paid(
    stripe_sandbox: RunningSandbox, request: pytest.FixtureRequest
) -> None:
    publish_version(programme_slug="home", fee=Money("4.90", "EUR"))
    wish: Trial = request.getfixturevalue("wish")
    assert not wish.asked_deposit.amount
    fee = Payment.objects.get()
    start = start_payment(payment_id=fee.pk)
    confirm(stripe_sandbox, "payment", start.intent_id, start.client_secret)
    refresh_payment(payment_id=fee.pk)
    _carry_out()
    assert Trial.objects.get().asked_deposit == DEPOSIT

    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        assert cancel_unpaid(trial_id=wish.pk, reason="Not paid in time")
        _carry_out()
    assert "4.90 goes back" in mail.outbox[-1].body or "4.90 goes back" in mail.outbox[-2].body
    assert [each.amount for each in Refund.objects.all()] == [fee.amount]
    assert (_balance("deposits"), _balance("trial_fees"), _balance("stripe")) == (0, 0, 0)


def test_cancelled_it_goes_back_whole(wish: Trial, pay: Callable[..., None]) -> None:
    pay()
    cancel_trial(trial_id=wish.pk, by=wish.user)
    _carry_out()
    assert [each.amount for each in Refund.objects.all()] == [DEPOSIT]
    assert _balance("deposits") == _balance("stripe") == 0


def test_money_that_comes_after_the_end_goes_back(wish: Trial, pay: Callable[..., None]) -> None:
    start_payment(payment_id=Payment.objects.get().pk)
    cancel_trial(trial_id=wish.pk, by=wish.user)
    pay()
    _carry_out()
    assert [each.amount for each in Refund.objects.all()] == [DEPOSIT]
    assert _balance("deposits") == _balance("stripe") == 0


def test_at_the_end_it_goes_back_once_and_the_audit_sees_where_it_did_not(
    wish: Trial, pay: Callable[..., None]
) -> None:
    pay()
    _carry_out()
    _closed(Trial.objects.get())
    _carry_out()
    assert [each.amount for each in Refund.objects.all()] == [DEPOSIT]
    assert _balance("deposits") == _balance("stripe") == 0
    Trial.objects.update(closed_at=timezone.now() - timedelta(hours=2))
    assert _broken() == set()

    Payment.objects.update(refunded=Money(0, "EUR"))
    assert (
        "A trial that is over has given back its deposit but what it paid, or all if it never left"
        in _broken()
    )


def test_of_several_rules_the_highest_deposit_counts_and_none_is_nothing(wish: Trial) -> None:
    rule, _made = RiskRule.objects.update_or_create(
        kind="box_value",
        defaults={
            "active": True,
            "outcome": "deposit",
            "threshold": 1,
            "deposit": Money("120.00", "EUR"),
        },
    )
    user = UserFactory()
    box = filled_box(user=user, variants=[TrialUnitFactory().variant])
    other = place_trial(
        user=user, box_id=box.pk, address_id=AddressFactory(user=user).pk, card_id=_card_of(user)
    )
    _carry_out()
    other.refresh_from_db()
    assert other.asked_deposit == Money("120.00", "EUR")
    with pytest.raises(IntegrityError):
        RiskRule.objects.filter(pk=rule.pk).update(deposit=Money("0.10", "EUR"))


def _card_of(user: User) -> int:
    return int(SavedCardFactory(user=user).pk)


def _closed(trial: Trial) -> None:
    ops = StaffFactory()
    assert trial.state == "approved"
    (barcode,) = trial.items.values_list("unit__barcode", flat=True)
    pack_unit(trial_id=trial.pk, barcode=barcode, by=ops)
    finish_packing(trial_id=trial.pk, by=ops)
    mark_shipped(trial_id=trial.pk, by=ops)
    mark_delivered(trial_id=trial.pk, at=timezone.now())
    check_in_unit(trial_id=trial.pk, barcode=barcode, finding="good", grade="A", by=ops)
    finish_check_in(trial_id=trial.pk, by=ops)
    assert Trial.objects.get().state == "closed"
