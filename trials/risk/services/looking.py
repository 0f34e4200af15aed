"""A person looks at what the rules declined: the customer asks once, staff decide."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.analytics.names import EventName
from shop.analytics.services import customer
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.errors import LorgnetteError
from shop.foundation.locks import lock_name, lock_row
from shop.foundation.plain_text import one_line
from shop.payments.links import payment_link
from trials.home_trials.models import Trial
from trials.home_trials.queries import trial_of
from trials.home_trials.services.facts import record_trial, tell_to_decide
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.services.paying import due_now, payment_of_trial
from trials.home_trials.services.requests import place_again
from trials.home_trials.staff_words import in_staffs_words
from trials.risk.errors import (
    LookDecidedError,
    LookMissingError,
    LookNotOfferedError,
    LookReasonError,
)
from trials.risk.models import LookAnswer, Outcome, RiskDecision, SecondLook
from trials.risk.queries import may_ask_for_look


def ask_for_look(*, user: User, number: str, words: str = "") -> SecondLook:
    """Put a trial that the rules declined before a person, once.

    Args:
        user: the customer.
        number: of her trial.
        words: what she wants to say, if anything.

    Returns:
        The look; asked for before, the same again.

    Raises:
        TrialMissingError: the trial is not hers.
        LookNotOfferedError: no rule declined it, or that is too long ago.
        CardNumberError: the words hold a card number.
    """
    words = one_line(words)[:500]
    refuse_card_numbers(words)
    with transaction.atomic():
        trial = lock_row(Trial, trial_of(user=user, number=number).pk)
        if asked := SecondLook.objects.filter(trial=trial).first():
            return asked
        if not may_ask_for_look(trial):
            raise LookNotOfferedError(
                _("No rule of ours declined this box lately, so there is nothing to look at anew.")
            )
        record_trial(EventName.TRIAL_LOOK_ASKED, trial, person=customer(user))
        return SecondLook.objects.create(trial=trial, words=words)


def approve_after_look(*, trial_id: uuid.UUID, by: User) -> SecondLook:
    """Say yes to what the rules declined: it is placed anew, and approved after the commit.

    Where a fee or deposit is due, its customer gets a link to pay it by, and the trial goes on
    once it is paid.

    Args:
        trial_id: the declined trial.
        by: who of staff looked.

    Returns:
        The look, with the trial that follows; decided so before, the same again.

    Raises:
        LookMissingError: nobody asked for it.
        LookDecidedError: it was declined before.
        LorgnetteError: whatever ``place_again`` raises, such as a frame that is not free.
    """
    with transaction.atomic():
        look = _locked(trial_id, LookAnswer.APPROVED)
        if look.answer:
            return look
        rules = RiskDecision.objects.get(trial=trial_id).rules
        try:
            follows = place_again(trial_id=trial_id, by=by)
        except LorgnetteError as error:
            raise in_staffs_words(error) from error
        RiskDecision.objects.create(trial=follows, outcome=Outcome.APPROVE, reasons=[], rules=rules)
        look.answer, look.followed_by = LookAnswer.APPROVED, follows
        _decided(look, by)
        tell_to_decide(follows)
        due = due_now(follows)
        if due is not None:
            mail_customer(
                "trial_look_approved",
                follows,
                amount=due,
                until=follows.pay_by,
                pay_path=payment_link(payment_of_trial(follows)),
            )
        return look


def decline_after_look(*, trial_id: uuid.UUID, by: User, reason: str) -> SecondLook:
    """Let a no of the rules stand; the customer is written to, and told why.

    Args:
        trial_id: the declined trial.
        by: who of staff looked.
        reason: why, in words the customer reads.

    Raises:
        LookMissingError: nobody asked for it.
        LookDecidedError: it was approved before.
        LookReasonError: no reason was given.
        CardNumberError: the reason holds a card number.
    """
    reason = one_line(reason)[:300]
    refuse_card_numbers(reason)
    if not reason:
        raise LookReasonError(_("Give a reason; the customer reads it."))
    with transaction.atomic():
        look = _locked(trial_id, LookAnswer.DECLINED)
        if not look.answer:
            look.answer, look.reason = LookAnswer.DECLINED, reason
            _decided(look, by)
            mail_customer("trial_look_declined", look.trial, reason=reason)
        return look


def _locked(trial_id: uuid.UUID, answer: LookAnswer) -> SecondLook:
    looks = SecondLook.objects.select_related("trial__user", "followed_by")
    look = looks.filter(trial=trial_id).first()
    if look is None:
        raise LookMissingError(_("Nobody asked for a person to look at this trial."))
    # The name under which trials of hers are placed: of two who decide, the second sees the first.
    lock_name(f"customer-trials:{look.trial.user_id}")
    look = looks.get(pk=look.pk)
    if look.answer not in ("", answer):
        raise LookDecidedError(
            _("This was decided already: %(answer)s.") % {"answer": look.get_answer_display()}
        )
    return look


def _decided(look: SecondLook, by: User) -> None:
    look.decided_at, look.decided_by = timezone.now(), by
    look.save(update_fields=["answer", "reason", "followed_by", "decided_at", "decided_by"])
