"""Whatever customers, staff, carriers, banks and the clock do to trials, in whatever order.

A model says what may be done and what comes of it: states, stock and money agree after each step,
what is refused is refused by an error of the house and changes nothing, and the audit is clean.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from shop.payments.models import LedgerEntry
from tests.trials.steps.amounts import Charge
from tests.trials.steps.coming_back import ComingBack
from tests.trials.steps.damage import Damage
from tests.trials.steps.going_out import GoingOut
from tests.trials.steps.model import GOES
from tests.trials.steps.trial import Item
from tests.trials.steps.trial import Trial as Model
from tests.trials.steps.worn import Worn
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.units.models import TrialUnit, WaitlistEntry

STATUSES = ["labelled", "in_transit", "failed", "sent_back", "delivered"]
OF_THE_SHOP: dict[str, Callable[["Steps", int, int], None]] = {
    "place": lambda it, who, n: it.place(who, n),
    "batch": lambda it, _which, _n: it.batch(),
    "refunds": lambda it, _which, _n: it.refund(),
    "repair": lambda it, which, _n: it.tend(which, "repair"),
    "shelve": lambda it, which, _n: it.tend(which, "shelve"),
    "put away": lambda it, which, _n: it.tend(which, "put away"),
    "retire": lambda it, which, _n: it.tend(which, "retire"),
    "count": lambda it, which, n: it.count(which, n),
    "join": lambda it, who, n: it.join(who, n),
    "leave": lambda it, who, n: it.leave(who, n),
    "days": lambda it, _which, n: it.let_days_pass((1, 3, 10, 30)[n % 4]),
    "sweep": lambda it, _which, _n: it.sweep(),
}
OF_A_TRIAL: dict[str, Callable[["Steps", Trial, Model, int], None]] = {
    "pay fee": lambda it, trial, model, _n: it.pay_fee(trial, model),
    "approve": lambda it, trial, model, _n: it.approve(trial, model),
    "decline": lambda it, trial, model, _n: it.decline(trial, model),
    "cancel": lambda it, trial, model, n: it.cancel(trial, model, by_staff=bool(n % 2)),
    "swap": lambda it, trial, model, n: it.swap(trial, model, n),
    "pick": lambda it, trial, model, n: it.pick(trial, model, n),
    "not on shelf": lambda it, trial, model, n: it.pick(trial, model, n, missing=True),
    "pack": lambda it, trial, model, n: it.pack(trial, model, n),
    "grade D": lambda it, _trial, model, n: it.grade(model, n, worn=True),
    "grade B": lambda it, _trial, model, n: it.grade(model, n, worn=False),
    "take another": lambda it, trial, model, n: it.take_another(trial, model, n),
    "worn": lambda it, trial, model, n: it.is_graded_d(trial, model, n),
    "close box": lambda it, trial, model, _n: it.close_box(trial, model),
    "label": lambda it, trial, model, _n: it.label(trial, model),
    "hand over": lambda it, trial, model, _n: it.hand_over(trial, model),
    "word out": lambda it, trial, model, n: it.word(
        trial, model, "outbound", STATUSES[n % 5], minutes=n
    ),
    "word back": lambda it, trial, model, n: it.word(
        trial, model, "return", STATUSES[n % 5], minutes=n
    ),
    "lose": lambda it, trial, model, n: it.lose(trial, model, ("outbound", "return")[n % 2]),
    "extend": lambda it, trial, model, _n: it.extend(trial, model),
    "keep": lambda it, trial, model, n: it.keep(trial, model, n),
    "do not keep": lambda it, trial, model, n: it.undo_keep(trial, model, n),
    "tell broken": lambda it, trial, model, n: it.tell_broken(trial, model, n),
    "tell sent": lambda it, trial, model, _n: it.tell_sent(trial, model),
    "not sent yet": lambda it, trial, model, _n: it.untell_sent(trial, model),
    "check in": lambda it, trial, model, n: it.check_in(trial, model, n, sorted(GOES)[n // 3 % 3]),
    "correct": lambda it, trial, model, n: it.correct(trial, model, n, sorted(GOES)[n // 3 % 3]),
    "check in a stranger's": lambda it, trial, model, n: it.check_in_a_strangers(trial, model, n),
    "empty box": lambda it, trial, model, _n: it.empty_box(trial, model),
    "finish": lambda it, trial, model, _n: it.finish(trial, model),
    "remind": lambda it, trial, model, _n: it.remind(trial, model),
    "charge kept": lambda it, trial, model, _n: it.charge_kept(trial, model),
    "go on": lambda it, trial, _model, n: it.go_on(it.numbers.index(trial.number), n % 4 + 1),
    "fall due": lambda it, trial, model, _n: it.fall_due(trial, model),
    "charge": lambda it, trial, model, _n: it.charge(trial, model),
    "damage due": lambda it, trial, model, n: it.damage_falls_due(trial, model, n),
}
OF_DAMAGE: dict[str, Callable[["Steps", Trial, Model, Item], None]] = {
    "accept": lambda it, *damage: it.accept(*damage),
    "object": lambda it, *damage: it.object(*damage),
    "waive damage": lambda it, *damage: it.waive_damage(*damage),
    "unanswered": lambda it, *damage: it.unanswered(*damage),
}
OF_A_CHARGE: dict[str, Callable[["Steps", Trial, Model, Item | None, Charge], None]] = {
    "card pays": lambda it, *charge: it.card_pays(*charge),
    "paid by link": lambda it, *charge: it.card_pays(*charge, by_link=True),
    "card fails": lambda it, *charge: it.card_fails(*charge),
    "waive": lambda it, *charge: it.let_off(*charge, state="waived"),
    "write off": lambda it, *charge: it.let_off(*charge, state="written_off"),
}
# What leads on is tried more often, and what few trials are ready for at any moment.
STEPS = [
    *OF_THE_SHOP,
    *OF_A_TRIAL,
    *3 * [*OF_A_CHARGE, *OF_DAMAGE],
    *3 * ["go on", "check in", "correct", "lose", "batch", "swap", "worn"],
]
# How long the soak goes on.
SOAK_EXAMPLES = int(os.environ.get("SOAK_EXAMPLES", "400"))
SOAK_STEPS = int(os.environ.get("SOAK_STEPS", "60"))


@pytest.fixture
def _locks_are_taken_in_the_order_of_the_law() -> None:
    """Not here: many steps share one transaction, which is undone before the next example."""


class Steps(GoingOut, Worn, ComingBack, Damage):
    """Every step at any moment."""

    @initialize(hour=st.integers(0, 23))
    def begin_with_three_trials(self, hour: int) -> None:
        # Whether a day is over for her is another matter at noon than in the night.
        self.traveller.shift(timedelta(hours=hour))
        # One is asked for, two are at home.
        self.place(0, 0b001)
        for who, wanted, steps in ((1, 0b011, 8), (2, 0b100, 7)):
            # In a known order, or an example could not be told again.
            self.traveller.shift(timedelta(seconds=1))
            self.place(who, wanted)
            self.go_on(who, steps)

    def go_on(self, which: int, times: int) -> None:
        """Do what comes next of a trial, so that few steps lead far."""
        number = self.numbers[which % len(self.numbers)]
        for _each in range(times):
            self.traveller.shift(timedelta(seconds=1))
            trial, model = Trial.objects.get(number=number), self.shop.trials[number]
            left = [n for n, each in enumerate(model.items) if not each.packed]
            out = [n for n, each in enumerate(model.items) if not each.inspected]
            if model.state == "requested":
                (self.approve if model.paid else self.pay_fee)(trial, model)
            elif model.state == "approved" and left:
                self.pack(trial, model, left[0])
            elif model.state == "approved":
                self.close_box(trial, model)
            elif model.state == "packed":
                (self.hand_over if model.labelled else self.label)(trial, model)
            elif model.state == "shipped":
                self.word(trial, model, "outbound", "delivered")
            elif model.state == "delivered" and len(out) == len(model.items):
                self.word(trial, model, "return", "in_transit")
            elif out:
                self.check_in(trial, model, out[0], "good")
            else:
                self.finish(trial, model)
            self.note_days(trial, model)

    def is_graded_d(self, trial: Trial, model: Model, n: int) -> None:
        """Grade what a box holds D and let it go at once: few such boxes come so far."""
        self.grade(model, n, worn=True)
        ways: list[Callable[[], None]] = [
            lambda: self.take_another(trial, model, n),
            lambda: self.pick(trial, model, n, missing=True),
            lambda: self.cancel(trial, model, by_staff=True),
            lambda: self.swap(trial, model, n),
        ]
        ways[n % len(ways)]()

    @rule(step=st.sampled_from(STEPS), which=st.integers(0, 9), n=st.integers(0, 41))
    def something_happens(self, step: str, which: int, n: int) -> None:
        self.traveller.shift(timedelta(seconds=1))
        self.shop.now = timezone.now()
        if step in OF_THE_SHOP:
            OF_THE_SHOP[step](self, which, n)
            return
        number = self.numbers[-1 - which % len(self.numbers)]
        trial, model = Trial.objects.get(number=number), self.shop.trials[number]
        if step in OF_A_TRIAL:
            OF_A_TRIAL[step](self, trial, model, n)
        elif step in OF_DAMAGE:
            damaged = [item for item in model.items if item.proposal]
            if damaged:
                OF_DAMAGE[step](self, trial, model, damaged[n % len(damaged)])
        elif charges := charges_of(model):
            OF_A_CHARGE[step](self, trial, model, *charges[n % len(charges)])
        self.note_days(trial, model)

    def let_days_pass(self, days: int) -> None:
        self.traveller.shift(timedelta(days=days))
        self.shop.now = timezone.now()

    def fall_due(self, trial: Trial, model: Model) -> None:
        """Let a box stay away for so long that its frames are charged, at once: few come so far."""
        self.let_days_pass(12)
        self.remind(trial, model)
        self.let_days_pass(2)
        self.note_days(trial, model)
        self.charge(trial, model)

    @invariant()
    def states_stock_and_money_agree(self) -> None:
        shop, found = self.shop, {each.number: each for each in Trial.objects.all()}
        assert {number: each.state for number, each in found.items()} == {
            number: each.state for number, each in shop.trials.items()
        }
        units = TrialUnit.objects.values_list("pk", "state", "held_for__user_id")
        assert {pk: (state, user) for pk, state, user in units} == {
            pk: (unit.state, unit.held_for) for pk, unit in shop.units.items()
        }
        waits = WaitlistEntry.objects.filter(ended_at=None).order_by("joined_at")
        assert list(waits.values_list("user_id", "variant_id")) == shop.line
        charges: dict[Any, Any] = {}
        for each in TrialCharge.objects.all():
            charges[each.item_id or each.trial_id, each.purpose] = (
                each.state,
                each.amount.amount,
                each.refunded.amount,
            )
        proposals = {
            each.inspection.item_id: (each.state, each.amount.amount, each.answer_until)
            for each in ChargeProposal.objects.select_related("inspection")
        }
        for number, model in shop.trials.items():
            rows = {row.pk: row for row in found[number].items.all()}
            assert len(rows) == len(model.items)
            for item in model.items:
                row = rows[item.row]
                assert (row.variant_id, row.unit_id, row.outcome) == (
                    item.variant,
                    item.unit,
                    item.outcome,
                )
                assert (row.settled_at is None, row.holds_unit) == (item.open, item.holds)
                for purpose, charge in item.charges.items():
                    expected = (charge.state, charge.amount, charge.refunded)
                    assert charges.pop((row.pk, purpose)) == expected
                if told := item.proposal:
                    expected_of_it = (told.state, told.amount, told.answer_until)
                    assert proposals.pop(row.pk) == expected_of_it
            if late := model.late:
                expected = (late.state, late.amount, late.refunded)
                assert charges.pop((found[number].pk, "late")) == expected
        assert charges == {}
        assert proposals == {}
        booked = LedgerEntry.objects.filter(account=LedgerEntry.Account.STRIPE)
        assert (booked.aggregate(sum=Sum("amount"))["sum"] or 0) == shop.money()


def charges_of(model: Model) -> list[tuple[Item | None, Charge]]:
    """Return what is or was owed of a trial, with the frame it is for."""
    charges: list[tuple[Item | None, Charge]] = [
        (item, each) for item in model.items for each in item.charges.values()
    ]
    return charges + ([(None, model.late)] if model.late else [])


def _run(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Steps,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_no_order_of_steps_parts_states_stock_and_money() -> None:
    _run(examples=10, steps=25)


@pytest.mark.soak
@pytest.mark.django_db
def test_no_long_order_of_steps_does() -> None:
    _run(examples=SOAK_EXAMPLES, steps=SOAK_STEPS)
