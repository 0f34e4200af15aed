"""A card is not taken out of the account while the trial it stands for is placed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from shop.payments.services.cards import detach_card
from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, filled_box
from tests.shop.foundation.at_once import waiting_for_locks
from trials.home_trials.errors import CardUnknownError
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import place_trial


@pytest.mark.django_db(transaction=True)
def test_a_card_removed_at_the_same_moment_secures_no_trial() -> None:
    ProgrammeVersionFactory()
    user = UserFactory()
    box, address, card = (
        filled_box(user=user),
        AddressFactory(user=user),
        SavedCardFactory(user=user),
    )

    def place() -> Trial:
        try:
            return place_trial(user=user, box_id=box.pk, address_id=address.pk, card_id=card.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as placing:
        with transaction.atomic():
            detach_card(user=user, card_id=card.pk)
            placed = placing.submit(place)
            while not waiting_for_locks():
                assert not placed.done()
        with pytest.raises(CardUnknownError):
            placed.result()
    assert not Trial.objects.exists()
