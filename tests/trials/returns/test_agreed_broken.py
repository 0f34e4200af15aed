"""A frame that arrived broken, agreed to after its box was checked in."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import ManagerFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, terms
from tests.trials.returns.trials_with_charges import payment_of, told
from trials.reports.models import Decision
from trials.reports.services import BROKEN_AGREED, decide_broken, report_broken
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding
from trials.returns.services.damages import accept_proposal, charge_unanswered
from trials.returns.services.objecting import object_to_damage
from trials.returns.tasks import on_broken_agreed

pytestmark = pytest.mark.django_db
LATER = timedelta(days=9)


@pytest.mark.parametrize("known", ["proposed", "accepted", "objected", "owed", "paid"])
def test_damage_of_a_frame_that_the_shop_agrees_later_arrived_broken_is_not_charged(
    known: str,
) -> None:
    terms(damaged_percent=50)
    trial, manager = delivered_trial(frames=1), ManagerFactory()
    item = item_of(trial)
    said = report_broken(
        user=trial.user, number=trial.number, item_id=item.pk, words="A hinge is off"
    )
    checked_in(item, Finding.DAMAGED)
    (proposal,) = ChargeProposal.objects.all()
    if known != "proposed":
        accept_proposal(proposal_id=proposal.pk, by=manager)
    if known == "objected":
        object_to_damage(user=trial.user, proposal_id=proposal.pk, words="It came so")
    later = timezone.now() + LATER
    with time_machine.travel(later):
        if known in ("owed", "paid"):
            charge_unanswered(proposal_id=proposal.pk)
        if known == "paid":
            told(payment_of(TrialCharge.objects.get()), "succeeded")
        decide_broken(report_id=said.pk, by=manager, decision=Decision.ACCEPTED, answer="We see")
        on_broken_agreed(OutboxMessage.objects.get(topic=BROKEN_AGREED).payload)
        charge_unanswered(proposal_id=proposal.pk)

    proposal.refresh_from_db()
    charges = [(each.state, each.to_decide) for each in TrialCharge.objects.all()]
    assert (proposal.state, charges) == {
        "owed": ("charged", [("waived", False)]),
        "paid": ("charged", [("paid", True)]),
    }.get(known, ("waived", []))
    trial.refresh_from_db()
    assert trial.state == "closed"
    assert broken_laws() == []
