"""A card stays in the account while an open trial would be charged to it."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from shop.payments.errors import CardInUseError
from shop.payments.services.cards import detach_card
from tests.factories.shop import SavedCardFactory
from tests.factories.trials import approved_trial, delivered_trial, requested_trial
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("made", [requested_trial, approved_trial, delivered_trial])
def test_it_is_not_removed_while_a_trial_is_open(made) -> None:  # type: ignore[no-untyped-def]
    trial: Trial = made()

    with pytest.raises(CardInUseError, match="A trial of yours is open"):
        detach_card(user=trial.user, card_id=trial.card_id)

    trial.card.refresh_from_db()
    assert trial.card.detached_at is None


def test_another_card_of_hers_goes_and_this_one_when_the_trial_is_over() -> None:
    trial = requested_trial()
    other = SavedCardFactory(user=trial.user)
    detach_card(user=trial.user, card_id=other.pk)

    cancel_trial(trial_id=trial.pk, by=trial.user)
    detach_card(user=trial.user, card_id=trial.card_id)

    trial.card.refresh_from_db()
    assert trial.card.detached_at is not None


def test_the_api_and_the_page_say_why(client: Client) -> None:
    trial = requested_trial()
    api = APIClient()
    api.force_authenticate(trial.user)
    client.force_login(trial.user)

    answer = api.delete(f"/api/v1/cards/{trial.card_id}/")
    page = client.post(f"/account/cards/{trial.card_id}/remove/", follow=True)

    assert (answer.status_code, answer.json()["code"]) == (409, "card_in_use")
    assert "A trial of yours is open" in page.content.decode()
    trial.card.refresh_from_db()
    assert trial.card.detached_at is None


def test_on_the_page_of_the_trial_another_card_takes_its_place(client: Client) -> None:
    trial = delivered_trial()
    other = SavedCardFactory(user=trial.user)
    client.force_login(trial.user)

    assert f"Change to {other}" in client.get(f"/trials/{trial.number}/").content.decode()
    client.post(f"/trials/{trial.number}/card/", {"card": other.pk})
    detach_card(user=trial.user, card_id=trial.card_id)

    trial.refresh_from_db()
    assert trial.card == other
    assert "Change to" not in client.get(f"/trials/{trial.number}/").content.decode()
