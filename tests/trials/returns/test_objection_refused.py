"""What a customer writes against a charge for damage is not lost where it is refused."""

import pytest
from django.test import Client

from tests.factories.shop import ManagerFactory, UserFactory
from tests.trials.returns.boxes_back import proposal_for_damage
from trials.returns.models.damage import ChargeProposal
from trials.returns.services.damages import accept_proposal, waive_proposal

pytestmark = pytest.mark.django_db

WORDS = "It fell out of the box. My card is 4242 4242 4242 4242."


@pytest.fixture
def proposal() -> ChargeProposal:
    """Damage that its customer was told of."""
    proposal = proposal_for_damage()
    return accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())


def _sent(client: Client, proposal: ChargeProposal, words: str) -> tuple[int, str]:
    trial = proposal.inspection.item.trial
    answer = client.post(
        f"/proposals/{proposal.pk}/object/",
        {"words": words},
        headers={"Referer": f"http://testserver/trials/{trial.number}/"},
    )
    return answer.status_code, answer.content.decode()


def test_a_card_number_is_said_at_the_field_and_her_words_stand_in_it(
    client: Client, proposal: ChargeProposal
) -> None:
    client.force_login(proposal.inspection.item.trial.user)
    status, page = _sent(client, proposal, WORDS)

    assert status == 422
    assert f">{WORDS}</textarea>" in page
    field = f"objection-{proposal.pk}"
    assert f'aria-describedby="{field}_error"' in page
    assert f'id="{field}_error"><li>This looks like a card number.' in page
    proposal.refresh_from_db()
    assert (proposal.state, proposal.objection) == ("accepted", "")


def test_no_words_are_asked_for_at_the_field(client: Client, proposal: ChargeProposal) -> None:
    client.force_login(proposal.inspection.item.trial.user)
    status, page = _sent(client, proposal, "  ")

    assert status == 422
    assert f'id="objection-{proposal.pk}_error"><li>Say why' in page


def test_the_page_of_somebody_elses_trial_is_not_shown(
    client: Client, proposal: ChargeProposal
) -> None:
    client.force_login(UserFactory())
    answer = client.post(f"/proposals/{proposal.pk}/object/", {"words": WORDS})

    assert answer.status_code == 404
    assert proposal.inspection.item.trial.number not in answer.content.decode()


def test_where_the_form_is_gone_the_refusal_is_said_all_the_same(
    client: Client, proposal: ChargeProposal
) -> None:
    trial = proposal.inspection.item.trial
    waive_proposal(proposal_id=proposal.pk, by=ManagerFactory(), reason="As agreed")
    client.force_login(trial.user)
    assert _sent(client, proposal, WORDS)[0] == 302
    page = client.get(f"/trials/{trial.number}/").content.decode()
    assert "looks like a card number" in page
    assert "As agreed" in page
