"""A claim from the day a parcel is given up to the carrier's answer."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.claims.errors import (
    ClaimInvalidError,
    ClaimPaidOtherwiseError,
    MayNotSettleClaimError,
)
from trials.claims.models import Claim, ClaimTransition
from trials.claims.queries import claim_by_id
from trials.claims.states import MOVES, ClaimState
from trials.costs.services import book_claim
from trials.home_trials.models import Trial
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.queries import ASSUMED

PERMISSION = "trials.settle_claim"


def open_claim(*, shipment: Shipment, amount: Money, by: User | None, reason: str = "") -> Claim:
    """Write down that a carrier is to make good for a parcel, in the caller's transaction.

    Args:
        shipment: of a trial locked by the caller; one with a claim keeps it.
        amount: what was in the parcel.
        by: who gave it up.
        reason: why, in plain words.
    """
    told = shipment.tracking.exclude(status=ShipmentState.LABELLED)
    scans = told.exclude(carrier_event_id=ASSUMED).order_by("occurred_at")
    # The shop hands boxes over itself, and may have no word of them but that.
    handed_over = shipment.trial.shipped_at if shipment.leg == Leg.OUTBOUND else None
    taken = [handed_over, scans.values_list("occurred_at", flat=True).first()]
    since = min(filter(None, taken), default=shipment.created_at).date()
    claim, opened = Claim.objects.get_or_create(
        shipment=shipment,
        defaults={
            "carrier": shipment.carrier,
            "amount": amount,
            "paid": Money(0, amount.currency),
            "reason": reason[:300],
            "due_on": since + timedelta(days=settings.CARRIER_CLAIM_DAYS),
            "opened_by": by,
        },
    )
    if opened:
        ClaimTransition.objects.create(
            subject=claim, from_state="", to_state=claim.state, actor=by, reason=reason[:300]
        )
    return claim


def file_claim(*, claim_id: uuid.UUID, by: User, reference: str) -> Claim:
    """Note that a claim was sent to the carrier.

    Args:
        claim_id: an open one, or one refused that is contested.
        by: who sent it.
        reference: the carrier's own number of it.

    Raises:
        ClaimInvalidError: the reference is missing.
        CardNumberError: it holds a card number.
        IllegalMoveError: the claim is over or filed already.
    """
    reference = one_line(reference)[:60]
    refuse_card_numbers(reference)
    if not reference:
        raise ClaimInvalidError(_("Give the number by which the carrier knows the claim."))
    return _moved(claim_id, ClaimState.FILED, by=by, fields={"reference": reference})


def note_payment(*, claim_id: uuid.UUID, by: User, paid: Money) -> Claim:
    """Note what a carrier paid for a filed claim, and book it.

    Args:
        claim_id: which.
        by: somebody with the permission ``trials.settle_claim``.
        paid: above zero, in the claim's currency, and not above its amount.

    Raises:
        MayNotSettleClaimError: the person may not.
        ClaimInvalidError: the amount cannot be.
        ClaimPaidOtherwiseError: somebody has noted another amount meanwhile.
        IllegalMoveError: the claim is not filed.
    """
    _check_settler(by)
    _check_amount(claim_id, paid)
    with transaction.atomic():
        claim = _locked(claim_id)
        if claim.state == ClaimState.PAID:
            _check_paid(claim, paid)
            return claim
        _move(claim, ClaimState.PAID, by=by, fields={"paid": paid})
        book_claim(claim_id=claim.pk, trial_id=claim.shipment.trial_id, paid=claim.paid)
        return claim


def correct_payment(
    *, claim_id: uuid.UUID, by: User, paid: Money, seen_paid: Money, reason: str
) -> Claim:
    """Note that a carrier paid more than was noted, or less, and book the difference.

    A further payment, a part that was given back, or a slip.

    Args:
        claim_id: a paid one.
        by: somebody with the permission ``trials.settle_claim``.
        paid: what it paid in all, as in ``note_payment``.
        seen_paid: what was noted when this was decided.
        reason: why it is another amount.

    Raises:
        MayNotSettleClaimError: the person may not.
        ClaimInvalidError: the amount cannot be, the reason is missing, or nothing is paid.
        ClaimPaidOtherwiseError: what is noted is not what was seen.
        CardNumberError: the reason holds a card number.
    """
    _check_settler(by)
    _check_amount(claim_id, paid)
    reason = _said(reason)
    with transaction.atomic():
        claim = _locked(claim_id)
        if claim.state != ClaimState.PAID:
            raise ClaimInvalidError(
                _("No payment is noted of this claim, or it was given back to the carrier.")
            )
        _check_paid(claim, seen_paid)
        more = paid - claim.paid
        _move(claim, ClaimState.PAID, by=by, reason=reason, fields={"paid": paid})
        step = str(claim.transitions.count())
        book_claim(claim_id=claim.pk, trial_id=claim.shipment.trial_id, paid=more, step=step)
        return claim


def give_back_payment(*, claim_id: uuid.UUID, by: User, reason: str) -> Claim:
    """Note that a carrier was given back what it had paid, and book it.

    Args:
        claim_id: a paid one.
        by: somebody with the permission ``trials.settle_claim``.
        reason: why, such as that the parcel turned up.

    Raises:
        MayNotSettleClaimError: the person may not.
        ClaimInvalidError: the reason is missing.
        CardNumberError: it holds a card number.
        IllegalMoveError: the claim is not paid.
    """
    _check_settler(by)
    with transaction.atomic():
        claim = _moved(claim_id, ClaimState.GIVEN_BACK, by=by, reason=_said(reason))
        book_claim(
            claim_id=claim.pk, trial_id=claim.shipment.trial_id, paid=-claim.paid, step="back"
        )
    return claim


def note_refusal(*, claim_id: uuid.UUID, by: User, reason: str) -> Claim:
    """Note that the carrier refused a claim, and why.

    Raises:
        ClaimInvalidError: the reason is missing.
        CardNumberError: it holds a card number.
        IllegalMoveError: the claim is not filed.
    """
    return _moved(claim_id, ClaimState.REFUSED, by=by, reason=_said(reason))


def withdraw_claim(*, claim_id: uuid.UUID, by: User, reason: str) -> Claim:
    """Give a claim up.

    Args:
        claim_id: one that is not paid.
        by: somebody with the permission ``trials.settle_claim``.
        reason: why.

    Raises:
        MayNotSettleClaimError: the person may not.
        ClaimInvalidError: the reason is missing.
        CardNumberError: it holds a card number.
        IllegalMoveError: the claim is over.
    """
    _check_settler(by)
    return _moved(claim_id, ClaimState.WITHDRAWN, by=by, reason=_said(reason))


def note_turned_up(*, shipment: Shipment, by: User | None = None) -> None:
    """Note that a parcel given up has come, in the caller's transaction.

    A claim that was not filed yet is withdrawn; for one that was, somebody has to tell the carrier.

    Args:
        shipment: of a trial locked by the caller; one without a claim is left as it is.
        by: who found it.
    """
    found = Claim.objects.filter(shipment=shipment, turned_up_at=None).first()
    if found is None:
        return
    claim = lock_row(Claim, found.pk)
    now = timezone.now()
    if claim.state == ClaimState.OPEN:
        move(
            claim,
            ClaimState.WITHDRAWN,
            moves=MOVES,
            history=ClaimTransition,
            by=by,
            reason=gettext_noop("The parcel turned up."),
            fields={"turned_up_at": now},
        )
        return
    claim.turned_up_at = now
    claim.save(update_fields=["turned_up_at"])


def _moved(
    claim_id: uuid.UUID,
    state: ClaimState,
    *,
    by: User,
    reason: str = "",
    fields: dict[str, Any] | None = None,
) -> Claim:
    with transaction.atomic():
        claim = _locked(claim_id)
        if claim.state != state or state == ClaimState.FILED:
            _move(claim, state, by=by, reason=reason, fields=fields)
        return claim


def _locked(claim_id: uuid.UUID) -> Claim:
    lock_row(Trial, claim_by_id(claim_id).shipment.trial_id)
    return lock_row(Claim, claim_id)


def _move(
    claim: Claim,
    state: ClaimState,
    *,
    by: User,
    reason: str = "",
    fields: dict[str, Any] | None = None,
) -> None:
    changed = {**(fields or {}), **({"reason": reason[:300]} if reason else {})}
    moves_money = state in (ClaimState.PAID, ClaimState.GIVEN_BACK)
    move(
        claim,
        state,
        moves=MOVES,
        history=ClaimTransition,
        by=by,
        reason=reason,
        fields=changed,
        noted={"paid": changed.get("paid", claim.paid)} if moves_money else None,
    )


def _check_amount(claim_id: uuid.UUID, paid: Money) -> None:
    most = claim_by_id(claim_id).amount
    if paid.currency != most.currency or not 0 < paid.amount <= most.amount:
        raise ClaimInvalidError(
            _("Enter what the carrier paid: above zero and up to %(amount)s.") % {"amount": most}
        )


def _check_paid(claim: Claim, seen: Money) -> None:
    if claim.paid != seen:
        raise ClaimPaidOtherwiseError(
            _("%(amount)s are noted as paid by now. Look at the claim again.")
            % {"amount": claim.paid},
            paid=str(claim.paid.amount),
        )


def _said(reason: str) -> str:
    reason = one_line(reason)
    refuse_card_numbers(reason)
    if not reason:
        raise ClaimInvalidError(_("Say why, for those who read it later."))
    return reason


def _check_settler(by: User) -> None:
    if not by.has_perm(PERMISSION):
        raise MayNotSettleClaimError(
            _("Only a manager says what a carrier paid or got back, or gives a claim up. Ask one.")
        )
