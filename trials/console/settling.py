"""What boxes that are back wait for, in a few words: fixed queries, however many boxes."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from trials.claims.models import Claim
from trials.claims.states import ClaimState
from trials.console.overdue import step_of_charge
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.states import OPEN_PROPOSALS, ProposalState


class WaitsFor(models.TextChoices):
    """What a box that is back may wait for; what somebody has to decide comes first."""

    DAMAGE = "damage", gettext_lazy("Damage to decide")
    OBJECTION = "objection", gettext_lazy("She objected: to decide")
    DEBT = "debt", gettext_lazy("Debt to decide")
    REFUND = "refund", gettext_lazy("Refund to decide")
    CLAIM = "claim", gettext_lazy("Claim to file")
    ANSWER = "answer", gettext_lazy("She may object until %(day)s")
    CHARGING = "charging", gettext_lazy("Charge under way")
    ASK_AGAIN = "ask_again", gettext_lazy("Card asked again on %(day)s")


ORDER = list(WaitsFor)
OF_PROPOSALS = {
    ProposalState.PROPOSED: WaitsFor.DAMAGE,
    ProposalState.OBJECTED: WaitsFor.OBJECTION,
    ProposalState.ACCEPTED: WaitsFor.ANSWER,
}
OF_CHARGES = {
    "ask_again": WaitsFor.ASK_AGAIN,
    "asking": WaitsFor.CHARGING,
    "decide": WaitsFor.DEBT,
}


@dataclass(frozen=True)
class Wait:
    """One thing that a box waits for.

    Attributes:
        what: what it is.
        at: the day it comes, where it comes by itself; else since when it waits.
    """

    what: WaitsFor
    at: datetime

    def __str__(self) -> str:
        """Say it in words, with its day by the reader's calendar."""
        label = str(self.what.label)
        if "%(day)s" not in label:
            return label
        return label % {"day": date_format(timezone.localtime(self.at), "SHORT_DATE_FORMAT")}


def waits_of(trials: Iterable[Trial]) -> dict[uuid.UUID, list[Wait]]:
    """Return what each trial of a page waits for whose box is back, in four queries at most.

    Args:
        trials: of any state; of those whose box is not back nothing is asked or returned.
    """
    ids = [trial.pk for trial in trials if trial.state == TrialState.RECEIVED]
    if not ids:
        return {}
    found: dict[uuid.UUID, list[Wait]] = defaultdict(list)
    proposed = ChargeProposal.objects.filter(
        inspection__item__trial__in=ids, state__in=OPEN_PROPOSALS
    )
    told = ("inspection__item__trial_id", "state", "proposed_at", "answer_until")
    for trial_id, state, since, until in proposed.values_list(*told):
        what = OF_PROPOSALS[ProposalState(state)]
        found[trial_id].append(Wait(what, until if what == WaitsFor.ANSWER and until else since))
    open_charges = Q(state=TrialCharge.State.OWED) | Q(to_decide=True)
    charges = TrialCharge.objects.filter(open_charges, trial__in=ids).prefetch_related("attempts")
    for charge in charges:
        found[charge.trial_id].append(_of_charge(charge))
    claims = Claim.objects.filter(shipment__trial__in=ids, state=ClaimState.OPEN)
    for trial_id, since in claims.values_list("shipment__trial_id", "opened_at"):
        found[trial_id].append(Wait(WaitsFor.CLAIM, since))
    return {trial_id: _in_order(waits) for trial_id, waits in found.items()}


def _of_charge(charge: TrialCharge) -> Wait:
    if charge.to_decide:
        return Wait(WaitsFor.REFUND, charge.settled_at or charge.created_at)
    step, at = step_of_charge(charge)
    return Wait(OF_CHARGES[step], at or charge.created_at)


def _in_order(waits: list[Wait]) -> list[Wait]:
    """Return each kind once, its earliest, what people decide first."""
    first: dict[WaitsFor, Wait] = {}
    for wait in sorted(waits, key=lambda each: each.at):
        first.setdefault(wait.what, wait)
    return sorted(first.values(), key=lambda each: ORDER.index(each.what))
