"""Asking for a trial, and saying yes or no to it."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.queries import last_touch
from shop.analytics.services import SHOP, customer, staff
from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_name, lock_row, lock_rows
from shop.foundation.outbox import news, publish, publish_together
from shop.foundation.postgres.inserts import insert_rows
from shop.foundation.postgres.queries import PreparedQuery, Slot
from trials.home_trials.days import ships_by
from trials.home_trials.errors import (
    CannotCancelError,
)
from trials.home_trials.models import Trial, TrialItem, TrialTransition
from trials.home_trials.numbers import new_number
from trials.home_trials.services.boxes import record_box_filled
from trials.home_trials.services.checking import (
    address_of,
    card_of,
    check_shown,
    contents_of,
    empty_box,
    names_of,
    version_for,
)
from trials.home_trials.services.facts import record_trial, to_confirm, to_decide
from trials.home_trials.services.holding import ask_for_hold, end_holds
from trials.home_trials.services.limits import check_box, check_customer
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.paying import (
    ask_for_payment,
    check_paid,
    settle_what_was_paid,
    what_was_paid,
)
from trials.home_trials.services.replacing import goes_when_let_go
from trials.home_trials.states import MOVES, NOT_LEFT, OPEN, TrialState
from trials.programme.queries import current_version
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit
from trials.units.services.moving import move_units
from trials.units.services.reserving import reserve_units
from trials.units.states import UnitState

TO_PUT_BACK = gettext_noop("Taken from its shelf for a box that was called off.")
CANCELLED = "trials.cancelled"
news(CANCELLED)


_NUMBERED = PreparedQuery(lambda: Trial.objects.only("pk").filter(number=Slot("number")))


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
        version_id: the terms she was shown; not checked where nobody was shown any.

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
        contents, address = contents_of(user, box_id), address_of(user, address_id)
        version = version_for(address, version_id)
        check_box([each.price for each in contents.variants], version)
        trials_before = check_customer(user, version)
        card = card_of(user, card_id)
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
        unpaid = _write(trial, contents.variants, by=user)
        empty_box(contents.box)
        record_box_filled(box=contents.box, user=user, trials_before=trials_before)
        event = record_trial(
            EventName.TRIAL_REQUESTED, trial, person=customer(user), caused_by=trial.caused_by
        )
        confirmed = [] if unpaid else [to_confirm(trial, caused_by=event)]
        # In this order: what is decided may be told by a mail, too.
        publish_together([*confirmed, to_decide(trial)])
        return trial


def place_again(*, trial_id: uuid.UUID, by: User) -> Trial:
    """Place a trial anew that was declined, under the terms of now, because a person says so.

    The declined one stays as it is: what was paid for it went back. Should something be due, the
    customer is to be told; she has ``DEPOSIT_PAID_WITHIN_HOURS`` for it.

    Args:
        trial_id: one that was declined.
        by: who of staff says so.

    Returns:
        The new one, requested, its frames reserved.

    Raises:
        NotForTrialError: a frame is no longer shown.
        TrialLimitError: she has as many trials open as the programme allows.
        AddressUnknownError: the address is no longer used.
        CardUnknownError: the card is no longer kept, or expired.
        NothingFreeError: a frame has no free unit; nothing is reserved.
        NotSentThereError: no programme sends boxes to the address any more.
    """
    with transaction.atomic():
        declined = Trial.objects.select_related("user", "address").get(pk=trial_id)
        user = declined.user
        lock_name(f"customer-trials:{user.pk}")
        found = Variant.objects.filter(pk__in=declined.items.values("variant"))
        variants = list(found.select_related("frame").order_by("pk"))
        check_shown(user, variants)
        version = current_version(country=declined.address.country)
        check_customer(user, version)
        trial = Trial(
            number=_unused_number(),
            user=user,
            programme_version=version,
            address=address_of(user, declined.address_id),
            card=card_of(user, declined.card_id),
            channel=declined.channel,
            link=declined.link,
            caused_by=declined.caused_by,
        )
        within = timedelta(hours=settings.DEPOSIT_PAID_WITHIN_HOURS)
        unpaid = _write(trial, variants, by=by, within=within)
        event = record_trial(
            EventName.TRIAL_REQUESTED, trial, person=staff(by), caused_by=trial.caused_by
        )
        if not unpaid:
            publish_together([to_confirm(trial, caused_by=event)])
        return trial


def _write(
    trial: Trial, variants: list[Variant], *, by: User, within: timedelta | None = None
) -> bool:
    """Write down a trial whose units are reserved just now; return whether it is to be paid."""
    units = _reserve(trial, variants, by)
    unpaid = ask_for_payment(trial, within=within)
    asked = TrialTransition(
        subject=trial, from_state="", to_state=trial.state, actor=by, at=trial.requested_at
    )
    insert_rows([trial])
    insert_rows(
        [
            TrialItem(trial=trial, variant=variant, unit_id=units[variant.pk], price=variant.price)
            for variant in variants
        ]
    )
    insert_rows([asked])
    return unpaid


def approve_trial(*, trial_id: uuid.UUID, by: User | None) -> Trial:
    """Let a requested trial be packed; by when it has to leave is settled with that.

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
        fields = {"ship_by": ships_by(timezone.now())}
        move(
            trial,
            TrialState.APPROVED,
            moves=MOVES,
            history=TrialTransition,
            by=by,
            fields=fields,
        )
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
        event = record_trial(EventName.TRIAL_DECLINED, trial, person=staff(by) if by else SHOP)
        mail_customer("trial_declined", trial, caused_by=event, reason=reason, back=back)
        return trial


def cancel_trial(*, trial_id: uuid.UUID, by: User, reason: str = "") -> Trial:
    """Call a trial off before it is shipped; its units are free again.

    Those that were picked or packed are not, until somebody has put them back on their shelves.

    Args:
        trial_id: which trial.
        by: the customer or ops.
        reason: why.

    Returns:
        The trial; where its customer had called it off before, the same again.

    Raises:
        CannotCancelError: the customer comes too late: her box has left.
        IllegalMoveError: it has left the shop or is over.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id)
        own, back = trial.user_id == by.pk, what_was_paid(trial)
        # In another tab, or by a second click: what she wanted is done.
        ended = trial.transitions.filter(to_state=TrialState.CANCELLED, actor=by)
        if own and trial.state == TrialState.CANCELLED and ended.exists():
            return trial
        if own and trial.state in OPEN - NOT_LEFT:
            raise CannotCancelError(_too_late(trial), state=trial.state)
        _end(trial, TrialState.CANCELLED, by=by, reason=reason)
        person = customer(by) if own else staff(by)
        event = record_trial(EventName.TRIAL_CANCELLED, trial, person=person)
        mail_customer("trial_cancelled", trial, caused_by=event, reason=reason, own=own, back=back)
        publish(CANCELLED, {"trial": str(trial.pk)})
        return trial


def _too_late(trial: Trial) -> str:
    if trial.state == TrialState.SHIPPED:
        return _("Your box has left already. Refuse the parcel or send it back unopened.")
    return _("Your box was sent already. It cannot be cancelled any more.")


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
        event = record_trial(EventName.TRIAL_CANCELLED, trial, person=SHOP)
        if deposit.amount:
            mail_customer("trial_deposit_unpaid", trial, caused_by=event, amount=deposit, back=back)
        else:
            mail_customer("trial_unpaid", trial, caused_by=event)
        publish(CANCELLED, {"trial": str(trial.pk)})
        return True


def _unused_number() -> str:
    number = new_number()
    while _NUMBERED.first(number=number):
        number = new_number()
    return number


def _reserve(trial: Trial, variants: list[Variant], by: User) -> dict[int, int]:
    try:
        return reserve_units(
            variant_ids=[variant.pk for variant in variants],
            trial_id=trial.pk,
            by=by,
            customer=trial.user,
        )
    except NothingFreeError as error:
        missing = error.extra["variants"]
        taken = [variant for variant in variants if variant.pk in missing]
        raise NothingFreeError(
            _("Just taken by somebody else: %(frames)s. Take it out or wait; nothing was placed.")
            % {"frames": names_of(taken)},
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
    _let_go_of_units(trial, by=by, reason=reason)
    end_holds(trial)


def _let_go_of_units(trial: Trial, *, by: User | None, reason: str) -> None:
    """Free what lies on its shelf; what was taken from it is free once somebody has put it back.

    What was graded D meanwhile is to be repaired; what else nobody found there is lost until
    somebody comes upon it.
    """
    held = trial.items.filter(holds_unit=True)
    taken = held.exclude(picked_at=None, packed_at=None)
    off_shelf = set(taken.values_list("unit_id", flat=True))
    missing = set(held.exclude(not_found_at=None).values_list("unit_id", flat=True)) - off_shelf
    units = lock_rows(TrialUnit, held.values_list("unit_id", flat=True))
    going: dict[tuple[UnitState, str], list[TrialUnit]] = {}
    for each in units:
        goes = (UnitState.INSPECTION, TO_PUT_BACK)
        if each.pk not in off_shelf:
            goes = goes_when_let_go(each, missing=each.pk in missing)
        going.setdefault(goes, []).append(each)
    for (to_state, why), moved in going.items():
        move_units(units=moved, to_state=to_state, by=by, reason=why or reason, trial=trial)
    held.update(holds_unit=False, settled_at=timezone.now())
