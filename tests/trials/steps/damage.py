"""Steps about damage: what is proposed to be charged, what people and the customer say to it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.trials.steps.amounts import Charge, Proposal
from tests.trials.steps.trial import Item
from tests.trials.steps.trial import Trial as Model
from tests.trials.steps.world import World
from trials.home_trials.models import Trial
from trials.returns.models.damage import ChargeProposal
from trials.returns.services.damages import accept_proposal, charge_unanswered, waive_proposal
from trials.returns.services.objecting import object_to_damage


class Damage(World):
    """Accepting, waiving, objecting, and charging for damage."""

    def accept(self, _trial: Trial, _model: Model, item: Item) -> None:
        row, proposal = _rows(item)

        def then(accepted: ChargeProposal) -> None:
            if proposal.state == "objected":
                _charge(item, proposal)
            elif proposal.state == "proposed":
                proposal.state, proposal.answer_until = "accepted", accepted.answer_until

        self.attempt(
            proposal.is_open(),
            lambda: accept_proposal(proposal_id=row.pk, by=self.manager, answer="We saw it"),
            then,
        )

    def waive_damage(self, _trial: Trial, model: Model, item: Item) -> None:
        row, proposal = _rows(item)

        def then(_waived: Any) -> None:
            if proposal.is_open():
                proposal.state = "waived"
                self.shop.close_if_settled(model)

        self.attempt(
            proposal.state not in ("charged", "withdrawn"),
            lambda: waive_proposal(proposal_id=row.pk, by=self.manager, reason="A light scratch"),
            then,
        )

    def object(self, trial: Trial, _model: Model, item: Item) -> None:
        row, proposal = _rows(item)
        until = proposal.answer_until
        in_time = proposal.state == "accepted" and until is not None and until >= timezone.now()
        self.attempt(
            in_time or proposal.state == "objected",
            lambda: object_to_damage(user=trial.user, proposal_id=row.pk, words="It was so"),
            lambda _told: setattr(proposal, "state", "objected"),
        )

    def unanswered(self, _trial: Trial, _model: Model, item: Item) -> None:
        row, proposal = _rows(item)
        charge_unanswered(proposal_id=row.pk)
        until = proposal.answer_until
        if proposal.state == "accepted" and until is not None and until < timezone.now():
            _charge(item, proposal)

    def damage_falls_due(self, trial: Trial, model: Model, which: int) -> None:
        """Accept damage and let the days to answer pass at once: few trials come so far."""
        damaged = [item for item in model.items if item.proposal]
        if damaged:
            item = damaged[which % len(damaged)]
            self.accept(trial, model, item)
            self.traveller.shift(timedelta(days=9))
            self.unanswered(trial, model, item)


def _rows(item: Item) -> tuple[ChargeProposal, Proposal]:
    assert item.proposal is not None
    return ChargeProposal.objects.get(inspection__item=item.row), item.proposal


def _charge(item: Item, proposal: Proposal) -> None:
    proposal.state, item.charges["damaged"] = "charged", Charge(proposal.amount)
