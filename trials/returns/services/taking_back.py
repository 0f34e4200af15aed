"""A frame that comes back after it was charged: the charge is let go, or given back by policy."""

from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.money import quantize
from shop.foundation.outbox import publish
from shop.foundation.postgres.queries import PreparedQuery, Slot
from shop.payments.queries import payment_for
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import ItemOutcome
from trials.returns.errors import AlreadyChargedError
from trials.returns.handing_over import came_in_time
from trials.returns.models.charges import ChargeTransition, TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.queries.charges import AWAY
from trials.returns.services.deposits import give_back_to_deposit
from trials.returns.services.late_fees import keep_late_fee
from trials.returns.services.making import PURPOSES
from trials.returns.states import CHARGE_MOVES, PAID

Purpose, State = TrialCharge.Purpose, TrialCharge.State
PERMISSION = "trials.settle_trialcharge"
CAME_BACK = gettext_noop("Came back before it was paid")


def check_may_come_back(item: TrialItem, *, by: User | None) -> None:
    """Make sure that a frame that was charged and is the customer's own may be taken back.

    What was handed over in time, and within the programme's days what was not, anybody at the table
    takes back; later it is for a manager to say.

    Args:
        item: with its trial's programme version, its unit and its variant.
        by: who has it on the table.

    Raises:
        AlreadyChargedError: the days are over, and she may not decide.
    """
    charge = _charge_of(item)
    if charge is None or charge.state not in PAID or item.outcome != ItemOutcome.KEPT:
        return
    if _owed_nothing(item.trial, charge) or _in_time(item, charge):
        return
    if by is not None and by.has_perm(PERMISSION):
        return
    raise AlreadyChargedError(
        _(
            "%(barcode)s, %(frame)s, was charged and is now the customer's own. "
            "Put it aside and ask a manager, who can check it in and refund it."
        )
        % {"barcode": item.unit.barcode, "frame": item.variant}
    )


def let_go_of_charge(item: TrialItem, *, by: User, reason: str = CAME_BACK) -> None:
    """Let go of what is owed for a frame that came back or was lost; the card is asked no more.

    Should it be charged at this very moment, the money is given back when it comes.

    Args:
        item: its trial locked by the caller in this transaction.
        by: who checks it in, or gives its parcel up.
        reason: why, kept with the charge.
    """
    charge = _charge_of(item)
    if charge is not None:
        let_go(charge, by=by, reason=reason)


def let_go(charge: TrialCharge, *, by: User | None, reason: str) -> None:
    """Let go of a charge, if it is owed, in the caller's transaction.

    Args:
        charge: its trial locked by the caller.
        by: who lets go of it.
        reason: why, kept with the charge.
    """
    charge = lock_row(TrialCharge, charge.pk)
    if charge.state != State.OWED:
        return
    now = timezone.now()
    move(
        charge,
        State.WAIVED,
        moves=CHARGE_MOVES,
        history=ChargeTransition,
        by=by,
        reason=reason,
        fields={"settled_at": now, "settled_by": by, "reason": reason},
    )
    charge.attempts.filter(asked_at=None).delete()
    payment = payment_for(purpose=PURPOSES[Purpose(charge.purpose)], reference=str(charge.pk))
    if payment is not None:
        publish("payments.cancel", {"payment_id": str(payment.pk)})


def give_back_charge(*, trial: Trial, item: TrialItem, finding: Finding) -> None:
    """Decide what is given back for a frame that was paid as missing and has come back.

    All of it where the box was handed over in time and only its scan came late: she owed nothing.
    Else by the programme's share, less the fee for the late days. A worker asks for it after the
    commit. For one that came back damaged or to be repaired, or after the days the programme gives,
    a manager decides. The same counts for what the deposit paid of a charge that was written off.

    Args:
        trial: locked by the caller in this transaction, with its programme version and user.
        item: settled as returned or damaged just now.
        finding: how it was found.
    """
    charge = _charge_of(item)
    if charge is None or not (charge.state in PAID or charge.from_deposit.amount):
        return
    owed_nothing = _owed_nothing(trial, charge)
    if finding != Finding.GOOD or not (owed_nothing or _in_time(item, charge)):
        TrialCharge.objects.filter(pk=charge.pk).update(to_decide=True)
        return
    with transaction.atomic():
        percent = 100 if owed_nothing else trial.programme_version.late_return_percent
        share = refund_share(charge, percent)
        due = share - keep_late_fee(trial, most=share, of=charge) if share.amount else share
        if due.amount and charge.from_deposit.amount:
            give_back_to_deposit(charge, trial=trial, amount=due)
        elif due.amount:
            charge.refund_due = due
            charge.save(update_fields=["refund_due"])
            publish("trials.refund_charge", {"charge_id": str(charge.pk)})


def refund_share(charge: TrialCharge, percent: int) -> Money:
    """Return what is given back of a charge by a share of it, at most what is left."""
    paid = charge.from_deposit if charge.from_deposit.amount else charge.amount
    left: Money = paid - charge.refunded
    return min(quantize(paid * Decimal(percent) / 100), left)


def _charge_of(item: TrialItem) -> TrialCharge | None:
    return _CHARGE.first(item=item.pk)


_CHARGE = PreparedQuery(
    lambda: TrialCharge.objects.filter(item_id=Slot("item"), purpose__in=AWAY)[:1]
)


def _owed_nothing(trial: Trial, charge: TrialCharge) -> bool:
    """Tell whether what was charged as missing was on its way by then; what she keeps was not."""
    return charge.purpose == Purpose.UNRETURNED and came_in_time(trial)


def _in_time(item: TrialItem, charge: TrialCharge) -> bool:
    days = item.trial.programme_version.late_return_days
    if not days or charge.settled_at is None:
        return False
    return timezone.now() <= charge.settled_at + timedelta(days=days)
