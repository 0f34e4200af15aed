"""Swapping a frame: the new unit is reserved before the old one is let go, in one transaction."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.services import customer, record, staff
from shop.catalogue.models import Variant
from shop.catalogue.queries import early_frames
from shop.customers.models import User
from shop.foundation.locks import lock_row
from trials.home_trials.errors import NotForTrialError
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.limits import check_box
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.replacing import goes_when_let_go
from trials.swaps.checks import check_swap
from trials.swaps.errors import InTrialAlreadyError, SwappedMeanwhileError
from trials.swaps.models import FrameSwap
from trials.swaps.queries import check_swappable, item_of
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit
from trials.units.services.moving import move_unit
from trials.units.services.reserving import reserve_units

SWAPPED = gettext_noop("Swapped for another frame before it was packed.")


def swap_frame(
    *,
    trial_id: uuid.UUID,
    item_id: uuid.UUID,
    variant_id: int,
    by: User,
    instead_of_id: int | None = None,
) -> FrameSwap:
    """Swap one frame of a trial for another, at the price that one costs now.

    Its customer is written to where somebody of staff does it for her.

    Args:
        trial_id: requested or approved, and in no pick batch.
        item_id: the frame to give back.
        variant_id: the one to try instead; what is held for the trial's customer is hers to take.
        by: its customer, or who of staff does it for her.
        instead_of_id: the variant she saw in the box; nothing for whatever it is.

    Returns:
        The swap, with what the item was and is now.

    Raises:
        CannotSwapError: the box is being picked already, or the trial is further on or over.
        ItemMissingError: the trial has no such frame.
        InTrialAlreadyError: the new one is in the box already.
        SwappedMeanwhileError: the frame is another by now than she saw.
        NotForTrialError: the new one is not shown in the shop.
        BoxTooDearError: the box would be worth more than its programme sends at once.
        LorgnetteError: whatever a higher room has against a swap that she asks for (``checks``).
        NothingFreeError: no unit of the new one is free; the box stays as it is.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "programme_version"))
        check_swappable(trial)
        item_of(trial, item_id)
        item = lock_row(TrialItem, item_id, related=("variant__frame",))
        wanted = _wanted(variant_id, trial)
        _check_contents(trial, item, wanted, by)
        if instead_of_id not in (None, item.variant_id):
            raise SwappedMeanwhileError(
                _("%(frame)s is in its place by now. Look at the box, and choose again.")
                % {"frame": item.variant}
            )
        old = lock_row(TrialUnit, item.unit_id)
        swap = FrameSwap(
            item=item,
            variant_before=item.variant,
            unit_before=old,
            price_before=item.price,
            variant_after=wanted,
            unit_after_id=_reserve(trial, wanted, old, by),
            price_after=wanted.price,
            by=by,
        )
        item.variant, item.unit_id, item.price = wanted, swap.unit_after_id, wanted.price
        missing, item.not_found_at = item.not_found_at is not None, None
        item.save(update_fields=["variant", "unit", "price", "price_currency", "not_found_at"])
        swap.save(force_insert=True)
        # What nobody found on its shelf is not there for others, nor what was graded D meanwhile.
        goes, _why = goes_when_let_go(old, missing=missing)
        move_unit(unit=old, to_state=goes, by=by, reason=SWAPPED, trial=trial)
        event = record(
            EventName.FRAME_SWAPPED,
            key=f"{EventName.FRAME_SWAPPED}:{swap.pk}",
            subject=("trial_item", item.pk),
            person=customer(by) if by.pk == trial.user_id else staff(by),
            occurred_at=swap.at,
            details={
                "trial": str(trial.pk),
                "customer": str(trial.user_id),
                "from": swap.variant_before_id,
                "to": swap.variant_after_id,
            },
        )
        if by.pk != trial.user_id:
            mail_customer(
                "trial_frame_swapped",
                trial,
                fact=swap.pk,
                caused_by=event,
                before=str(swap.variant_before),
                after=str(swap.variant_after),
            )
        return swap


def _wanted(variant_id: int, trial: Trial) -> Variant:
    variant = Variant.objects.select_related("frame").filter(pk=variant_id, active=True).first()
    if variant is None or not (
        variant.frame.published or early_frames(trial.user, [variant.frame_id])
    ):
        raise NotForTrialError(
            _("This frame is no longer in the shop. Choose another."), variants=[variant_id]
        )
    return variant


def _check_contents(trial: Trial, item: TrialItem, wanted: Variant, by: User) -> None:
    items = list(trial.items.all())
    if wanted.pk in {each.variant_id for each in items}:
        raise InTrialAlreadyError(_("%(frame)s is in the box already.") % {"frame": wanted})
    others = [each.price for each in items if each.pk != item.pk]
    after = [*others, wanted.price]
    check_box(after, trial.programme_version)
    if by.pk == trial.user_id:
        # Who of staff does it for her has looked.
        check_swap(trial, before=[each.price for each in items], after=after)


def _reserve(trial: Trial, wanted: Variant, old: TrialUnit, by: User) -> int:
    try:
        units = reserve_units(
            variant_ids=[wanted.pk],
            trial_id=trial.pk,
            by=by,
            customer=trial.user,
            letting_go=[old.variant_id],
        )
    except NothingFreeError as error:
        raise NothingFreeError(
            _("No trial pair of %(frame)s is available at the moment. The box stays as it is.")
            % {"frame": wanted},
            variants=[wanted.pk],
        ) from error
    return units[wanted.pk]
