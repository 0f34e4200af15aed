"""What is to be decided of damage, and what its customer was told of."""

import uuid
from datetime import datetime

from django.db.models import (
    OuterRef,
    QuerySet,
    Subquery,
)
from django.utils.translation import gettext as _

from trials.home_trials.models import Trial
from trials.returns.errors import ProposalMissingError
from trials.returns.models.damage import ChargeProposal, ProposalTransition
from trials.returns.states import ProposalState


def proposals_with_trials() -> QuerySet[ChargeProposal]:
    """Return all proposals with what a list of them shows, the oldest first."""
    return ChargeProposal.objects.select_related(
        "inspection__item__trial__user",
        "inspection__item__variant__frame",
        "inspection__unit",
        "inspection__inspected_by",
        "decided_by",
    ).order_by("proposed_at", "pk")


def proposals_matching(state: str) -> QuerySet[ChargeProposal]:
    """Return proposals of one state, those somebody has to decide, or all.

    Args:
        state: one of ``ProposalState``, ``waiting``, or anything else for all.
    """
    proposals = proposals_with_trials()
    if state == "waiting":
        return proposals.filter(state__in=(ProposalState.PROPOSED, ProposalState.OBJECTED))
    return proposals.filter(state=state) if state in ProposalState.values else proposals


def proposals_told(trial: Trial) -> QuerySet[ChargeProposal]:
    """Return what a customer was told of damage in a trial of hers, oldest first.

    Each knows when she was told (``told_at``), when she objected first (``objected_at``), and when
    she was written to last that another amount is asked since (``changed_at``).
    """
    proposals = proposals_with_trials().annotate(
        told_at=_first_moved(ProposalState.ACCEPTED),
        objected_at=OBJECTED_AT,
        changed_at=Subquery(_changes_since().values("at")[:1]),
    )
    told = proposals.filter(inspection__item__trial=trial, answer_until__isnull=False)
    return told.prefetch_related("further")


def _first_moved(state: ProposalState) -> Subquery:
    moves = ProposalTransition.objects.filter(subject=OuterRef("pk"), to_state=state)
    return Subquery(moves.order_by("pk").values("at")[:1])


def _changes_since() -> QuerySet[ProposalTransition]:
    """Return what people changed of what was objected to; her own further words have no reason."""
    objected = ProposalState.OBJECTED
    moves = ProposalTransition.objects.filter(
        subject=OuterRef("pk"), from_state=objected, to_state=objected
    )
    return moves.exclude(reason="").order_by("-pk")


OBJECTED_AT = _first_moved(ProposalState.OBJECTED)


def proposal_by_id(proposal_id: uuid.UUID) -> ChargeProposal:
    """Return one proposal with what a list shows.

    Raises:
        ProposalMissingError: there is none.
    """
    proposal = proposals_with_trials().filter(pk=proposal_id).first()
    if proposal is None:
        raise ProposalMissingError(_("There is no such proposal."))
    return proposal


def proposals_to_charge(now: datetime) -> list[uuid.UUID]:
    """Return the proposals whose customers were told and have not objected in time.

    Args:
        now: an aware time.
    """
    silent = ChargeProposal.objects.filter(state=ProposalState.ACCEPTED, answer_until__lt=now)
    return list(silent.order_by("answer_until").values_list("pk", flat=True))
