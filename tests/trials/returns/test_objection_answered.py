"""Who objects to damage is answered in words: in the mails, on her page and in the history."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.models import OutboxMessage
from tests.factories.shop import ManagerFactory
from tests.trials.returns.boxes_back import broken_laws, proposal_for_damage
from tests.trials.returns.trials_with_charges import payment_of, refused, told
from trials.home_trials.models import Trial
from trials.returns.errors import ReasonMissingError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.services.damages import accept_proposal, change_proposal, charge_unanswered
from trials.returns.services.objecting import object_to_damage

pytestmark = pytest.mark.django_db
ANSWER = "The photo of our packing table shows it whole"
WHY = "Only the temple is to be replaced"


@pytest.fixture
def boss() -> User:
    return ManagerFactory(name="Mia Boss")


@pytest.fixture
def proposal(boss: User) -> ChargeProposal:
    """Damage to which its customer has objected."""
    proposal = proposal_for_damage()
    accept_proposal(proposal_id=proposal.pk, by=boss)
    user = proposal.inspection.item.trial.user
    return object_to_damage(user=user, proposal_id=proposal.pk, words="It came so")


def _trial(proposal: ChargeProposal) -> Trial:
    trial: Trial = proposal.inspection.item.trial
    return trial


def _charged(proposal: ChargeProposal, boss: User) -> TrialCharge:
    accept_proposal(proposal_id=proposal.pk, by=boss, answer=ANSWER)
    return TrialCharge.objects.get()


def _change(proposal: ChargeProposal, boss: User, amount: int, reason: str = WHY) -> None:
    change_proposal(proposal_id=proposal.pk, by=boss, amount=Money(amount, "EUR"), reason=reason)


def _mails(words: str) -> list[dict[str, Any]]:
    mails = OutboxMessage.objects.filter(topic="mail.send", payload__subject__icontains=words)
    return [each.payload for each in mails.order_by("created_at")]


def _card(proposal: ChargeProposal) -> str:
    """Return what her trial's page says of damage."""
    client, trial = Client(), _trial(proposal)
    client.force_login(trial.user)
    page = client.get(f"/trials/{trial.number}/").content.decode()
    card = page[page.index('id="damage"') :]
    return card[: card.index("</section>")]


def _by_api(client: Client, proposal: ChargeProposal, **sent: Any) -> Any:
    return client.post(
        f"/api/v1/staff/proposals/{proposal.pk}/accept/",
        {"seen": "objected", **sent},
        content_type="application/json",
        headers={"Idempotency-Key": f"{sent}"},
    )


@pytest.mark.parametrize("answer", ["", "  "])
def test_without_an_answer_nothing_that_was_objected_to_is_charged(
    proposal: ChargeProposal, boss: User, answer: str
) -> None:
    with pytest.raises(ReasonMissingError, match="she reads"):
        accept_proposal(proposal_id=proposal.pk, by=boss, answer=answer)
    with pytest.raises(CardNumberError):
        accept_proposal(proposal_id=proposal.pk, by=boss, answer="4242 4242 4242 4242")
    assert not TrialCharge.objects.exists()


def test_the_answer_is_kept_and_told_with_the_charge(proposal: ChargeProposal, boss: User) -> None:
    charge = _charged(proposal, boss)
    told(payment_of(charge), "succeeded")

    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason, proposal.decided_by) == ("charged", ANSWER, boss)
    assert proposal.transitions.latest("pk").reason == ANSWER
    (mail,) = _mails("The damage to")
    assert all(f"Our answer to your objection: {ANSWER}" in mail[kind] for kind in ("text", "html"))
    assert broken_laws() == []


def test_the_answer_is_told_where_the_card_refuses_too(
    proposal: ChargeProposal, boss: User
) -> None:
    refused(_charged(proposal, boss), "insufficient_funds")

    (mail,) = _mails("We could not charge")
    assert all(f"Our answer to your objection: {ANSWER}" in mail[kind] for kind in ("text", "html"))


def test_who_did_not_object_reads_of_no_answer(boss: User) -> None:
    proposal = proposal_for_damage()
    accept_proposal(proposal_id=proposal.pk, by=boss)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        charge_unanswered(proposal_id=proposal.pk)
        told(payment_of(TrialCharge.objects.get()), "succeeded")
    (mail,) = _mails("The damage to")
    assert "objection" not in mail["text"] + mail["html"]
    assert "answer" not in _card(proposal)


def test_her_page_has_her_words_and_the_answer(proposal: ChargeProposal, boss: User) -> None:
    _charged(proposal, boss)

    card = _card(proposal)

    assert "“It came so”" in card
    assert f"Our answer: {ANSWER}" in card


def test_staff_read_the_answer_in_the_history_of_the_trial(
    proposal: ChargeProposal, boss: User, client: Client
) -> None:
    _charged(proposal, boss)
    client.force_login(boss)
    page = client.get(f"/console/trials/{_trial(proposal).number}/").content.decode()
    assert ANSWER in page[page.index("Damage, ") :]


def test_the_page_asks_for_the_answer_and_takes_it(
    proposal: ChargeProposal, boss: User, client: Client
) -> None:
    client.force_login(boss)
    page = client.get(reverse("console:proposal_list")).content.decode()
    assert f'<textarea id="answer-{proposal.pk}" name="reason"' in page
    url = reverse("console:proposal_decide", args=[proposal.pk])
    sent = {"way": "accept", "seen": "objected"}

    assert client.post(url, sent).status_code == 422
    assert client.post(url, sent | {"reason": ANSWER}).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.reason) == ("charged", ANSWER)


def test_a_program_answers_too(proposal: ChargeProposal, boss: User, client: Client) -> None:
    client.force_login(boss)
    without = _by_api(client, proposal)
    assert (without.status_code, without.json()["code"]) == (422, "reason_missing")

    answered = _by_api(client, proposal, answer=ANSWER)

    assert (answered.status_code, answered.json()["state"]) == (200, "charged")
    assert answered.json()["reason"] == ANSWER


def test_what_is_asked_after_a_change_is_written_to_her_and_on_her_page(
    proposal: ChargeProposal, boss: User
) -> None:
    before = proposal.amount
    _change(proposal, boss, 20)
    _change(proposal, boss, 20)

    (mail,) = _mails("Your objection")
    for kind in ("text", "html"):
        assert f"€20.00 instead of {before}" in mail[kind]
        assert WHY in mail[kind]
    card = _card(proposal)
    assert "We mean to charge €20.00 now, as we wrote to you" in card
    assert "You object to" not in card
    assert WHY in card

    _change(proposal, boss, 10, "Light")
    assert "€10.00 instead of €20.00" in _mails("Your objection")[1]["text"]


def test_another_reason_for_the_same_amount_is_written_to_her_as_that(
    proposal: ChargeProposal, boss: User
) -> None:
    change_proposal(proposal_id=proposal.pk, by=boss, amount=proposal.amount, reason=WHY)
    (mail,) = _mails("Your objection")
    assert "instead of" not in mail["text"]
    assert f"It stays at {proposal.amount}" in mail["text"]


def test_what_is_changed_before_she_was_told_is_not_written_to_her(boss: User) -> None:
    _change(proposal_for_damage(), boss, 20)
    assert _mails("objection") == []
