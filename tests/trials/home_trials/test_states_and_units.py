"""Whatever is done to trials, in whatever order: the units' books stay right."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from shop.customers.models import User
from shop.foundation.errors import LorgnetteError
from shop.foundation.history import can_move
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory, requested_trial
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services import journey, packing
from trials.home_trials.services.requests import approve_trial, cancel_trial, decline_trial
from trials.home_trials.states import MOVES, ItemOutcome
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit
from trials.units.errors import NothingFreeError
from trials.units.models import Grade, TrialUnit

FRAMES, UNITS_EACH = 2, 2


def _pack(trial: Trial, ops: User) -> None:
    for barcode in trial.items.filter(packed_at=None).values_list("unit__barcode", flat=True):
        packing.pack_unit(trial_id=trial.pk, barcode=barcode, by=ops)
    packing.finish_packing(trial_id=trial.pk, by=ops)


def _settle(trial: Trial, item: TrialItem, outcome: ItemOutcome, ops: User) -> None:
    """Settle an item by the act that does: what comes back is inspected, what is lost is said."""
    if outcome == ItemOutcome.LOST:
        journey.settle_item(item_id=item.pk, outcome=outcome, by=ops)
        return
    good = outcome == ItemOutcome.RETURNED
    finding, grade = (Finding.GOOD, Grade.B) if good else (Finding.DAMAGED, Grade.D)
    barcode = TrialUnit.objects.get(pk=item.unit_id).barcode
    check_in_unit(trial_id=trial.pk, barcode=barcode, finding=finding, grade=grade, by=ops)


ACTS: dict[str, Callable[[Trial, User], Any]] = {
    "approve": lambda trial, ops: approve_trial(trial_id=trial.pk, by=ops),
    "decline": lambda trial, ops: decline_trial(trial_id=trial.pk, by=ops, reason="no"),
    "cancel": lambda trial, ops: cancel_trial(trial_id=trial.pk, by=ops),
    "cancel as customer": lambda trial, ops: cancel_trial(trial_id=trial.pk, by=trial.user),
    "pack": _pack,
    "ship": lambda trial, ops: journey.mark_shipped(trial_id=trial.pk, by=ops),
    "deliver": lambda trial, ops: journey.mark_delivered(trial_id=trial.pk, at=timezone.now()),
    "return": lambda trial, ops: journey.mark_returning(trial_id=trial.pk, at=timezone.now()),
    "receive": lambda trial, ops: journey.mark_received(trial_id=trial.pk, by=ops),
    "close": lambda trial, ops: journey.close_trial(trial_id=trial.pk, by=ops),
}
WAY_HOME = ("approve", "pack", "ship", "deliver")


@pytest.fixture
def _locks_are_taken_in_the_order_of_the_law() -> None:
    """Not here: many acts share one transaction, which is undone before the next example."""


class TrialsAndUnits(RuleBasedStateMachine):
    """Few units, several trials, every act at every moment."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        ProgrammeVersionFactory()
        self.ops = User.objects.create(email="ops@lorgnette.example", is_staff=True, password="!")
        self.variants = [TrialUnitFactory().variant for _each in range(FRAMES)]
        for variant in self.variants:
            TrialUnitFactory.create_batch(UNITS_EACH - 1, variant=variant)
        self.trials: list[Trial] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def _try(self, name: str, trial: Trial) -> None:
        before = Trial.objects.get(pk=trial.pk).state
        try:
            ACTS[name](Trial.objects.get(pk=trial.pk), self.ops)
        except LorgnetteError:
            if name != "pack":
                assert Trial.objects.get(pk=trial.pk).state == before

    @rule()
    def place(self) -> None:
        taken = sum(trial.items.filter(holds_unit=True).exists() for trial in self.trials)
        user = User.objects.create(email=f"c{User.objects.count()}@lorgnette.example", password="!")
        try:
            with transaction.atomic():
                self.trials.append(requested_trial(user=user, variants=self.variants))
        except NothingFreeError:
            assert taken or self.trials

    @rule(act=st.sampled_from(sorted(ACTS)), which=st.integers(0, 9))
    def act(self, act: str, which: int) -> None:
        if self.trials:
            self._try(act, self.trials[which % len(self.trials)])

    @rule(which=st.integers(0, 9))
    def walk_home(self, which: int) -> None:
        if self.trials:
            for act in WAY_HOME:
                self._try(act, self.trials[which % len(self.trials)])

    @rule(
        which=st.integers(0, 9),
        item=st.integers(0, FRAMES - 1),
        outcome=st.sampled_from([ItemOutcome.RETURNED, ItemOutcome.DAMAGED, ItemOutcome.LOST]),
    )
    def settle(self, which: int, item: int, outcome: ItemOutcome) -> None:
        if self.trials:
            trial = self.trials[which % len(self.trials)]
            wanted = list(trial.items.order_by("variant_id"))[item]
            before = wanted.outcome, wanted.settled_at
            try:
                _settle(trial, wanted, outcome, self.ops)
            except LorgnetteError:
                wanted.refresh_from_db()
                assert (wanted.outcome, wanted.settled_at) == before

    @invariant()
    def the_books_are_right(self) -> None:
        for each in all_invariants():
            assert breaches(each) == [], each.name

    @invariant()
    def every_move_was_legal(self) -> None:
        for trial in self.trials:
            for move in trial.transitions.exclude(from_state=""):
                assert can_move(MOVES, move.from_state, move.to_state)


@pytest.mark.django_db
def test_no_order_of_acts_breaks_the_books() -> None:
    run_state_machine_as_test(
        TrialsAndUnits,
        settings=settings(
            max_examples=12,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
