"""Asking for a trial, and saying yes or no to it."""

import uuid
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.queries import last_touch
from shop.analytics.services import SHOP, customer, staff
from shop.catalogue.models import Variant
from shop.catalogue.queries import early_frames
from shop.customers.models import Address, User
from shop.foundation.history import move
from shop.foundation.locks import lock_name, lock_row, lock_rows
from shop.foundation.outbox import news, publish
from shop.payments.models import SavedCard
from trials.home_trials.errors import (
    AddressUnknownError,
    BoxEmptyError,
    CannotCancelError,
    CardUnknownError,
    NotForTrialError,
    TermsChangedError,
)
from trials.home_trials.models import Box, Trial, TrialItem, TrialTransition
from trials.home_trials.numbers import new_number
from trials.home_trials.services.boxes import record_box_filled
from trials.home_trials.services.facts import record_trial, tell_to_decide
from trials.home_trials.services.holding import ask_for_hold, end_holds
from trials.home_trials.services.limits import check_box, check_customer
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.paying import (
    ask_for_payment,
    check_paid,
    settle_what_was_paid,
    what_was_paid,
)
from trials.home_trials.states import MOVES, OPEN, TrialState
from trials.programme.models import ProgrammeVersion
from trials.programme.queries import current_version
from trials.programme.terms import terms_of
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit
from trials.units.services.moving import move_units
from trials.units.services.reserving import reserve_units
from trials.units.states import UnitState

CANCELLED = "trials.cancelled"
news(CANCELLED)
# How far a customer may still turn back by herself; what is packed only ops can stop.
CANCELLED_BY_CUSTOMER = frozenset({TrialState.REQUESTED, TrialState.APPROVED})


@dataclass(frozen=True)
class _Contents:
    box: Box
    variants: list[Variant]


def place_trial(
    *,
    user: User,
    box_id: uuid.UUID,
    address_id: int,
    card_id: int,
    wish: uuid.UUID | None = None,
    version_id: int | None = None,
) -> Trial:
    """Turn a box into a trial: reserve one unit of each frame, or none at all.

    Args:
        user: the customer, whose box, address and card it must be.
        box_id: what she wants to try.
        address_id: where it goes.
        card_id: what a frame that does not come back is charged to.
        wish: names this very wish, so that a form sent twice gives one trial.
        version_id: the terms she was shown; not checked if not given.

    Returns:
        The trial, requested; with a ``wish`` that came before, the trial it became.

    Raises:
        BoxEmptyError: nothing is in the box.
        BoxFullError: more is in it than the programme allows.
        NotForTrialError: a frame is no longer shown.
        BoxTooDearError: the frames are worth more than the programme sends at once.
        TrialLimitError: she has as many trials open as the programme allows.
        CoolDownError: her last trial ended too short a time ago.
        AddressUnknownError: the address is not hers or no longer used.
        CardUnknownError: the card is not hers, no longer kept, or expired.
        NothingFreeError: a frame has no free unit; nothing is reserved.
        NotSentThereError: no programme sends boxes to the address.
        TermsChangedError: other terms count there, or by now, than she was shown.
    """
    trial_id = uuid.uuid5(wish, str(user.pk)) if wish else uuid.uuid4()
    with transaction.atomic():
        # Two requests of one customer at once: the second sees what the first has placed.
        lock_name(f"customer-trials:{user.pk}")
        if wish and (placed := Trial.objects.filter(pk=trial_id).first()):
            return placed
        contents, address = _contents(user, box_id), _address(user, address_id)
        version = _version(address, version_id)
        check_box([each.price for each in contents.variants], version)
        trials_before = check_customer(user, version)
        card = _card(user, card_id)
        touch = last_touch(user_id=user.pk, before=timezone.now())
        trial = Trial(
            id=trial_id,
            number=_unused_number(),
            user=user,
            programme_version=version,
            address=address,
            card=card,
            channel=touch.channel if touch else "",
            link=touch.link if touch else "",
            caused_by=touch.event_id if touch else None,
        )
        units = _reserve(trial, contents.variants)
        unpaid = ask_for_payment(trial)
        trial.save(force_insert=True)
        TrialItem.objects.bulk_create(
            TrialItem(trial=trial, variant=variant, unit_id=units[variant.pk], price=variant.price)
            for variant in contents.variants
        )
        TrialTransition.objects.create(
            subject=trial, from_state="", to_state=trial.state, actor=user, at=trial.requested_at
        )
        contents.box.items.all().delete()
        record_box_filled(box=contents.box, user=user, trials_before=trials_before)
        record_trial(
            EventName.TRIAL_REQUESTED, trial, person=customer(user), caused_by=trial.caused_by
        )
        tell_to_decide(trial)
        if not unpaid:
            mail_customer(
                "trial_requested",
                trial,
                variants=contents.variants,
                version=version,
                # Written in her language, while the mail is.
                terms=partial(terms_of, version),
            )
        return trial


def approve_trial(*, trial_id: uuid.UUID, by: User | None) -> Trial:
    """Let a requested trial be packed.

    Args:
        trial_id: which trial.
        by: who decided; nobody where the shop's rules did.

    Raises:
        AwaitsPaymentError: its fee and deposit are not paid yet.
        IllegalMoveError: it is not, or no longer, requested.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        check_paid(trial)
        move(trial, TrialState.APPROVED, moves=MOVES, history=TrialTransition, by=by)
        ask_for_hold(trial)
        record_trial(EventName.TRIAL_APPROVED, trial, person=staff(by) if by else SHOP)
        return trial


def decline_trial(*, trial_id: uuid.UUID, by: User | None, reason: str) -> Trial:
    """Say no to a requested trial; its units are free again and the customer is told.

    Args:
        trial_id: which trial.
        by: who decided; nobody where the shop's rules did.
        reason: why, in words the customer reads.

    Raises:
        IllegalMoveError: it is not, or no longer, requested.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        back = what_was_paid(trial)
        _end(trial, TrialState.DECLINED, by=by, reason=reason)
        record_trial(EventName.TRIAL_DECLINED, trial, person=staff(by) if by else SHOP)
        mail_customer("trial_declined", trial, reason=reason, back=back)
        return trial


def cancel_trial(*, trial_id: uuid.UUID, by: User, reason: str = "") -> Trial:
    """Call a trial off before it is shipped; its units are free again.

    Args:
        trial_id: which trial.
        by: the customer, who can do so until it is packed, or ops, until it is shipped.
        reason: why.

    Raises:
        CannotCancelError: the customer comes too late.
        IllegalMoveError: it has left the shop or is over.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        own, back = trial.user_id == by.pk, what_was_paid(trial)
        if own and trial.state in OPEN - CANCELLED_BY_CUSTOMER:
            raise CannotCancelError(
                _("Your box is packed already. Refuse the parcel or send it back unopened."),
                state=trial.state,
            )
        _end(trial, TrialState.CANCELLED, by=by, reason=reason)
        person = customer(by) if own else staff(by)
        record_trial(EventName.TRIAL_CANCELLED, trial, person=person)
        mail_customer("trial_cancelled", trial, reason=reason, own=own, back=back)
        publish(CANCELLED, {"trial": str(trial.pk)})
        return trial


def cancel_unpaid(*, trial_id: uuid.UUID, reason: str) -> bool:
    """Call a trial off whose fee and deposit nobody paid in time; its units are free again.

    Args:
        trial_id: which trial.
        reason: why, kept in its history in English.

    Returns:
        Whether it is cancelled now by this; false where it was paid meanwhile, or is over.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        late = trial.pay_by is not None and trial.pay_by < timezone.now()
        if not late or trial.state != TrialState.REQUESTED:
            return False
        back, deposit = what_was_paid(trial), trial.asked_deposit
        _end(trial, TrialState.CANCELLED, by=None, reason=reason)
        record_trial(EventName.TRIAL_CANCELLED, trial, person=SHOP)
        if deposit.amount:
            mail_customer("trial_deposit_unpaid", trial, amount=deposit, back=back)
        else:
            mail_customer("trial_unpaid", trial)
        publish(CANCELLED, {"trial": str(trial.pk)})
        return True


def _contents(user: User, box_id: uuid.UUID) -> _Contents:
    box = Box.objects.select_for_update().filter(pk=box_id, user=user).first()
    items = box.items.select_related("variant__frame") if box else []
    variants = sorted((item.variant for item in items), key=lambda variant: variant.pk)
    if box is None or not variants:
        raise BoxEmptyError(_("Your box is empty. Choose the frames you want to try first."))
    hidden = [each.frame_id for each in variants if not each.frame.published]
    early = early_frames(user, hidden) if hidden else set()
    gone = [
        each
        for each in variants
        if not each.active or (each.frame_id in hidden and each.frame_id not in early)
    ]
    if gone:
        raise NotForTrialError(
            _("No longer in the shop: %(frames)s. Take it out of your box and try again.")
            % {"frames": _names(gone)},
            variants=[variant.pk for variant in gone],
        )
    return _Contents(box, variants)


def _version(address: Address, seen: int | None) -> ProgrammeVersion:
    version = current_version(country=address.country)
    if seen is not None and seen != version.pk:
        raise TermsChangedError(
            _("These are the terms for boxes to %(country)s. Please read them, then ask again.")
            % {"country": address.country_name},
            version=version.pk,
        )
    return version


def _address(user: User, address_id: int) -> Address:
    address = Address.objects.filter(pk=address_id, user=user, retired_at=None).first()
    if address is None:
        raise AddressUnknownError(_("Choose one of your addresses, or enter a new one."))
    return address


def _card(user: User, card_id: int) -> SavedCard:
    # Locked, or it might be taken out of the account while the trial it stands for is placed.
    mine = SavedCard.objects.select_for_update().filter(pk=card_id, user=user, detached_at=None)
    card = mine.first()
    if card is None:
        raise CardUnknownError(_("Choose one of your cards, or save a new one."))
    today = timezone.now().date()
    if (card.exp_year, card.exp_month) < (today.year, today.month):
        raise CardUnknownError(_("This card has expired. Choose another, or save a new one."))
    return card


def _unused_number() -> str:
    number = new_number()
    while Trial.objects.filter(number=number).exists():
        number = new_number()
    return number


def _reserve(trial: Trial, variants: list[Variant]) -> dict[int, int]:
    try:
        return reserve_units(
            variant_ids=[variant.pk for variant in variants], trial_id=trial.pk, by=trial.user
        )
    except NothingFreeError as error:
        missing = error.extra["variants"]
        taken = [variant for variant in variants if variant.pk in missing]
        raise NothingFreeError(
            _("Just taken by somebody else: %(frames)s. Take it out or wait; nothing was placed.")
            % {"frames": _names(taken)},
            variants=missing,
            frames=[str(variant) for variant in taken],
        ) from error


def _end(trial: Trial, to_state: TrialState, *, by: User | None, reason: str) -> None:
    now = timezone.now()
    move(
        trial,
        to_state,
        moves=MOVES,
        history=TrialTransition,
        by=by,
        reason=reason,
        fields={"closed_at": now, "pay_by": None},
    )
    settle_what_was_paid(trial)
    held = trial.items.filter(holds_unit=True)
    units = lock_rows(TrialUnit, held.values_list("unit_id", flat=True))
    move_units(units=units, to_state=UnitState.AVAILABLE, by=by, reason=reason, trial=trial)
    held.update(holds_unit=False, settled_at=now)
    end_holds(trial)


def _names(variants: list[Variant]) -> str:
    return "; ".join(str(variant) for variant in variants)
