"""Photos of returns: made safe, shown to those they concern, and forgotten in time."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg
from tests.trials.returns.boxes_back import checked_in, item_of
from trials.evidence.errors import (
    EvidenceElsewhereError,
    EvidenceRefusedError,
    TooMuchEvidenceError,
)
from trials.evidence.models import EvidencePhoto, EvidenceSource
from trials.evidence.personal_data import erase_her_photos
from trials.evidence.services import (
    MOST_PHOTOS,
    add_evidence,
    erase_old_evidence,
    render_evidence,
)
from trials.evidence.tasks import delete
from trials.home_trials.models import Trial
from trials.returns.services.checking_in import finish_check_in

pytestmark = pytest.mark.django_db
SECRET = b"at 52.5 north"


@pytest.fixture(autouse=True)
def private(settings, tmp_path: Path) -> Path:
    options = {"location": tmp_path / "private"}
    storage = {**settings.STORAGES["private"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "private": storage}
    return tmp_path / "private"


def _photo(
    trial: Trial, *, source: EvidenceSource = EvidenceSource.STATION, data: bytes = b""
) -> EvidencePhoto:
    return add_evidence(
        trial_id=trial.pk,
        item_id=item_of(trial).pk,
        file=SimpleUploadedFile("../../evil.svg", data or jpeg()),
        by=trial.user if source == EvidenceSource.CUSTOMER else StaffFactory(),
        source=source,
    )


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _delete_what_is_to_go() -> None:
    for message in OutboxMessage.objects.filter(topic="evidence.delete_files"):
        delete(message.payload)


def _rendered(trial: Trial, **kwargs: object) -> EvidencePhoto:
    photo = _photo(trial, **kwargs)
    render_evidence(photo.pk)
    render_evidence(photo.pk)
    _delete_what_is_to_go()
    photo.refresh_from_db()
    return photo


def test_a_photo_is_made_anew_of_its_pixels_and_the_original_deleted(private: Path) -> None:
    photo = _rendered(delivered_trial(), data=jpeg() + SECRET)

    assert (photo.state, photo.original) == ("ready", "")
    assert sorted(path.name for path in _files(private)) == ["1600.jpg", "320.jpg"]
    assert all(SECRET not in path.read_bytes() for path in _files(private))


@pytest.mark.parametrize("data", [b"<svg/>", b"\xff\xd8\xff" + b"0" * 9, b"GIF89a"])
def test_what_is_no_photo_is_refused_and_nothing_is_kept(private: Path, data: bytes) -> None:
    with pytest.raises(EvidenceRefusedError):
        _photo(delivered_trial(), data=data)
    assert not private.exists() or _files(private) == []
    assert not EvidencePhoto.objects.exists()


def test_a_photo_belongs_to_a_frame_of_its_own_trial(private: Path) -> None:
    trial, other = delivered_trial(), delivered_trial()
    with pytest.raises(EvidenceElsewhereError):
        add_evidence(
            trial_id=trial.pk,
            item_id=item_of(other).pk,
            file=SimpleUploadedFile("a.jpg", jpeg()),
            by=StaffFactory(),
            source=EvidenceSource.STATION,
        )
    assert not private.exists() or _files(private) == []


def test_so_many_photos_of_a_frame_are_enough() -> None:
    trial = delivered_trial()
    for _each in range(MOST_PHOTOS):
        _photo(trial)
    with pytest.raises(TooMuchEvidenceError):
        _photo(trial)
    _photo(trial, source=EvidenceSource.CUSTOMER)


def test_staff_and_her_customer_see_it_with_headers_that_keep_it_nowhere(client: Client) -> None:
    trial = delivered_trial()
    photo = _rendered(trial)
    address = f"/evidence/{photo.pk}/320.jpg"
    for who, status in ((StaffFactory(), 200), (trial.user, 200), (UserFactory(), 404)):
        client.force_login(who)
        answer = client.get(address)
        assert answer.status_code == status
        if status == 200:
            assert answer["Content-Type"] == "image/jpeg"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert "no-store" in answer["Cache-Control"]
    client.force_login(trial.user)
    assert client.get(f"/evidence/{photo.pk}/800.jpg").status_code == 404
    assert client.get(f"/evidence/{_photo(trial).pk}/320.jpg").status_code == 404


def test_photos_of_trials_over_for_long_enough_are_erased(settings, private: Path) -> None:
    settings.EVIDENCE_KEPT_DAYS = 30
    open_trial, over = delivered_trial(), delivered_trial(frames=1)
    kept, gone = _rendered(open_trial), _rendered(over)

    checked_in(item_of(over))
    finish_check_in(trial_id=over.pk, by=StaffFactory())
    assert erase_old_evidence() == 0
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert erase_old_evidence() == 1
        assert erase_old_evidence() == 0
    _delete_what_is_to_go()

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.state, gone.state) == ("ready", "erased")
    assert {path.parent.name for path in _files(private)} == {kept.pk.hex}


def test_a_customers_own_photos_go_when_she_erases_hers_and_the_tables_stay() -> None:
    trial = delivered_trial()
    hers, ours = _rendered(trial, source=EvidenceSource.CUSTOMER), _rendered(trial)
    assert erase_her_photos(trial.user) == 1
    assert erase_her_photos(trial.user) == 0
    hers.refresh_from_db()
    ours.refresh_from_db()
    assert (hers.state, ours.state) == ("erased", "ready")


def test_a_photo_erased_while_it_waits_is_never_made(private: Path) -> None:
    trial = delivered_trial()
    photo = _photo(trial, source=EvidenceSource.CUSTOMER)
    erase_her_photos(trial.user)
    render_evidence(photo.pk)
    _delete_what_is_to_go()
    assert _files(private) == []
