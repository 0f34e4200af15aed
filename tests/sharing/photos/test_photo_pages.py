"""The page on which a customer adds her photos."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.sharing import ready_photo
from tests.factories.trials import delivered_trial

pytestmark = pytest.mark.django_db


def test_the_first_frame_without_a_photo_is_chosen(private_files) -> None:
    trial = delivered_trial(frames=3)
    first, second, third = trial.items.order_by("variant_id")
    client = Client()
    client.force_login(trial.user)
    page = reverse("sharing:photo_upload", args=[trial.number])

    assert client.get(page).context["form"]["frame"].value() == first.pk
    ready_photo(first)
    assert client.get(page).context["form"]["frame"].value() == second.pk
    for item in (second, third):
        ready_photo(item)
    assert client.get(page).context["form"]["frame"].value() == first.pk
    assert client.get(f"{page}?frame={third.pk}").context["form"]["frame"].value() == str(third.pk)
