"""Damage: what the terms propose, what people decide, what the customer says to it."""

import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from djmoney.money import Money

from shop.analytics.names import EventName
from shop.analytics.services import Person, record, staff
from shop.customers.models import User
from shop.foundation.clock import end_of_day
from shop.foundation.history import move
from shop.foundation.locks import lock_row
from shop.foundation.money import quantize
from trials.evidence.queries import evidence_of
from trials.home_trials.models import Trial
from trials.home_trials.services.mails import mail_customer
from trials.reports.models import Decision
from trials.reports.queries import told_broken
from trials.returns.errors import (
    MayNotDecideProposalError,
    ProposalAmountError,
    ProposalChangedError,
    ProposalDecidedError,
    ReasonMissingError,
)
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal, ProposalTransition
from trials.returns.models.inspections import Finding, Inspection
from trials.returns.queries.damage import proposal_by_id
from trials.returns.services.closing import close_if_settled
from trials.returns.services.making import make_charge
from trials.returns.services.reasons import said_why
from trials.returns.states import PROPOSAL_MOVES, ProposalState

PERMISSION = "trials.decide_chargeproposal"
ARRIVED_BROKEN = gettext_noop("It arrived broken, as the shop has agreed.")


def propose_for_damage(*, inspection: Inspection, trial: Trial, by: User) -> ChargeProposal | None:
    """Propose what the terms of a trial say for a damaged frame, in the caller's transaction.

    Where the shop agreed before that it arrived broken, the proposal is waived as it is made.

    Args:
        inspection: of a unit just checked in.
        trial: locked by the caller, with its terms; one that is over is charged no more, and one
            whose box never reached its customer nothing: that was the carrier.
        by: who looked at it.

    Returns:
        The proposal; nothing for a good frame, or where the terms ask for nothing.
    """
    item = inspection.item
    percent = trial.programme_version.damaged_percent
    amount = quantize(item.price * Decimal(percent) / 100)
    free = trial.closed_at is not None or trial.never_arrived
    if inspection.finding == Finding.GOOD or not amount.amount or free:
        return None
    told = told_broken(item)
    agreed = told is not None and told.decision == Decision.ACCEPTED
    state = ProposalState.WAIVED if agreed else ProposalState.PROPOSED
    reason = ARRIVED_BROKEN if agreed else inspection.note
    proposal = ChargeProposal.objects.create(
        inspection=inspection,
        by_terms=amount,
        amount=amount,
        state=state,
        told_broken=told is not None,
        reason=reason,
    )
    ProposalTransition.objects.create(
        subject=proposal, from_state="", to_state=state, actor=by, reason=reason
    )
    record_damage(EventName.DAMAGE_PROPOSED, proposal, person=staff(by))
    if agreed:
        record_damage(EventName.DAMAGE_WAIVED, proposal, person=staff(by))
    return proposal


def accept_proposal(
    *,
    proposal_id: uuid.UUID,
    by: User,
    answer: str = "",
    seen: str = "",
    seen_amount: Decimal | None = None,
    seen_said: int | None = None,
) -> ChargeProposal:
    """Say that damage is to be charged: the customer is told and has her days to answer.

    Where she has objected already, she is answered and the card is charged now.

    Args:
        proposal_id: which.
        by: somebody with the permission ``trials.decide_chargeproposal``.
        answer: to her objection; she reads it with the charge. Of no use where there is none.
        seen: the state it was in when they looked; empty for whatever it is in.
        seen_amount: what it was for when they looked; nothing for whatever it is for.
        seen_said: how often its customer had spoken then; nothing for however often.

    Raises:
        MayNotDecideProposalError: the person may not.
        ProposalMissingError: there is no such proposal.
        ProposalChangedError: it is in another state, or for another amount, than was seen,
            or its customer has said more.
        ReasonMissingError: she objects and is not answered.
        CardNumberError: the answer holds a card number.
        IllegalMoveError: it is charged or waived.
    """
    _check_decider(by)
    with transaction.atomic():
        trial, proposal = locked_proposal(proposal_id)
        _check_seen(proposal, seen, seen_amount, seen_said, done=ProposalState.ACCEPTED)
        if proposal.state == ProposalState.ACCEPTED:
            return proposal
        if proposal.state == ProposalState.OBJECTED:
            return _charge(trial, proposal, by, answer=_said_to_her(answer))
        until = end_of_day(timezone.now(), days=settings.DAMAGE_ANSWER_DAYS, zone=trial.user.zone)
        move_proposal(proposal, ProposalState.ACCEPTED, by=by, answer_until=until, decided_by=by)
        mail_damage("trial_damage", trial, proposal)
        return proposal


def change_proposal(
    *,
    proposal_id: uuid.UUID,
    by: User,
    amount: Money,
    reason: str,
    seen: str = "",
    seen_amount: Decimal | None = None,
    seen_said: int | None = None,
) -> ChargeProposal:
    """Change what is to be charged for damage; to the same once more, nothing changes.

    A customer who objects is written to what is asked now, and why.

    Args:
        proposal_id: one the customer was not told of, or that she objects to.
        by: somebody with the permission ``trials.decide_chargeproposal``.
        amount: above zero, never above the frame's price, nor above what the customer was told.
        reason: why; the customer reads it.
        seen: as of ``accept_proposal``.
        seen_amount: likewise.
        seen_said: likewise.

    Raises:
        MayNotDecideProposalError: the person may not.
        ReasonMissingError: no reason was given.
        ProposalAmountError: the amount cannot be.
        CardNumberError: the reason holds a card number.
        ProposalMissingError: there is no such proposal.
        ProposalChangedError: it is in another state, or for another amount, than was seen,
            or its customer has said more.
        ProposalDecidedError: it is decided, or the customer has not answered yet.
    """
    _check_decider(by)
    reason = said_why(reason)
    with transaction.atomic():
        trial, proposal = locked_proposal(proposal_id)
        if (proposal.amount, proposal.reason, proposal.decided_by) == (amount, reason, by):
            return proposal
        _check_seen(proposal, seen, seen_amount, seen_said)
        if proposal.state not in (ProposalState.PROPOSED, ProposalState.OBJECTED):
            raise ProposalDecidedError(
                _("This is “%(state)s” and can no longer be changed.")
                % {"state": proposal.get_state_display()},
                state=proposal.state,
            )
        told = proposal.state == ProposalState.OBJECTED
        most = proposal.amount if told else proposal.inspection.item.price
        if amount.currency != most.currency or not 0 < amount.amount <= most.amount:
            raise ProposalAmountError(
                _("Enter an amount above zero and up to %(most)s.") % {"most": most}
            )
        before = proposal.amount
        words = f"{before} → {amount}: {reason}"[:300]
        proposal.amount, proposal.reason, proposal.decided_by = quantize(amount), reason, by
        proposal.save(update_fields=["amount", "amount_currency", "reason", "decided_by"])
        change = ProposalTransition.objects.create(
            subject=proposal,
            from_state=proposal.state,
            to_state=proposal.state,
            actor=by,
            reason=words,
        )
        if told:
            mail_damage("trial_damage_changed", trial, proposal, fact=change.pk, before=before)
        return proposal


def waive_proposal(
    *,
    proposal_id: uuid.UUID,
    by: User,
    reason: str,
    seen: str = "",
    seen_amount: Decimal | None = None,
    seen_said: int | None = None,
) -> ChargeProposal:
    """Charge nothing for damage; a customer who was told of it is written to.

    Args:
        proposal_id: one that is not charged.
        by: somebody with the permission ``trials.decide_chargeproposal``.
        reason: why; the customer reads it where she was told.
        seen: as of ``accept_proposal``.
        seen_amount: likewise.
        seen_said: likewise.

    Raises:
        MayNotDecideProposalError: the person may not.
        ReasonMissingError: no reason was given.
        CardNumberError: the reason holds a card number.
        ProposalMissingError: there is no such proposal.
        ProposalChangedError: it is in another state, or for another amount, than was seen,
            or its customer has said more.
        IllegalMoveError: it is charged.
    """
    _check_decider(by)
    reason = said_why(reason)
    with transaction.atomic():
        trial, proposal = locked_proposal(proposal_id)
        _check_seen(proposal, seen, seen_amount, seen_said, done=ProposalState.WAIVED)
        if proposal.state == ProposalState.WAIVED:
            return proposal
        told = proposal.state != ProposalState.PROPOSED
        move_proposal(
            proposal, ProposalState.WAIVED, by=by, why=reason, reason=reason, decided_by=by
        )
        record_damage(EventName.DAMAGE_WAIVED, proposal, person=staff(by))
        if told:
            mail_damage("trial_damage_waived", trial, proposal)
        close_if_settled(trial_id=trial.pk, by=by)
        return proposal


def _check_seen(
    proposal: ChargeProposal, seen: str, amount: Decimal | None, said: int | None, *, done: str = ""
) -> None:
    """Refuse what nobody would do who knew: charge at once what was objected to meanwhile."""
    if amount not in (None, proposal.amount.amount):
        words = _("Nothing was done: %(amount)s are proposed by now. Look at it again.")
    elif seen not in ("", proposal.state) and proposal.state != done:
        words = _("Nothing was done: this is “%(state)s” by now. Look at it again.")
    elif proposal.state != done and said not in (None, proposal.times_said):
        words = _("Nothing was done: its customer has said more by now. Read it first.")
    else:
        return
    shown = {"amount": proposal.amount, "state": proposal.get_state_display()}
    raise ProposalChangedError(words % shown, state=proposal.state)


def charge_unanswered(*, proposal_id: uuid.UUID) -> ChargeProposal:
    """Charge for damage that the customer was told of and has not objected to in time.

    Args:
        proposal_id: which; one that is not due is left as it is.
    """
    with transaction.atomic():
        trial, proposal = locked_proposal(proposal_id)
        due = proposal.answer_until is not None and proposal.answer_until < timezone.now()
        if proposal.state != ProposalState.ACCEPTED or not due:
            return proposal
        return _charge(trial, proposal, None)


def _said_to_her(answer: str) -> str:
    """Return what answers an objection; nothing is charged before, as she was promised."""
    if not answer.strip():
        raise ReasonMissingError(
            _("Answer her objection: she reads why it is charged all the same.")
        )
    return said_why(answer)


def _charge(
    trial: Trial, proposal: ChargeProposal, by: User | None, *, answer: str = ""
) -> ChargeProposal:
    # The mail of the charge is written of what is kept here.
    answered = {"reason": answer, "decided_by": by} if answer else {}
    charge = make_charge(
        trial=trial,
        purpose=TrialCharge.Purpose.DAMAGED,
        amount=proposal.amount,
        item=proposal.inspection.item,
        by=by,
    )
    move_proposal(proposal, ProposalState.CHARGED, by=by, why=answer, charge=charge, **answered)
    return proposal


def locked_proposal(proposal_id: uuid.UUID) -> tuple[Trial, ChargeProposal]:
    """Lock the trial, then the proposal, and return them as they are.

    Raises:
        ProposalMissingError: there is none.
    """
    item = proposal_by_id(proposal_id).inspection.item
    trial = lock_row(Trial, item.trial_id, related=("user", "card", "programme_version"))
    lock_row(ChargeProposal, proposal_id)
    return trial, proposal_by_id(proposal_id)


def move_proposal(
    proposal: ChargeProposal, state: ProposalState, *, by: User | None, why: str = "", **fields: Any
) -> None:
    """Move a proposal that is locked, and write that down.

    Args:
        proposal: as ``locked_proposal`` returns it.
        state: where to.
        by: who did it; nobody where the shop did.
        why: for the history.
        fields: set in the same write.

    Raises:
        IllegalMoveError: its state does not lead there.
    """
    move(
        proposal,
        state,
        moves=PROPOSAL_MOVES,
        history=ProposalTransition,
        by=by,
        reason=why,
        fields=fields,
    )


def record_damage(name: EventName, proposal: ChargeProposal, *, person: Person) -> None:
    """Record for the figures what became of a proposal, in the caller's transaction.

    Args:
        name: what happened.
        proposal: as ``locked_proposal`` returns it.
        person: who did it.
    """
    item = proposal.inspection.item
    record(
        name,
        key=f"{name}:{proposal.pk}",
        subject=("charge_proposal", proposal.pk),
        person=person,
        amount=proposal.amount,
        details={"trial": str(item.trial_id), "variant": item.variant_id},
    )


def mail_damage(
    template: str, trial: Trial, proposal: ChargeProposal, *, fact: object = "", **context: Any
) -> None:
    """Write to a customer about a proposal, in the caller's transaction.

    Args:
        template: the mail's name.
        trial: locked by the caller, with its user and card.
        proposal: as ``locked_proposal`` returns it.
        fact: what the mail tells, where there may be several about one proposal.
        context: what this mail needs besides.
    """
    inspection = proposal.inspection
    mail_customer(
        template,
        trial,
        fact=fact or proposal.pk,
        proposal=proposal,
        frame=str(inspection.item.variant),
        found=proposal.reason or inspection.note,
        photos=bool(evidence_of([trial.pk]).get(inspection.item_id)),
        **context,
    )


def _check_decider(by: User) -> None:
    if not by.has_perm(PERMISSION):
        raise MayNotDecideProposalError(
            _("Only who may decide on damage can do this. Ask a manager.")
        )
