"""Whatever customers, banks, staff and the clock do about charges: ledger and charges agree."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from djmoney.money import Money
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from shop.customers.roles import ensure_roles
from shop.foundation.errors import LorgnetteError
from shop.payments.models import LedgerEntry, Payment, Refund
from tests.factories.shop import ManagerFactory
from tests.trials.returns.trials_with_charges import (
    broken,
    overdue_trial,
    payment_of,
    refused,
    terms,
    told,
    went_through,
)
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.queries.charges import attempts_due
from trials.returns.services.asking import ask_attempt
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.letting_go import waive_charge, write_off_charge
from trials.returns.services.refunding import decide_refund, refund_due_charge
from trials.returns.states import PAID
from trials.units.models import Grade

FRAMES = 2
CAP = Money("5.00", "EUR")
Act = Callable[["Charges", TrialCharge], Any]
ACTS: dict[str, Act] = {
    "her card pays": lambda it, charge: it.bank(charge, "succeeded"),
    "her card is refused": lambda it, charge: it.bank(charge, "requires_payment_method"),
    "Stripe gives the payment up": lambda it, charge: it.bank(charge, "canceled"),
    "a manager waives": lambda it, charge: waive_charge(
        charge_id=charge.pk, by=it.manager, reason="Goodwill"
    ),
    "a manager writes off": lambda it, charge: write_off_charge(
        charge_id=charge.pk, by=it.manager, reason="Never paid"
    ),
    "it comes back": lambda it, charge: it.comes_back(charge, Finding.GOOD),
    "it comes back broken": lambda it, charge: it.comes_back(charge, Finding.DAMAGED),
    "the box is checked in": lambda it, _charge: finish_check_in(
        trial_id=it.trial.pk, by=it.manager
    ),
    "the worker asks for what is due back": lambda _it, charge: refund_due_charge(
        charge_id=charge.pk
    ),
    "a manager gives a part back": lambda it, charge: decide_refund(
        charge_id=charge.pk, by=it.manager, amount=Money("7.00", "EUR"), reason="Kind"
    ),
    "a manager gives nothing back": lambda it, charge: decide_refund(
        charge_id=charge.pk, by=it.manager, amount=Money(0, "EUR"), reason="No"
    ),
    "a refund goes through": lambda _it, charge: _settle(charge, "requested", "succeeded"),
    "a refund fails": lambda _it, charge: _settle(charge, "requested", "failed"),
    "a refund comes back from the bank": lambda _it, charge: _settle(charge, "succeeded", "failed"),
    "the payer disputes": lambda _it, charge: Payment.objects.filter(
        pk=payment_of(charge).pk
    ).update(dispute="open"),
    "the dispute is won": lambda _it, charge: Payment.objects.filter(
        pk=payment_of(charge).pk
    ).update(dispute="won"),
}


def _settle(charge: TrialCharge, state: str, to: str) -> None:
    refund = Refund.objects.filter(payment=payment_of(charge), state=state).first()
    if refund is not None:
        went_through(refund, to)


@pytest.fixture
def _locks_are_taken_in_the_order_of_the_law() -> None:
    """Not here: many acts share one transaction, which is undone before the next example."""


class Charges(RuleBasedStateMachine):
    """A trial of which every frame stayed away and was charged."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.traveller = self.clock.start()
        ensure_roles()
        self.manager = ManagerFactory()
        self.tries = 0
        self.trial: Trial = terms(
            overdue_trial(frames=FRAMES),
            late_return_days=20,
            late_return_percent=80,
            late_fee=Money("2.00", "EUR"),
            late_fee_cap=CAP,
        )
        charge_unreturned(trial_id=self.trial.pk)

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def bank(self, charge: TrialCharge, status: str) -> None:
        self.tries += 1
        if status == "requires_payment_method":
            refused(charge, "insufficient_funds", failed_charge=f"ch_{self.tries}")
        else:
            told(payment_of(charge), status)

    def comes_back(self, charge: TrialCharge, finding: Finding) -> None:
        if charge.item is not None:
            check_in_unit(
                trial_id=self.trial.pk,
                barcode=charge.item.unit.barcode,
                finding=finding,
                grade=Grade.D if finding == Finding.DAMAGED else Grade.B,
                by=self.manager,
            )

    @rule(act=st.sampled_from(sorted(ACTS)), which=st.integers(0, FRAMES))
    def something_happens(self, act: str, which: int) -> None:
        charges = list(
            self.trial.charges.select_related("item__unit").order_by("purpose", "created_at", "pk")
        )
        charge = charges[which % len(charges)]
        try:
            ACTS[act](self, charge)
        except (LorgnetteError, Payment.DoesNotExist):
            # Refused, and so nothing may have changed, which the laws below see.
            return

    @rule(days=st.sampled_from([1, 3, 10, 30]))
    def days_pass(self, days: int) -> None:
        self.traveller.shift(timedelta(days=days))
        for attempt_id in attempts_due(timezone.now()):
            ask_attempt(attempt_id=attempt_id)

    @invariant()
    def the_audit_is_clean(self) -> None:
        assert broken() == set()

    @invariant()
    def the_ledger_has_what_charges_say(self) -> None:
        booked = dict(LedgerEntry.objects.order_by().values_list("account").annotate(Sum("amount")))
        kept = Decimal(0)
        late = TrialCharge.objects.filter(purpose=TrialCharge.Purpose.LATE)
        fees = _of_let_go(late)
        frames = _of_let_go(TrialCharge.objects.exclude(pk__in=late))
        for charge in self.trial.charges.filter(state__in=PAID):
            left = charge.amount.amount - charge.refunded.amount
            if charge.purpose == TrialCharge.Purpose.LATE:
                fees += left
                paid = Payment.objects.filter(reference=str(charge.pk), state="succeeded")
                kept += left if not paid.exists() else 0
            else:
                frames += left
        assert -booked.get("late_fees", Decimal(0)) == fees
        assert -booked.get("unreturned", Decimal(0)) == frames - kept
        assert booked.get("stripe", Decimal(0)) == frames + fees - kept

    @invariant()
    def no_fee_is_above_the_cap(self) -> None:
        assert all(fee.amount <= CAP for fee in self.trial.charges.filter(purpose="late"))


def _of_let_go(charges: QuerySet[TrialCharge]) -> Decimal:
    """Return what was paid for charges let go at that moment, and is not back with her yet."""
    gone = charges.exclude(state__in=PAID).values_list("pk", flat=True)
    references = [str(pk) for pk in gone]
    paid = Payment.objects.filter(reference__in=references, state="succeeded")
    back = Refund.objects.filter(payment__in=paid, state="succeeded")
    total = paid.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    return Decimal(total) - Decimal(back.aggregate(total=Sum("amount"))["total"] or 0)


def _run(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Charges,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_no_order_of_acts_parts_the_ledger_from_the_charges() -> None:
    _run(examples=12, steps=15)


@pytest.mark.soak
@pytest.mark.django_db
def test_no_order_of_very_many_acts_does() -> None:
    _run(examples=300, steps=40)
