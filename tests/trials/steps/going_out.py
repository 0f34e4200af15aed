"""Steps until a box is with its customer, and what she and the carrier say."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from shop.payments.models import Payment
from tests.trials.returns.trials_with_charges import (
    told,
)
from tests.trials.steps.trial import WITH_HER, Item
from tests.trials.steps.trial import Trial as Model
from tests.trials.steps.world import CUSTOMERS, UNITS, World, nothing
from trials.at_home.services.extending import extend_trial
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import add_parcel, close_manifest, open_manifest
from trials.fulfilment.services.picking import pick_unit, report_not_found
from trials.home_trials.models import Box, BoxItem, Trial, TrialItem
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.requests import (
    approve_trial,
    cancel_trial,
    decline_trial,
    place_trial,
)
from trials.reports.services import (
    keep_frame,
    report_broken,
    tell_sent_back,
    undo_keeping,
    undo_sent_back,
)
from trials.returns.services.losing import lose_parcel
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking
from trials.swaps.services import swap_frame


class GoingOut(World):
    """Placing, packing, sending and telling."""

    # What customers do.

    def place(self, who: int, mask: int) -> None:
        user = self.users[who % CUSTOMERS]
        wanted = [each for n, each in enumerate(self.variants) if mask >> n & 1]
        box = Box.objects.get_or_create(user=user)[0]
        box.items.all().delete()
        BoxItem.objects.bulk_create(BoxItem(box=box, variant=each) for each in wanted)
        busy = any(
            each.user == user.pk and each.state not in ("closed", "cancelled", "declined")
            for each in self.shop.trials.values()
        )
        free = all(self.shop.free(each.pk, user.pk) for each in wanted)

        def then(trial: Trial) -> None:
            items = []
            for item in trial.items.order_by("variant_id"):
                self.shop.reserve(item.unit_id, user.pk)
                items.append(Item(item.pk, item.variant_id, item.unit_id, item.price.amount))
            self.shop.trials[trial.number] = Model(user.pk, items)
            self.numbers.append(trial.number)

        self.attempt(
            bool(wanted) and free and not busy,
            lambda: place_trial(
                user=user,
                box_id=box.pk,
                address_id=self.address[user.pk],
                card_id=self.card[user.pk],
            ),
            then,
        )

    def pay_fee(self, trial: Trial, model: Model) -> None:
        payment = Payment.objects.get(purpose="trial", reference=trial.number)
        told(payment, "succeeded")
        model.paid = True

    def cancel(self, trial: Trial, model: Model, *, by_staff: bool = False) -> None:
        states = ("requested", "approved", "packed")
        again = model.called_off and not by_staff

        def then(_done: Any) -> None:
            if not again:
                self.shop.end(model, "cancelled")
                model.called_off = not by_staff

        self.attempt(
            model.state in states or again,
            lambda: cancel_trial(trial_id=trial.pk, by=self.manager if by_staff else trial.user),
            then,
        )

    def swap(self, trial: Trial, model: Model, which: int) -> None:
        item, row = self.item(model, which)
        wanted = self.variants[(which // 7) % len(UNITS)].pk
        legal = (
            model.is_swappable()
            and wanted not in [each.variant for each in model.items]
            and bool(self.shop.free(wanted, model.user))
        )

        def then(_swap: Any) -> None:
            old, item.variant = item.unit, wanted
            item.unit = TrialItem.objects.get(pk=row.pk).unit_id
            self.shop.reserve(item.unit, model.user)
            self.shop.let_go_of(old, missing=item.short)
            item.short = False

        self.attempt(
            legal,
            lambda: swap_frame(trial_id=trial.pk, item_id=row.pk, variant_id=wanted, by=trial.user),
            then,
        )

    def extend(self, trial: Trial, model: Model) -> None:
        now = timezone.now()
        waited_for = any(
            item.holds and item.open and variant == item.variant
            for item in model.items
            for user, variant in self.shop.line
            if not self.shop.held(user, variant)
        )
        legal = (
            model.state == "delivered"
            and model.charge_at is not None
            and model.charge_at > now
            and not model.extended
            and model.said_sent_at is None
            and not waited_for
        )
        self.attempt(
            legal,
            lambda: extend_trial(trial_id=trial.pk, by=trial.user),
            lambda _done: setattr(model, "extended", True),
        )

    def keep(self, trial: Trial, model: Model, which: int) -> None:
        item, row = self.item(model, which)
        self.attempt(
            model.state in WITH_HER and item.open and not model.turned,
            lambda: keep_frame(user=trial.user, number=trial.number, item_id=row.pk),
            lambda _told: setattr(item, "keeping", True),
        )

    def undo_keep(self, trial: Trial, model: Model, which: int) -> None:
        item, row = self.item(model, which)
        self.attempt(
            not (item.keeping and item.being_charged),
            lambda: undo_keeping(user=trial.user, number=trial.number, item_id=row.pk),
            lambda _told: setattr(item, "keeping", False),
        )

    def tell_broken(self, trial: Trial, model: Model, which: int) -> None:
        item, row = self.item(model, which)
        self.attempt(
            model.state in ("shipped", "delivered", "returning") and item.open and not model.turned,
            lambda: report_broken(
                user=trial.user, number=trial.number, item_id=row.pk, words="Hinge"
            ),
            nothing,
        )

    def tell_sent(self, trial: Trial, model: Model) -> None:
        self.attempt(
            model.state in ("shipped", "delivered"),
            lambda: tell_sent_back(user=trial.user, number=trial.number),
            lambda _told: setattr(model, "said_sent_at", model.said_sent_at or timezone.now()),
        )

    def untell_sent(self, trial: Trial, model: Model) -> None:
        row = Trial.objects.get(pk=trial.pk)
        over = row.charge_at is not None and row.charge_at <= timezone.now()
        here = model.state in ("shipped", "delivered") and model.parcel("return") == "labelled"

        def then(_done: Any) -> None:
            model.took_back = model.took_back or model.said_sent_at is not None
            model.said_sent_at = None

        self.attempt(
            model.said_sent_at is None or (here and not (over and model.took_back)),
            lambda: undo_sent_back(user=trial.user, number=trial.number),
            then,
        )

    # What staff do with a box that goes out.

    def approve(self, trial: Trial, model: Model) -> None:
        self.attempt(
            model.state == "requested" and model.paid,
            lambda: approve_trial(trial_id=trial.pk, by=self.manager),
            lambda _done: setattr(model, "state", "approved"),
        )

    def decline(self, trial: Trial, model: Model) -> None:
        self.attempt(
            model.state == "requested",
            lambda: decline_trial(trial_id=trial.pk, by=self.manager, reason="No"),
            lambda _done: self.shop.end(model, "declined"),
        )

    def batch(self) -> None:
        waiting = {
            number
            for number, each in self.shop.trials.items()
            if each.state == "approved" and each.batch is None
        }

        def then(batch: Any) -> None:
            (number,) = batch.totes.values_list("trial__number", flat=True)
            assert number in waiting
            self.shop.trials[number].batch = batch.pk
            if self.shop.trials[number].left_to_pick():
                self.shop.picking.add(batch.pk)

        self.attempt(bool(waiting), lambda: make_batch(count=1, by=self.manager), then)

    def pick(self, trial: Trial, model: Model, which: int, *, missing: bool = False) -> None:
        item, row = self.item(model, which)
        if model.batch is None:
            return
        # A batch that is picked goes on for what it is short of, and what came in a unit's place.
        fetched = model.batch not in self.shop.picking and model.all_fetched()
        worn = self.shop.units[item.unit].worn
        legal = not fetched and model.state == "approved" and not item.picked

        def then(_done: Any) -> None:
            if not missing:
                item.picked, item.short = True, False
            elif others := self.shop.free(item.variant, model.user):
                old, item.unit = item.unit, TrialItem.objects.get(pk=row.pk).unit_id
                assert item.unit in others
                self.shop.reserve(item.unit, model.user)
                self.shop.move(old, "repair" if worn else "lost")
                item.short = False
            else:
                item.short = True
            if not model.left_to_pick():
                self.shop.picking.discard(model.batch or 0)

        self.attempt(
            legal and not (item.packed if missing else worn),
            lambda: (report_not_found if missing else pick_unit)(
                batch_id=model.batch or 0, barcode=self.barcodes[item.unit], by=self.manager
            ),
            then,
        )

    def pack(self, trial: Trial, model: Model, which: int) -> None:
        item, _row = self.item(model, which)

        def then(_item: Any) -> None:
            item.packed, item.short = True, False
            self.shop.move(item.unit, "packed")

        self.attempt(
            model.state == "approved" and not item.packed and not self.shop.units[item.unit].worn,
            lambda: pack_unit(trial_id=trial.pk, barcode=self.barcodes[item.unit], by=self.manager),
            then,
        )

    def close_box(self, trial: Trial, model: Model) -> None:
        self.attempt(
            model.state == "approved"
            and all(item.packed for item in model.items)
            and not self.shop.is_worn(model),
            lambda: finish_packing(trial_id=trial.pk, by=self.manager),
            lambda _done: setattr(model, "state", "packed"),
        )

    def label(self, trial: Trial, model: Model) -> None:
        over = ("requested", "closed", "cancelled", "declined")
        self.attempt(
            model.state not in over,
            lambda: create_labels(trial_id=trial.pk, by=self.manager),
            lambda _labels: setattr(model, "labelled", True),
        )

    def hand_over(self, trial: Trial, model: Model) -> None:
        @transaction.atomic
        def act() -> None:
            manifest = open_manifest(carrier="built-in", by=self.manager)
            number = trial.shipments.filter(leg="outbound").values_list(
                "tracking_number", flat=True
            )
            scanned = number.first() or "NONE"
            add_parcel(manifest_id=manifest.pk, scanned=scanned, by=self.manager)
            close_manifest(manifest_id=manifest.pk, by=self.manager)

        self.attempt(
            model.state == "packed" and model.labelled and not self.shop.is_worn(model),
            act,
            lambda _done: self.shop.ship(model),
        )

    # What carriers say.

    def word(self, trial: Trial, model: Model, leg: str, status: str, *, minutes: int = 0) -> None:
        shipment = trial.shipments.filter(leg=leg).first()
        if shipment is None:
            return
        self.events += 1
        at = max(timezone.now() - timedelta(minutes=minutes), shipment.created_at)
        for _told_twice in range(2):
            record_tracking(
                tracking_number=shipment.tracking_number,
                carrier_event_id=f"word-{self.events}",
                status=status,
                occurred_at=at,
            )
        self.shop.told(model, leg, at, status)

    def lose(self, trial: Trial, model: Model, leg: str) -> None:
        shipment = trial.shipments.filter(leg=leg).first()
        if shipment is None:
            return
        parcel, inside = model.parcel(leg), [item for item in model.items if item.open]
        if leg == "outbound":
            legal = model.state == ("returning" if parcel == "sent_back" else "shipped")
        else:
            inside = [item for item in inside if not item.keeping]
            under_way = parcel in ("in_transit", "failed", "delivered")
            legal = model.state in ("delivered", "returning") and under_way
        again = leg in model.given_up
        self.attempt(
            again or (legal and bool(inside)),
            lambda: lose_parcel(
                tracking_number=shipment.tracking_number, by=self.manager, early=True
            ),
            lambda _claim: None if again else self.shop.lose(model, leg),
        )
