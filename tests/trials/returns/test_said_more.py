"""What a customer adds to her objection is kept, with when, and read before somebody decides."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.at_once import at_once
from tests.factories.shop import ManagerFactory
from tests.trials.returns.boxes_back import broken_laws, proposal_for_damage
from trials.home_trials.models import Trial
from trials.returns.errors import ProposalChangedError, TooManyObjectionsError
from trials.returns.models.damage import ChargeProposal, FurtherObjection
from trials.returns.personal_data import erase_words, export_returns
from trials.returns.services.damages import accept_proposal, change_proposal, waive_proposal
from trials.returns.services.objecting import MOST_FURTHER, object_to_damage

pytestmark = pytest.mark.django_db
CARD = "Also 4242 4242 4242 4242"


@pytest.fixture
def proposal() -> ChargeProposal:
    """Damage to which its customer has objected."""
    return _objected()


def _objected() -> ChargeProposal:
    proposal = proposal_for_damage()
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory(name="Mia Boss"))
    return _say(proposal, "It came so")


def _say(proposal: ChargeProposal, words: str) -> ChargeProposal:
    return object_to_damage(user=_trial(proposal).user, proposal_id=proposal.pk, words=words)


def _trial(proposal: ChargeProposal) -> Trial:
    trial: Trial = proposal.inspection.item.trial
    return trial


def _send(client: Client, proposal: ChargeProposal, words: str) -> tuple[int, str]:
    here = f"/trials/{_trial(proposal).number}/"
    answer = client.post(
        f"/proposals/{proposal.pk}/object/",
        {"words": words},
        headers={"Referer": f"http://testserver{here}"},
        follow=True,
    )
    return answer.status_code, answer.content.decode()


def test_what_she_says_second_is_kept_beside_the_first_and_read_by_her_and_the_manager(
    client: Client, proposal: ChargeProposal
) -> None:
    trial = _trial(proposal)
    client.force_login(trial.user)
    assert "Say more" in client.get(f"/trials/{trial.number}/").content.decode()

    page = _send(client, proposal, "The carrier kicked it")[1]

    assert "We have your word." in page
    assert "It came so" in page
    assert "The carrier kicked it" in page
    client.force_login(ManagerFactory())
    listed = client.get(reverse("console:proposal_list")).content.decode()
    assert listed.index("“It came so” <span") < listed.index("“The carrier kicked it” <span")
    told = client.get(f"/console/trials/{trial.number}/").content.decode()
    assert told.count(": Customer objects</span>") == 2
    assert broken_laws() == []


def test_the_same_again_adds_nothing(proposal: ChargeProposal) -> None:
    for words in ("It came so", "And late", "And late", " And  late "):
        _say(proposal, words)
    assert [each.words for each in proposal.further.all()] == ["And late"]
    assert proposal.transitions.filter(to_state="objected").count() == 2


def test_after_so_many_times_she_is_asked_to_write_a_mail(proposal: ChargeProposal) -> None:
    for time in range(MOST_FURTHER):
        _say(proposal, f"Thing {time}")
    with pytest.raises(TooManyObjectionsError, match="Write us a mail"):
        _say(proposal, "One more")
    _say(proposal, "Thing 0")
    assert proposal.further.count() == MOST_FURTHER


def test_a_card_number_is_said_at_the_field_in_which_her_words_stay(
    client: Client, proposal: ChargeProposal
) -> None:
    client.force_login(_trial(proposal).user)
    status, page = _send(client, proposal, CARD)

    assert status == 422
    assert f">{CARD}</textarea>" in page
    assert "<details open><summary>Say more" in page
    assert not FurtherObjection.objects.exists()


@pytest.mark.parametrize("way", ["accept", "waive", "change"])
def test_who_has_not_read_what_she_added_decides_nothing(
    client: Client, proposal: ChargeProposal, way: str
) -> None:
    client.force_login(ManagerFactory())
    shown = client.get(reverse("console:proposal_list")).content.decode()
    assert shown.count('name="seen_said" value="1"') == 3
    _say(proposal, "And late")
    seen: dict[str, Any] = {"seen": "objected", "reason": "Light", "amount": "5"}

    url = reverse("console:proposal_decide", args=[proposal.pk])
    answer = client.post(url, {"way": way, "seen_said": "1", **seen})

    assert answer.status_code == 409
    assert "its customer has said more by now" in answer.content.decode()
    answer = client.post(
        f"/api/v1/staff/proposals/{proposal.pk}/{way}/",
        {"seen_said": 1, **seen},
        content_type="application/json",
        headers={"Idempotency-Key": "1"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_changed")
    assert client.post(url, {"way": way, "seen_said": "2", **seen}).status_code == 302


def test_who_repeats_what_is_done_is_told_that_it_is(proposal: ChargeProposal) -> None:
    boss = ManagerFactory()
    with pytest.raises(ProposalChangedError):
        change_proposal(
            proposal_id=proposal.pk, by=boss, amount=proposal.amount, reason="Other", seen_said=0
        )
    for said in (1, 0):
        waive_proposal(proposal_id=proposal.pk, by=boss, reason="Light", seen_said=said)


def test_programs_read_what_she_added(client: Client, proposal: ChargeProposal) -> None:
    _say(proposal, "And late")
    trial = _trial(proposal)
    for user, url in (
        (trial.user, f"/api/v1/trials/{trial.number}/proposals/"),
        (ManagerFactory(), "/api/v1/staff/proposals/?state=objected"),
    ):
        client.force_login(user)
        (listed,) = client.get(url).json()["results"]
        assert listed["objection"] == "It came so"
        assert [each["words"] for each in listed["further_objections"]] == ["And late"]


def test_what_she_added_is_in_her_export_and_goes_with_her_account(
    proposal: ChargeProposal,
) -> None:
    _say(proposal, "And late")
    user = _trial(proposal).user
    (said,) = export_returns(user)["said further of damage"]
    assert said["words"] == "And late"
    assert erase_words(user) == 2
    assert not FurtherObjection.objects.exists()


def test_the_lists_take_as_many_statements_however_much_was_said(client: Client) -> None:
    manager, taken = ManagerFactory(), []
    for more in (1, 3):
        said = _objected()
        for time in range(more):
            _say(said, f"Thing {time}")
        trial = _trial(said)
        for user, url in (
            (manager, reverse("console:proposal_list")),
            (manager, "/api/v1/staff/proposals/"),
            (trial.user, f"/trials/{trial.number}/"),
        ):
            client.force_login(user)
            client.get(url)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(url).status_code == 200
            taken.append(len(captured))
    assert taken[:3] == taken[3:]


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_say_the_same_keep_it_once() -> None:
    proposal = _objected()
    at_once([lambda: _say(proposal, "And late")] * 2, expected=())
    assert proposal.further.count() == 1


def test_the_admin_shows_what_she_added_and_lets_nobody_change_it(
    proposal: ChargeProposal, admin_client: Client
) -> None:
    _say(proposal, "It rattled, too")
    here = reverse("admin:trials_chargeproposal_change", args=[proposal.pk])

    page = admin_client.get(here).content.decode()

    assert "It rattled, too" in page
    assert 'name="further-0-words"' not in page
