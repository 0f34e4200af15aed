"""The page on which a customer adds her photos."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.photos.services import crop_photo
from shop.foundation.outbox import carry_out_due
from shop.foundation.photos.crops import Crop
from tests.factories.sharing import ready_photo
from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg

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


@pytest.mark.parametrize(("across", "small"), [(150, True), (599, True), (600, False)])
def test_who_sends_few_pixels_is_told_that_it_looks_blurred(
    private_files, client, across, small
) -> None:
    """A phone draws such a photo larger than it is; it is taken all the same."""
    trial = delivered_trial()
    photo = ready_photo(trial.items.first(), data=jpeg(across, across // 2))
    client.force_login(trial.user)
    page = client.get(reverse("sharing:photo_upload", args=[trial.number])).content.decode()
    assert reverse("sharing:photo", args=[photo.pk, 320, "webp"]) in page
    assert ("it looks blurred" in page) == small
    (told,) = client.get(reverse("api-trial-photos", args=[trial.number])).json()["results"]
    assert told["is_small"] is small


def test_a_small_part_of_a_large_photo_is_small_too(private_files) -> None:
    photo = ready_photo(delivered_trial().items.first(), data=jpeg(1200, 1600))
    assert not photo.is_small
    crop_photo(user=photo.user, photo_id=photo.pk, crop=Crop(0.4, 0.4, 0.25, 0.25))
    while carry_out_due():
        pass
    photo.refresh_from_db()
    assert photo.is_small
