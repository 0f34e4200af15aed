"""Damage that nobody is charged for, because the shop or its carrier answers for it."""

import uuid

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from shop.analytics.names import EventName
from shop.analytics.services import staff
from shop.customers.models import User
from shop.foundation.locks import lock_row
from trials.home_trials.models import Trial, TrialItem
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.services.closing import close_if_settled
from trials.returns.services.damages import (
    ARRIVED_BROKEN,
    locked_proposal,
    mail_damage,
    move_proposal,
    record_damage,
)
from trials.returns.services.taking_back import let_go
from trials.returns.states import OPEN_PROPOSALS, ProposalState

NEVER_ARRIVED = gettext_noop("Its box never reached the customer.")


def let_go_of_damage(trial: Trial, *, by: User) -> None:
    """Charge nothing for damage to frames of a box that never reached its customer.

    Args:
        trial: locked by the caller in this transaction.
        by: who gave the box up.
    """
    proposals = ChargeProposal.objects.filter(inspection__item__trial=trial)
    _waive_all(proposals, trial, by=by, why=NEVER_ARRIVED)


def let_go_of_broken(*, item_id: uuid.UUID, by: User) -> None:
    """Charge nothing for a frame that arrived broken, though it was checked in before.

    What was paid for its damage is for a manager to give back.

    Args:
        item_id: of which the shop has agreed that it arrived broken.
        by: who agreed.
    """
    trial_id = TrialItem.objects.values_list("trial_id", flat=True).get(pk=item_id)
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "programme_version"))
        proposals = ChargeProposal.objects.filter(inspection__item=item_id)
        _waive_all(proposals, trial, by=by, why=ARRIVED_BROKEN)
        damage = TrialCharge.objects.filter(item=item_id, purpose=TrialCharge.Purpose.DAMAGED)
        for charge in damage.order_by("pk"):
            let_go(charge, by=by, reason=ARRIVED_BROKEN)
        damage.filter(state=TrialCharge.State.PAID).update(to_decide=True)
        close_if_settled(trial_id=trial_id, by=by)


def _waive_all(proposals: QuerySet[ChargeProposal], trial: Trial, *, by: User, why: str) -> None:
    open_ = proposals.filter(state__in=OPEN_PROPOSALS).values_list("pk", flat=True)
    for proposal_id in sorted(open_):
        _trial, proposal = locked_proposal(proposal_id)
        told = proposal.state != ProposalState.PROPOSED
        move_proposal(proposal, ProposalState.WAIVED, by=by, why=why, reason=why, decided_by=by)
        record_damage(EventName.DAMAGE_WAIVED, proposal, person=staff(by))
        if told:
            mail_damage("trial_damage_waived", trial, proposal)
