"""The part of a photo that friends see, and the whole that they never do."""

import base64
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from rest_framework.test import APIClient

from sharing.photos.errors import CropRefusedError, PhotoMissingError, PhotoNotReadyError
from sharing.photos.files import master_name, read_master, rendition_name
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import (
    CONSENT_VERSION,
    crop_photo,
    erase_photos,
    render_crop,
)
from shop.foundation.outbox import carry_out_due
from shop.foundation.photos.crops import LEAST, WHOLE, Crop, middle
from tests.factories.sharing import gallery_with_link, ready_photo
from tests.factories.shop import UserFactory
from tests.sharing.photos.pictures import corners, encoded, quarters
from tests.sharing.photos.test_add_photo import files_in, send

pytestmark = pytest.mark.django_db

LEFT_HALF = Crop(0, 0, 0.5, 1)


@pytest.fixture
def shared():
    return gallery_with_link(frames=1)


@pytest.fixture
def photo(shared) -> Photo:
    made = ready_photo(shared.items[0].trial_item, data=encoded(quarters(), "JPEG", quality=95))
    carry_out_due()
    return made


def crop(photo: Photo, box: Crop) -> Photo:
    crop_photo(user=photo.user, photo_id=photo.pk, crop=box)
    carry_out_due()
    carry_out_due()
    photo.refresh_from_db()
    return photo


def seen_by(client, shared, photo) -> Image.Image:
    path = reverse("sharing:friend_photo", args=[shared.token, photo.pk, 1600, "jpg"])
    answer = client.get(path)
    assert answer.status_code == 200
    return Image.open(BytesIO(b"".join(answer.streaming_content)))


def test_friends_see_the_part_that_was_chosen_and_no_other_file_is_left(
    shared, photo, friend, private_files
):
    crop(photo, LEFT_HALF)
    shown = seen_by(friend, shared, photo)
    assert shown.size == (120, 160) == (photo.width, photo.height)
    assert corners(shown) == ["red", "red", "white", "white"]
    assert len(files_in(private_files / "photos")) == 7
    assert not photo.being_cropped


def test_a_second_crop_is_of_the_whole_photo_and_not_of_the_first(shared, photo, friend):
    crop(photo, LEFT_HALF)
    crop(photo, Crop(0.5, 0, 0.5, 1))
    assert corners(seen_by(friend, shared, photo)) == ["green", "green", "blue", "blue"]
    crop(photo, WHOLE)
    assert seen_by(friend, shared, photo).size == (240, 160)


def test_until_the_crop_is_made_friends_see_what_they_saw_before(shared, photo, friend):
    crop_photo(user=photo.user, photo_id=photo.pk, crop=LEFT_HALF)
    assert seen_by(friend, shared, photo).size == (240, 160)


def test_a_crop_made_twice_or_late_changes_nothing(shared, photo, friend, private_files):
    crop_photo(user=photo.user, photo_id=photo.pk, crop=LEFT_HALF)
    render_crop(photo.pk)
    render_crop(photo.pk)
    carry_out_due()
    assert seen_by(friend, shared, photo).size == (120, 160)


def test_the_same_crop_chosen_again_is_not_made_again(photo):
    crop(photo, LEFT_HALF)
    crop(photo, LEFT_HALF)
    assert photo.crops_chosen == 1


@pytest.mark.parametrize(
    "box",
    [Crop(0.6, 0, 0.5, 1), Crop(-0.1, 0, 0.5, 1), Crop(0, 0, 0.05, 1), Crop(0, 0, 1, 1.5)]
    + [Crop(float("nan"), 0, 0.5, 1), Crop(0, 0, float("inf"), 1)],
)
def test_a_box_that_leaves_the_photo_or_shows_nothing_is_refused(photo, box):
    with pytest.raises(CropRefusedError):
        crop_photo(user=photo.user, photo_id=photo.pk, crop=box)


def test_only_the_owner_crops_and_only_what_is_ready(shared, photo):
    with pytest.raises(PhotoMissingError):
        crop_photo(user=UserFactory(), photo_id=photo.pk, crop=LEFT_HALF)
    waiting = send(shared.items[0].trial_item)
    with pytest.raises(PhotoNotReadyError):
        crop_photo(user=waiting.user, photo_id=waiting.pk, crop=LEFT_HALF)


def test_the_whole_photo_is_its_owners_alone(shared, photo, client, friend):
    crop(photo, LEFT_HALF)
    path = reverse("sharing:photo_whole", args=[photo.pk])
    client.force_login(photo.user)
    answer = client.get(path)
    assert Image.open(BytesIO(b"".join(answer.streaming_content))).size == (240, 160)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    client.force_login(UserFactory())
    assert client.get(path).status_code == 404
    friends = f"/g/{shared.token}/photos/{photo.pk}"
    for name in ("master.jpg", "whole.jpg", "../master.jpg", "1/800.jpg", "%2e%2e/master.jpg"):
        assert friend.get(f"{friends}/{name}").status_code == 404


def test_a_photo_of_before_there_were_masters_can_be_cropped(photo, shared, friend, private_files):
    (private_files / master_name(photo.pk)).unlink()
    Photo.objects.filter(pk=photo.pk).update(master_width=0, master_height=0, placeholder="")
    crop(photo, LEFT_HALF)
    crop(photo, Crop(0.5, 0, 0.5, 1))
    assert corners(seen_by(friend, shared, photo)) == ["green", "green", "blue", "blue"]
    assert Image.open(BytesIO(read_master(photo.pk))).size == (240, 160)


def test_erasing_takes_master_renditions_and_placeholder_and_bears_repeating(
    photo, shared, private_files, client
):
    crop(photo, LEFT_HALF)
    # What a run that broke off may have left.
    stray = private_files / rendition_name(photo.pk, 800, "jpg", crop=7)
    stray.parent.mkdir()
    stray.write_bytes(b"face")
    assert erase_photos(photo_ids=[photo.pk]) == 1
    carry_out_due()
    photo.refresh_from_db()
    assert files_in(private_files / "photos") == []
    assert (photo.state, photo.placeholder) == (PhotoState.ERASED, "")
    stray.parent.mkdir(exist_ok=True, parents=True)
    stray.write_bytes(b"face")
    assert erase_photos(photo_ids=[photo.pk]) == 0
    carry_out_due()
    assert files_in(private_files / "photos") == []
    client.force_login(photo.user)
    assert client.get(reverse("sharing:photo_whole", args=[photo.pk])).status_code == 404


def test_a_photo_erased_while_it_is_cropped_leaves_no_file(photo, private_files):
    crop_photo(user=photo.user, photo_id=photo.pk, crop=LEFT_HALF)
    erase_photos(photo_ids=[photo.pk])
    for _round in range(3):
        carry_out_due()
    assert files_in(private_files / "photos") == []


def test_an_app_reads_and_sets_the_crop(photo):
    app = APIClient()
    app.force_authenticate(photo.user)
    address = reverse("api-photo-crop", args=[photo.pk])
    told = app.put(address, {"left": 0, "top": 0, "width": 0.5, "height": 1}).json()
    assert told["crop"] == {"left": 0.0, "top": 0.0, "width": 0.5, "height": 1.0}
    assert told["being_cropped"] is True
    assert app.put(address, {"left": 0, "top": 0, "width": 2, "height": 1}).status_code == 400
    low = {"left": 0, "top": 0, "width": 0.01, "height": 1}
    assert app.put(address, low).json()["code"] == "crop_refused"
    whole = app.get(told["whole_url"], headers={"Accept": "image/jpeg"})
    assert b"".join(whole.streaming_content).startswith(b"\xff\xd8\xff")


def test_the_placeholder_is_a_tiny_picture_in_the_page_of_owner_and_friend(
    photo, shared, client, friend
):
    tiny = Image.open(BytesIO(base64.b64decode(photo.placeholder)))
    assert max(tiny.size) == 16
    assert len(photo.placeholder) < 300
    client.force_login(photo.user)
    page = client.get(reverse("sharing:photo_upload", args=[photo.trial_item.trial.number]))
    for content in (page.content, friend.get(f"/g/{shared.token}/").content):
        assert photo.placeholder_url.encode() in content


def test_the_page_takes_numbers_and_says_what_is_wrong_with_them(photo, client):
    client.force_login(photo.user)
    path = reverse("sharing:photo_crop", args=[photo.pk])
    wrong = client.post(path, {"left": "60", "top": "0", "width": "50", "height": "100"})
    assert wrong.status_code == 422
    assert b"must lie within the photo" in wrong.content
    right = client.post(path, {"left": "50", "top": "0", "width": "50", "height": "100"})
    assert right.status_code == 302
    photo.refresh_from_db()
    assert photo.crop == Crop(0.5, 0, 0.5, 1)


def test_one_tick_of_consent_is_written_down_with_each_photo_of_a_batch(shared, client):
    item = shared.items[0].trial_item
    client.force_login(item.trial.user)
    several = [SimpleUploadedFile(f"{n}.jpg", encoded(quarters(), "JPEG")) for n in range(3)]
    path = reverse("sharing:photo_upload", args=[item.trial.number])
    client.post(path, {"frame": str(item.pk), "consent": "on", "photos": several})
    assert [each.consent_version for each in item.photos.all()] == [CONSENT_VERSION] * 3


shares = st.floats(0, 1, allow_nan=False)


@given(shares, shares, st.floats(LEAST, 1), st.floats(LEAST, 1), st.integers(1, 4000))
def test_a_box_that_fits_always_has_pixels_of_the_photo(left, top, width, height, edge):
    box = Crop(left, top, width, height)
    if not box.fits:
        return
    x0, y0, x1, y1 = box.pixels(edge, edge * 2)
    assert 0 <= x0 < x1 <= edge
    assert 0 <= y0 < y1 <= edge * 2


@given(st.sampled_from([0.8, 1.0]), st.integers(1, 4000), st.integers(1, 4000))
def test_a_ready_shape_always_fits(shape, width, height):
    assert middle(shape, width=width, height=height).fits
