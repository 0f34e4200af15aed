"""A customer sends photos of herself, and takes them back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from rest_framework.test import APIClient

from sharing.photos.errors import (
    ConsentMissingError,
    NotAtHomeError,
    PhotoMissingError,
    PhotoRefusedError,
    TooManyPhotosError,
)
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import (
    CONSENT_VERSION,
    PHOTOS_A_FRAME,
    add_photo,
    erase_photo,
    render_photo,
)
from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from shop.foundation.photos.decoding import EXTENSIONS, SIZES
from tests.factories.sharing import ready_photo
from tests.factories.shop import UserFactory
from tests.factories.trials import delivered_trial, shipped_trial
from tests.sharing.photos.pictures import jpeg, png_claiming

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial():
    return delivered_trial()


def send(item, *, user=None, data=None, name="me.jpg", consent=CONSENT_VERSION):
    return add_photo(
        user=user or item.trial.user,
        trial_item_id=item.pk,
        file=SimpleUploadedFile(name, data if data is not None else jpeg()),
        consent_version=consent,
    )


def files_in(directory):
    return sorted(
        str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()
    )


def test_a_photo_is_made_safe_by_the_worker_and_its_original_deleted(trial, private_files):
    photo = send(trial.items.first())
    assert photo.state == PhotoState.PENDING
    assert len(files_in(private_files)) == 1
    carry_out_due()
    carry_out_due()
    photo.refresh_from_db()
    assert (photo.state, photo.original) == (PhotoState.READY, "")
    assert (photo.width, photo.height) == (240, 160)
    assert len(files_in(private_files)) == len(SIZES) * len(EXTENSIONS) + len(["master"])
    assert all(name.startswith("photos/") for name in files_in(private_files))
    event = Event.objects.get(name="photo_added")
    assert event.details["trial"] == str(trial.pk)


def test_rendering_twice_changes_nothing(trial):
    photo = ready_photo(trial.items.first())
    settled = photo.settled_at
    render_photo(photo.pk)
    photo.refresh_from_db()
    assert photo.settled_at == settled
    assert Event.objects.filter(name="photo_added").count() == 1


def test_the_senders_file_name_decides_nothing(trial, private_files):
    for name in ("../../../etc/passwd.jpg", "..\\..\\x.php", "a\x00b.jpg", "x" * 300 + ".svg"):
        file = SimpleUploadedFile("x.jpg", jpeg())
        file._name = name
        add_photo(
            user=trial.user,
            trial_item_id=trial.items.first().pk,
            file=file,
            consent_version=CONSENT_VERSION,
        )
    assert all(name.startswith("originals/") for name in files_in(private_files))


def test_a_photo_damaged_behind_its_header_is_refused_with_a_reason(trial, private_files):
    photo = send(trial.items.first(), data=png_claiming(100, 100))
    carry_out_due()
    carry_out_due()
    photo.refresh_from_db()
    assert (photo.state, photo.refusal) == (PhotoState.REFUSED, "broken")
    assert files_in(private_files) == []


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"GIF89a", png_claiming(9000, 9000)])
def test_what_is_no_photo_is_refused_at_once_and_nothing_is_stored(trial, private_files, data):
    with pytest.raises(PhotoRefusedError):
        send(trial.items.first(), data=data)
    assert not Photo.objects.exists()
    assert not private_files.exists() or files_in(private_files) == []


def test_a_frame_of_somebody_else_is_unknown(trial):
    with pytest.raises(PhotoMissingError):
        send(trial.items.first(), user=UserFactory())


def test_a_frame_still_on_its_way_has_no_photos():
    with pytest.raises(NotAtHomeError):
        send(shipped_trial().items.first())


def test_consent_to_the_present_wording_is_needed_and_recorded(trial):
    with pytest.raises(ConsentMissingError):
        send(trial.items.first(), consent="2020-01")
    assert send(trial.items.first()).consent_version == CONSENT_VERSION


def test_a_frame_has_a_limited_number_of_photos(trial, private_files):
    item = trial.items.first()
    for _each in range(PHOTOS_A_FRAME):
        send(item)
    with pytest.raises(TooManyPhotosError):
        send(item)
    assert len(files_in(private_files)) == PHOTOS_A_FRAME


def test_an_erased_photo_is_gone_from_page_and_disk(trial, private_files, client):
    photo = ready_photo(trial.items.first())
    carry_out_due()
    url = reverse("sharing:photo", args=[photo.pk, 800, "webp"])
    client.force_login(trial.user)
    assert client.get(url).status_code == 200
    erase_photo(user=trial.user, photo_id=photo.pk)
    assert client.get(url).status_code == 404
    carry_out_due()
    assert files_in(private_files) == []
    erase_photo(user=trial.user, photo_id=photo.pk)


def test_a_photo_erased_while_it_waits_is_never_made(trial, private_files):
    photo = send(trial.items.first())
    erase_photo(user=trial.user, photo_id=photo.pk)
    carry_out_due()
    photo.refresh_from_db()
    assert photo.state == PhotoState.ERASED
    assert files_in(private_files) == []


def test_somebody_elses_photo_is_neither_seen_nor_erased(trial, client):
    photo = ready_photo(trial.items.first())
    other = UserFactory()
    with pytest.raises(PhotoMissingError):
        erase_photo(user=other, photo_id=photo.pk)
    client.force_login(other)
    assert client.get(reverse("sharing:photo", args=[photo.pk, 800, "jpg"])).status_code == 404


@pytest.mark.parametrize(("size", "extension"), [(801, "jpg"), (800, "png"), (800, "html")])
def test_only_renditions_that_exist_are_sent(trial, client, size, extension):
    photo = ready_photo(trial.items.first())
    client.force_login(trial.user)
    assert client.get(f"/photos/{photo.pk}/{size}.{extension}").status_code == 404


def test_a_photo_is_sent_with_headers_that_keep_it_private(trial, client):
    photo = ready_photo(trial.items.first())
    client.force_login(trial.user)
    response = client.get(reverse("sharing:photo", args=[photo.pk, 320, "webp"]))
    assert response["Content-Type"] == "image/webp"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "no-referrer"


def test_the_page_takes_several_photos_and_sends_a_script_on_by_header(trial, client):
    client.force_login(trial.user)
    url = reverse("sharing:photo_upload", args=[trial.number])
    form = {
        "frame": str(trial.items.first().pk),
        "consent": "on",
        "photos": [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.jpg", jpeg())],
    }
    response = client.post(url, form, headers={"hx-request": "true"})
    assert (response.status_code, response["HX-Redirect"]) == (204, url)
    assert Photo.objects.filter(user=trial.user).count() == 2
    assert b"Being prepared" in client.get(url).content


def test_the_page_names_the_file_that_was_refused_and_keeps_the_others(trial, client):
    client.force_login(trial.user)
    form = {
        "frame": str(trial.items.first().pk),
        "consent": "on",
        "photos": [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.svg", b"<svg/>")],
    }
    response = client.post(reverse("sharing:photo_upload", args=[trial.number]), form)
    assert response.status_code == 422
    assert "b.svg: This is no photo we can read" in response.content.decode()
    assert Photo.objects.count() == 1


def test_the_page_wants_consent_and_a_frame_of_this_trial(trial, client):
    client.force_login(trial.user)
    url = reverse("sharing:photo_upload", args=[trial.number])
    foreign = delivered_trial().items.first()
    for form in (
        {"frame": str(trial.items.first().pk)},
        {"frame": str(foreign.pk), "consent": "on"},
    ):
        form["photos"] = [SimpleUploadedFile("a.jpg", jpeg())]
        assert client.post(url, form).status_code == 422
    assert not Photo.objects.exists()


def test_somebody_elses_upload_page_is_not_there(trial, client):
    client.force_login(UserFactory())
    assert client.get(reverse("sharing:photo_upload", args=[trial.number])).status_code == 404


def test_an_app_gets_the_picture_itself_by_the_address_the_api_tells(trial):
    photo = ready_photo(trial.items.first())
    app = APIClient()
    app.force_authenticate(trial.user)
    told = app.get(reverse("api-photo", args=[photo.pk])).json()["urls"]["800"]

    answer = app.get(told, HTTP_ACCEPT="image/jpeg")

    assert answer["Content-Type"] == "image/jpeg"
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8\xff")
    app.force_authenticate(UserFactory())
    assert app.get(told, HTTP_ACCEPT="image/jpeg").json()["code"] == "photo_not_found"
