"""What a customer reads of damage speaks to her; staff read it in their words."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format
from djmoney.money import Money

from shop.foundation.history import IllegalMoveError
from tests.factories.shop import ManagerFactory, UserFactory
from tests.trials.returns.boxes_back import proposal_for_damage
from trials.home_trials.models import Trial
from trials.returns.errors import ProposalMissingError
from trials.returns.models.damage import ChargeProposal
from trials.returns.services.damages import accept_proposal, change_proposal, waive_proposal
from trials.returns.services.objecting import object_to_damage

pytestmark = pytest.mark.django_db
OF_STAFF = ("Customer told", "Customer objects", "To be decided", "Waived")


@pytest.fixture
def proposal() -> ChargeProposal:
    """Damage that its customer was told of yesterday."""
    proposal = proposal_for_damage()
    with time_machine.travel(timezone.now() - timedelta(days=1)):
        return accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())


def _trial(proposal: ChargeProposal) -> Trial:
    trial: Trial = proposal.inspection.item.trial
    return trial


def _object(proposal: ChargeProposal, words: str = "It came so") -> Any:
    user = _trial(proposal).user
    return object_to_damage(user=user, proposal_id=proposal.pk, words=words)


def _card(proposal: ChargeProposal) -> str:
    """Return what her trial's page says of damage."""
    client, trial = Client(), _trial(proposal)
    client.force_login(trial.user)
    page = client.get(f"/trials/{trial.number}/").content.decode()
    card = page[page.index('id="damage"') :]
    return card[: card.index("</section>")]


def _day(days: int) -> str:
    """Return a day as her page writes it, counted in her zone."""
    there = timezone.localtime(timezone.now() + timedelta(days=days), UserFactory().zone)
    return date_format(there, "DATE_FORMAT")


def test_she_reads_when_she_was_told_and_when_she_objected(proposal: ChargeProposal) -> None:
    assert f">You were told on {_day(-1)}" in _card(proposal)
    _object(proposal)
    # What a manager changes after that is no objection of hers.
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        change_proposal(
            proposal_id=proposal.pk, by=ManagerFactory(), amount=Money(9, "EUR"), reason="Light"
        )
    card = _card(proposal)
    assert f">You objected on {_day(0)}" in card
    assert not [each for each in OF_STAFF if each in card]


@pytest.mark.parametrize("decided", ["charged", "waived"])
def test_once_it_is_decided_she_reads_what_became_of_it(
    proposal: ChargeProposal, decided: str
) -> None:
    _object(proposal)
    if decided == "charged":
        accept_proposal(proposal_id=proposal.pk, by=ManagerFactory(), answer="We saw it")
    else:
        waive_proposal(proposal_id=proposal.pk, by=ManagerFactory(), reason="As agreed")
    card = _card(proposal)
    assert f">{ {'charged': 'Charged', 'waived': 'Not charged'}[decided] }<" in card
    assert not [each for each in OF_STAFF if each in card]


def test_the_console_keeps_the_words_of_staff(proposal: ChargeProposal, client: Client) -> None:
    client.force_login(ManagerFactory())
    page = "/console/proposals/?state=all"
    assert "Customer told" in client.get(page).content.decode()
    _object(proposal)
    assert "Customer objects" in client.get(page).content.decode()


def test_an_objection_that_comes_too_late_is_answered_in_words_for_her(
    proposal: ChargeProposal,
) -> None:
    waive_proposal(proposal_id=proposal.pk, by=ManagerFactory(), reason="As agreed")
    with pytest.raises(IllegalMoveError) as refused:
        _object(proposal)
    assert not [each for each in OF_STAFF if each in str(refused.value)]
    assert "Nothing is charged for it" in str(refused.value)


def test_a_proposal_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(ProposalMissingError):
        accept_proposal(proposal_id=uuid.uuid4(), by=ManagerFactory())
