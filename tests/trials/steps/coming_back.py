"""Steps after a box was with its customer: what came back, what is owed, who is next."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from shop.foundation.errors import LorgnetteError
from shop.payments.links import payment_link, read_payment_token
from shop.payments.models import Refund
from tests.factories.trials import accepted_all
from tests.trials.returns.trials_with_charges import (
    payment_of,
    refused,
    told,
    went_through,
)
from tests.trials.steps.amounts import PAID, Charge
from tests.trials.steps.terms import DEPOSIT, LATE_RETURN
from tests.trials.steps.trial import AFTER_HER, Item
from tests.trials.steps.trial import Trial as Model
from tests.trials.steps.world import CUSTOMERS, UNITS, World, nothing, rows_print
from trials.home_trials.models import Trial
from trials.home_trials.services.paying import give_back
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.queries.charges import charged_after, has_arrived, is_coming_back
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit, finish_check_in
from trials.returns.services.correcting import correct_verdict
from trials.returns.services.keeping import charge_kept
from trials.returns.services.letting_go import waive_charge, write_off_charge
from trials.returns.services.noting import note_empty_box
from trials.returns.services.paying import note_link_opened
from trials.returns.services.refunding import refund_due_charge
from trials.returns.services.reminding import remind
from trials.shipping.models import Leg
from trials.units.models import Grade, TrialUnit, WaitlistEntry
from trials.units.services.counting import finish_count, scan_unit, start_count
from trials.units.services.promising import promise_all
from trials.units.services.tending import (
    put_away,
    put_back_on_shelf,
    retire_unit,
    send_to_repair,
)
from trials.units.services.waiting import join_waitlist, lapse_holds, leave_waitlist


def waited_for(trial: Trial, now: datetime) -> bool:
    """Tell whether a box is under way that the shop still waits for, or stands at its door."""
    # As it is now: a reminder moves the day.
    row = Trial.objects.select_related("programme_version").get(pk=trial.pk)
    until = charged_after(row)
    return is_coming_back(row) and (has_arrived(row) or (until is not None and until > now))


class ComingBack(World):
    """Checking in, charging, counting and waiting."""

    # What staff do with a box that came back.

    def check_in(self, trial: Trial, model: Model, which: int, finding: str) -> None:
        item, _row = self.item(model, which)
        charge = item.away_charge()
        in_time = False
        if charge is not None and (charge.state in PAID or charge.from_deposit):
            settled = self.charge_row(trial, item, charge).settled_at
            in_time = settled is not None and timezone.now() <= settled + LATE_RETURN
        self.attempt(
            self.shop.may_check_in(model, item, finding),
            lambda: check_in_unit(
                trial_id=trial.pk,
                barcode=self.barcodes[item.unit],
                finding=Finding(finding),
                grade=Grade.B if finding == "good" else Grade.D,
                by=self.manager,
            ),
            lambda _seen: self.shop.check_in(model, item, finding, in_time=in_time),
        )

    def correct(self, trial: Trial, model: Model, which: int, finding: str) -> None:
        """Correct a verdict: what is too late changes nothing, what is not is as the model has it.

        Whether a unit was moved since the model does not know.
        """
        item, _row = self.item(model, which)
        before, self.shop.now = rows_print(), timezone.now()
        try:
            correct_verdict(
                trial_id=trial.pk,
                barcode=self.barcodes[item.unit],
                finding=Finding(finding),
                grade=Grade.B if finding == "good" else Grade.D,
                reason="Slipped",
                by=self.manager,
            )
        except LorgnetteError:
            assert rows_print() == before, "refused, and done"
        else:
            self.shop.correct(model, item, finding)

    def check_in_a_strangers(self, trial: Trial, model: Model, which: int) -> None:
        unit = sorted(self.shop.units)[which % len(self.shop.units)]
        if unit not in [item.unit for item in model.items]:
            self.attempt(
                False,
                lambda: check_in_unit(
                    trial_id=trial.pk,
                    barcode=self.barcodes[unit],
                    finding=Finding.GOOD,
                    grade=Grade.B,
                    by=self.manager,
                ),
                nothing,
            )

    def empty_box(self, trial: Trial, model: Model) -> None:
        def then(_note: Any) -> None:
            if not model.said_empty:
                model.said_empty = True
                self.shop.receive(model)

        back = trial.shipments.filter(leg=Leg.RETURN).first()
        label = back.tracking_number if back is not None else ""
        here = model.state in AFTER_HER and not any(item.inspected for item in model.items)
        self.attempt(
            here and any(item.open for item in model.items),
            lambda: note_empty_box(trial_id=trial.pk, by=self.manager, label=label),
            then,
        )

    def finish(self, trial: Trial, model: Model) -> None:
        def then(_done: Any) -> None:
            self.shop.receive(model)
            self.shop.charge_kept(model)
            self.shop.close_if_settled(model)

        self.attempt(
            any(item.inspected for item in model.items),
            lambda: finish_check_in(trial_id=trial.pk, by=self.manager),
            then,
        )

    # What is owed.

    def remind(self, trial: Trial, _model: Model) -> None:
        remind(trial_id=trial.pk)

    def charge_kept(self, trial: Trial, model: Model) -> None:
        charge_kept(trial_id=trial.pk)
        self.shop.charge_kept(model)

    def charge(self, trial: Trial, model: Model) -> None:
        now = timezone.now()
        legal = (
            model.state in AFTER_HER
            and model.charge_at is not None
            and model.charge_at <= now
            and model.reminded_at is not None
            and model.reminded_at + timedelta(days=1) <= now
            # How long a box under way is waited for is the shop's to tell.
            and not waited_for(trial, now)
        )

        def then(_made: Any) -> None:
            for item in model.items:
                if item.open and item.holds and item.away_charge() is None:
                    item.charges["unreturned"] = Charge(item.price)

        self.attempt(legal, lambda: charge_unreturned(trial_id=trial.pk, by=self.manager), then)

    def card_pays(
        self,
        trial: Trial,
        model: Model,
        item: Item | None,
        charge: Charge,
        *,
        by_link: bool = False,
    ) -> None:
        if charge.kept_back:
            return
        payment = payment_of(self.charge_row(trial, item, charge))
        if by_link:
            token = payment_link(payment).rstrip("/").rpartition("/")[2]
            assert read_payment_token(token) == payment.pk
            note_link_opened(payment)
        told(payment, "succeeded")
        self.shop.now = timezone.now()
        if charge.state == "owed":
            charge.state, charge.paid = "paid", charge.amount
            if item is not None and charge is item.away_charge():
                self.shop.settle(item, "kept")
            self.shop.close_if_settled(model)
        elif charge.state not in PAID and not charge.was_stray:
            charge.stray, charge.was_stray = charge.amount, True

    def card_fails(self, trial: Trial, _model: Model, item: Item | None, charge: Charge) -> None:
        if charge.kept_back:
            return
        self.events += 1
        row = self.charge_row(trial, item, charge)
        refused(row, "insufficient_funds", failed_charge=f"ch_{self.events}")

    def let_off(
        self, trial: Trial, model: Model, item: Item | None, charge: Charge, *, state: str
    ) -> None:
        act = waive_charge if state == "waived" else write_off_charge
        row = self.charge_row(trial, item, charge)

        def then(_charge: Any) -> None:
            if charge.state == "owed":
                charge.state = state
                if state == "written_off":
                    charge.from_deposit = min(charge.amount, DEPOSIT - model.kept_deposit())
                if item is not None and charge is item.away_charge():
                    self.shop.settle(item, "lost")
                self.shop.close_if_settled(model)

        self.attempt(
            charge.state in ("owed", state),
            lambda: act(charge_id=row.pk, by=self.manager, reason="Kind"),
            then,
        )

    def refund(self) -> None:
        """Have workers ask for all that is due back, and let it go through."""
        for number, model in self.shop.trials.items():
            if model.paid:
                give_back(trial_id=Trial.objects.get(number=number).pk)
        for row in TrialCharge.objects.filter(refund_due__gt=0):
            refund_due_charge(charge_id=row.pk)
        for each in Refund.objects.filter(state="requested"):
            went_through(each)
        self.shop.refund()

    # What is done with units, and who waits for them.

    def tend(self, which: int, what: str) -> None:
        pk = sorted(self.shop.units)[which % len(self.shop.units)]
        unit = self.shop.units[pk]
        acts: dict[str, tuple[tuple[str, ...], Callable[[], Any], Callable[[Any], Any]]] = {
            "repair": (
                ("available", "inspection"),
                lambda: send_to_repair(unit_id=pk, by=self.manager),
                lambda _unit: self.shop.move(pk, "repair"),
            ),
            "shelve": (
                ("repair", "inspection"),
                lambda: put_back_on_shelf(unit_id=pk, grade=Grade.B, by=self.manager),
                lambda _unit: self.shop.mend(pk),
            ),
            "put away": (
                ("inspection",),
                lambda: put_away(barcode=self.barcodes[pk], by=self.manager),
                lambda _put: self.shop.shelve(pk),
            ),
            "retire": (
                ("available", "inspection", "repair", "lost"),
                lambda: retire_unit(unit_id=pk, by=self.manager, reason="Old"),
                lambda _unit: self.shop.move(pk, "retired"),
            ),
        }
        states, act, then = acts[what]
        self.attempt(unit.state in states and not (what == "put away" and unit.worn), act, then)

    def count(self, which: int, mask: int) -> None:
        variant = self.variants[which % len(UNITS)].pk
        count = start_count(variant_id=variant, by=self.manager)
        units = sorted(pk for pk, unit in self.shop.units.items() if unit.variant == variant)
        seen = [pk for n, pk in enumerate(units) if mask >> n & 1]
        for pk in seen:
            scan_unit(count_id=count.pk, barcode=self.barcodes[pk], by=self.manager)
        finish_count(count_id=count.pk, by=self.manager)
        accepted_all(count, by=self.manager)
        self.shop.counted(units, seen)

    def join(self, who: int, which: int) -> None:
        user, variant = self.users[who % CUSTOMERS], self.variants[which % len(UNITS)].pk
        waits = (user.pk, variant) in self.shop.line
        self.attempt(
            waits or not self.shop.free(variant, None),
            lambda: join_waitlist(user=user, variant_id=variant),
            lambda _entry: None if waits else self.shop.line.append((user.pk, variant)),
        )

    def leave(self, who: int, which: int) -> None:
        user, variant = self.users[who % CUSTOMERS], self.variants[which % len(UNITS)].pk
        leave_waitlist(user=user, variant_id=variant)
        self.shop.leave(user.pk, variant)

    def sweep(self) -> None:
        """Let the clock do what is due with lines."""
        due = WaitlistEntry.objects.filter(state="held", held_until__lte=timezone.now())
        over = list(due.order_by("pk").values_list("user_id", "variant_id"))
        lapse_holds()
        for user, variant in over:
            self.shop.lapse(user, variant)
        free = TrialUnit.objects.filter(state="available", held_for=None).order_by("uses", "pk")
        order = list(free.values_list("pk", flat=True))
        promise_all()
        for pk in order:
            self.shop.promise(pk)
