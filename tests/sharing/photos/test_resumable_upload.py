"""Photos that come in pieces, over connections that break."""

import base64
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from sharing.photos.errors import UploadOffsetError
from sharing.photos.files import keep_part
from sharing.photos.models import Photo, PhotoState, PhotoUpload, PhotoUploadPart
from sharing.photos.services import CONSENT_VERSION, PHOTOS_A_FRAME
from sharing.photos.services.uploads import (
    OPEN_BYTES,
    OPEN_UPLOADS,
    PARTS,
    add_part,
    begin_upload,
    finish_upload,
    sweep_uploads,
)
from shop.foundation.outbox import carry_out_due
from shop.foundation.photos.headers import MAX_BYTES
from tests.factories.shop import UserFactory
from tests.factories.trials import delivered_trial, shipped_trial
from tests.sharing.photos.pictures import jpeg, png_claiming

pytestmark = pytest.mark.django_db

PIECE = "application/offset+octet-stream"


@pytest.fixture
def trial():
    return delivered_trial()


@pytest.fixture
def app(trial) -> APIClient:
    client = APIClient()
    client.force_authenticate(trial.user)
    return client


def coded(**pairs: Any) -> str:
    return ",".join(
        f"{name} {base64.b64encode(str(value).encode()).decode()}" for name, value in pairs.items()
    )


def begin(app: APIClient, trial, *, length: int, **headers: str) -> Any:
    metadata = coded(trial_item_id=trial.items.first().pk, consent_version=CONSENT_VERSION)
    sent = {"Upload-Length": str(length), "Upload-Metadata": metadata, **headers}
    return app.post(reverse("api-photo-uploads", args=[trial.number]), headers=sent)


def piece(app: APIClient, address: str, offset: int, data: bytes, **headers: str) -> Any:
    sent = {"Upload-Offset": str(offset), **headers}
    return app.patch(address, data, content_type=PIECE, headers=sent)


def files_in(directory) -> list[str]:
    return sorted(str(p.relative_to(directory)) for p in directory.rglob("*") if p.is_file())


def begun(trial, *, length: int = 100) -> PhotoUpload:
    return begin_upload(
        user=trial.user,
        trial_item_id=trial.items.first().pk,
        length=length,
        consent_version=CONSENT_VERSION,
    )


def test_a_photo_in_three_pieces_arrives_as_it_was_sent(app, trial, private_files):
    data = jpeg()
    answer = begin(app, trial, length=len(data))
    assert answer.status_code == 201
    address = answer["Location"]
    for start, end in ((0, 1000), (1000, 1001), (1001, len(data))):
        answer = piece(app, address, start, data[start:end])
        assert (answer.status_code, answer["Upload-Offset"]) == (204, str(end))
        assert answer["Tus-Resumable"] == "1.0.0"

    photo = Photo.objects.get()
    assert photo.consent_version == CONSENT_VERSION
    (original,) = files_in(private_files)
    assert (private_files / original).read_bytes() == data
    assert app.get(address).json()["photo_id"] == str(photo.pk)
    carry_out_due()
    photo.refresh_from_db()
    assert photo.state == PhotoState.READY


def test_after_a_break_head_tells_where_to_go_on(app, trial):
    data = jpeg()
    address = begin(app, trial, length=len(data))["Location"]
    piece(app, address, 0, data[:700])

    told = app.head(address)

    assert (told["Upload-Offset"], told["Upload-Length"]) == ("700", str(len(data)))
    assert told["Cache-Control"] == "no-store"
    assert told.content == b""
    assert piece(app, address, 700, data[700:]).status_code == 204


def test_a_piece_that_does_not_begin_where_the_upload_ends_is_told_where_that_is(app, trial):
    address = begin(app, trial, length=1000)["Location"]
    piece(app, address, 0, bytes(300))
    for wrong in (0, 299, 301):
        answer = piece(app, address, wrong, bytes(10))
        assert (answer.status_code, answer.json()["code"]) == (409, "upload_offset")
        assert answer.json()["offset"] == 300


def test_a_last_piece_whose_answer_was_lost_can_be_asked_for_and_sent_again(app, trial):
    data = jpeg()
    address = begin(app, trial, length=len(data))["Location"]
    piece(app, address, 0, data)
    assert app.head(address)["Upload-Offset"] == str(len(data))
    assert piece(app, address, len(data), b"").status_code == 204
    assert Photo.objects.count() == 1


def test_what_is_no_photo_is_refused_when_whole_and_its_pieces_are_gone(app, trial, private_files):
    data = b"<svg/>" * 100
    address = begin(app, trial, length=len(data))["Location"]
    piece(app, address, 0, data[:100])
    answer = piece(app, address, 100, data[100:])

    assert (answer.status_code, answer.json()["reason"]) == (422, "wrong_type")
    assert "no photo we can read" in app.get(address).json()["refusal"]
    assert files_in(private_files) == []
    assert not Photo.objects.exists()


def test_more_bytes_than_announced_are_refused_and_none_of_them_kept(app, trial):
    address = begin(app, trial, length=100)["Location"]
    assert piece(app, address, 0, bytes(101)).status_code == 413
    assert app.head(address)["Upload-Offset"] == "0"


@pytest.mark.parametrize("length", [0, MAX_BYTES + 1])
def test_an_upload_of_no_bytes_or_of_too_many_is_not_begun(app, trial, length):
    assert begin(app, trial, length=length).status_code == 413


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "many"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Metadata": "trial_item_id ====="}, 400),
        ({"Upload-Metadata": ""}, 400),
        ({"Upload-Metadata": coded(trial_item_id=uuid.uuid4(), consent_version="2026-11")}, 404),
    ],
)
def test_headers_that_cannot_be_taken_begin_nothing(app, trial, headers, status):
    assert begin(app, trial, length=100, **headers).status_code == status
    assert not PhotoUpload.objects.exists()


def test_a_consent_to_other_words_begins_nothing(app, trial):
    old = coded(trial_item_id=trial.items.first().pk, consent_version="2020-01")
    answer = begin(app, trial, length=100, **{"Upload-Metadata": old})
    assert (answer.status_code, answer.json()["code"]) == (422, "consent_missing")


def test_a_piece_of_another_type_is_refused(app, trial):
    address = begin(app, trial, length=100)["Location"]
    answer = app.patch(address, {"a": 1}, format="json", headers={"Upload-Offset": "0"})
    assert answer.status_code == 415


def test_options_tell_a_standard_client_what_is_spoken_here(app, trial):
    answer = app.options(reverse("api-photo-uploads", args=[trial.number]))
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,expiration,termination"
    assert answer["Tus-Max-Size"] == str(MAX_BYTES)


def test_somebody_elses_upload_is_not_there(app, trial):
    address = begin(app, trial, length=100)["Location"]
    other = APIClient()
    other.force_authenticate(UserFactory())
    assert other.get(address).status_code == 404
    assert piece(other, address, 0, b"x").status_code == 404
    assert other.delete(address).status_code == 404
    assert begin(other, trial, length=100).status_code == 404


def test_frames_on_their_way_are_not_photographed():
    trial = shipped_trial()
    client = APIClient()
    client.force_authenticate(trial.user)
    assert begin(client, trial, length=100).json()["code"] == "not_at_home"


def test_a_cancelled_upload_leaves_nothing(app, trial, private_files):
    address = begin(app, trial, length=1000)["Location"]
    piece(app, address, 0, bytes(500))
    assert len(files_in(private_files)) == 1
    assert app.delete(address).status_code == 204
    assert app.get(address).status_code == 404
    assert files_in(private_files) == []
    assert not PhotoUploadPart.objects.exists()


def test_uploads_on_their_way_count_against_the_photos_of_a_frame(app, trial):
    for _each in range(PHOTOS_A_FRAME):
        assert begin(app, trial, length=100).status_code == 201
    answer = begin(app, trial, length=100)
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_photos")


def test_open_uploads_are_limited_in_number_and_in_bytes():
    trial = delivered_trial(frames=5)
    items = list(trial.items.all())
    app = APIClient()
    app.force_authenticate(trial.user)

    def one(item, length: int) -> int:
        pairs = coded(trial_item_id=item.pk, consent_version=CONSENT_VERSION)
        return begin(app, trial, length=length, **{"Upload-Metadata": pairs}).status_code

    heavy = OPEN_BYTES // MAX_BYTES
    assert [one(items[n % 5], MAX_BYTES) for n in range(heavy)] == [201] * heavy
    assert one(items[0], 1) == 409
    PhotoUpload.objects.all().delete()
    assert [one(items[n % 5], 1) for n in range(OPEN_UPLOADS)] == [201] * OPEN_UPLOADS
    assert one(items[0], 1) == 409


def test_a_client_that_sends_too_many_tiny_pieces_is_stopped(trial):
    upload = begun(trial, length=PARTS + 10)
    upload.parts.bulk_create(
        PhotoUploadPart(upload=upload, start=n, size=1, name=f"uploads/{n}") for n in range(PARTS)
    )
    PhotoUpload.objects.filter(pk=upload.pk).update(received=PARTS)
    client = APIClient()
    client.force_authenticate(trial.user)
    address = reverse("api-photo-upload", args=[upload.pk])
    assert piece(client, address, PARTS, b"x").status_code == 413


def test_an_abandoned_upload_is_swept_away_with_its_pieces(app, trial, private_files):
    address = begin(app, trial, length=1000)["Location"]
    piece(app, address, 0, bytes(500))
    sweep_uploads()
    assert PhotoUpload.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert app.get(address).status_code == 404
        sweep_uploads()
    assert not PhotoUpload.objects.exists()
    assert files_in(private_files) == []


def test_an_upload_whose_process_died_before_the_photo_was_made_is_finished_by_the_sweep(trial):
    data = jpeg()
    upload = begun(trial, length=len(data))
    add_part(user=trial.user, upload_id=upload.pk, offset=0, data=data[:-1])
    # The last byte was written down, and then the process was killed.
    part = upload.parts.get()

    upload.parts.create(start=part.size, size=1, name=keep_part(data[-1:]))
    PhotoUpload.objects.filter(pk=upload.pk).update(received=len(data))
    sweep_uploads()
    assert not Photo.objects.exists()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        sweep_uploads()
        sweep_uploads()
    assert Photo.objects.count() == 1


def test_a_damaged_photo_left_whole_is_settled_by_the_sweep_and_not_tried_for_ever(trial):
    data = b"GIF89a" * 10
    upload = begun(trial, length=len(data))

    upload.parts.create(start=0, size=len(data), name=keep_part(data))
    PhotoUpload.objects.filter(pk=upload.pk).update(received=len(data))
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        sweep_uploads()
    upload.refresh_from_db()
    assert upload.refusal == "wrong_type"
    assert not upload.parts.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_pieces_for_one_place_one_wins_and_the_other_is_told(private_files):
    trial = delivered_trial()
    upload = begun(trial, length=100)
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def send(filling: bytes) -> None:
        try:
            together.wait()
            add_part(user=trial.user, upload_id=upload.pk, offset=0, data=filling * 50)
            outcomes.append("taken")
        except UploadOffsetError:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=(each,)) for each in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "taken"]
    upload.refresh_from_db()
    assert (upload.received, upload.parts.count()) == (50, 1)
    assert len(files_in(private_files)) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_finish_one_upload_make_one_photo(private_files):
    trial = delivered_trial()
    data = jpeg()
    upload = begun(trial, length=len(data))

    upload.parts.create(start=0, size=len(data), name=keep_part(data))
    PhotoUpload.objects.filter(pk=upload.pk).update(received=len(data))
    together = threading.Barrier(2)

    def finish() -> None:
        try:
            together.wait()
            finish_upload(upload.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=finish) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Photo.objects.count() == 1
    assert [name.split("/")[0] for name in files_in(private_files)] == ["originals"]


def test_a_page_of_the_shop_sends_pieces_by_its_session_and_its_token(trial):
    browser = APIClient(enforce_csrf_checks=True)
    browser.force_login(trial.user)
    address = reverse("api-photo-upload", args=[begun(trial).pk])
    assert piece(browser, address, 0, b"x").status_code == 403
    browser.get(reverse("sharing:photo_upload", args=[trial.number]))
    token = browser.cookies["csrftoken"].value
    assert piece(browser, address, 0, b"x", **{"X-CSRFToken": token}).status_code == 204


def test_a_piece_larger_than_a_request_may_otherwise_be_is_taken(app, trial):
    size = 5 * 1024 * 1024
    address = begin(app, trial, length=size + 1)["Location"]
    assert piece(app, address, 0, bytes(size)).status_code == 204


def test_a_png_that_lies_about_its_size_is_refused_on_arrival(app, trial):
    data = png_claiming(60_000, 60_000)
    address = begin(app, trial, length=len(data))["Location"]
    assert piece(app, address, 0, data).json()["reason"] == "too_large"
