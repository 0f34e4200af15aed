"""What a customer tells of a broken frame is not lost where a part of it is refused."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg
from tests.trials.returns.boxes_back import item_of
from trials.evidence.models import EvidencePhoto
from trials.evidence.services import MOST_PHOTOS
from trials.home_trials.models import Trial
from trials.reports.models import CustomerReport, Decision
from trials.reports.services import decide_broken, report_broken

pytestmark = pytest.mark.django_db

WORDS = "The hinge. My card is 4242 4242 4242 4242."
AGAIN = "Nothing was sent yet: choose your photos once more."


@pytest.fixture
def trial(client: Client) -> Trial:
    """A trial at home, its customer logged in."""
    trial = delivered_trial(frames=2)
    client.force_login(trial.user)
    return trial


def _photo(name: str = "me.jpg", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data or jpeg())


def _sent(client: Client, trial: Trial, **sent: object) -> tuple[int, str]:
    answer = client.post(
        f"/trials/{trial.number}/items/{item_of(trial).pk}/broken/",
        sent,
        headers={"Referer": f"http://testserver/trials/{trial.number}/"},
        follow=True,
    )
    return answer.status_code, answer.content.decode()


def test_a_card_number_is_said_at_the_words_which_stay_and_photos_are_asked_for_again(
    client: Client, trial: Trial
) -> None:
    status, page = _sent(client, trial, words=WORDS, photos=[_photo(), _photo()])

    field = f"broken-{item_of(trial).pk}"
    assert status == 422
    assert page.count(f">{WORDS}</textarea>") == 1
    assert f'id="{field}_error"><li>This looks like a card number.' in page
    assert page.count('<details class="accordion" open>') == 1
    assert AGAIN in page
    assert not CustomerReport.objects.exists()
    assert not EvidencePhoto.objects.exists()

    assert AGAIN not in _sent(client, trial, words=WORDS)[1]


def test_too_many_photos_and_no_words_are_said_at_their_fields(
    client: Client, trial: Trial
) -> None:
    status, page = _sent(client, trial, words="The hinge", photos=[_photo() for _each in range(7)])

    assert status == 422
    assert ">The hinge</textarea>" in page
    assert f'id="photos-{item_of(trial).pk}_error"><li>Send up to 6 photos at a time.' in page
    status, page = _sent(client, trial, words="  ", photos=_photo())
    assert status == 422
    assert f'id="broken-{item_of(trial).pk}_error"><li>' in page
    assert not CustomerReport.objects.exists()


def test_a_photo_that_cannot_be_read_costs_neither_the_words_nor_the_other_photos(
    client: Client, trial: Trial
) -> None:
    photos = [_photo(), _photo("odd.txt", b"No photo"), _photo()]
    _status, page = _sent(client, trial, words="The hinge", photos=photos)

    assert "We have your words and all photos but what is said here: This is no photo" in page
    assert CustomerReport.objects.get().words == "The hinge"
    assert EvidencePhoto.objects.count() == 2
    assert "More photos of it" in page


def test_more_photos_are_sent_to_what_was_told_until_it_is_answered_or_enough(
    client: Client, trial: Trial
) -> None:
    item = item_of(trial)
    assert "Say what is broken first." in _sent(client, trial, more="1", photos=_photo())[1]
    told = report_broken(user=trial.user, number=trial.number, item_id=item.pk, words="A hinge")

    assert "We have your photos." in _sent(client, trial, more="1", photos=[_photo(), _photo()])[1]
    assert EvidencePhoto.objects.filter(item=item).count() == 2
    assert "This field is required." in _sent(client, trial, more="1")[1]
    for _each in range(2):
        _sent(client, trial, more="1", photos=[_photo() for _photo_of_it in range(4)])
    assert EvidencePhoto.objects.count() == MOST_PHOTOS
    assert "More photos of it" not in client.get(f"/trials/{trial.number}/").content.decode()

    EvidencePhoto.objects.all()[0].delete()
    decide_broken(report_id=told.pk, by=trial.user, decision=Decision.ACCEPTED, answer="Sorry")
    page = _sent(client, trial, more="1", photos=_photo())[1]
    assert "We have answered already." in page
    assert "More photos of it" not in page


def test_nothing_of_somebody_elses_trial_is_shown(client: Client, trial: Trial) -> None:
    client.force_login(delivered_trial().user)
    for sent in ({"words": WORDS}, {"words": " "}, {"more": "1", "photos": _photo()}):
        status, page = _sent(client, trial, **sent)
        assert status == 404 or trial.number not in page


def test_where_the_form_is_gone_the_refusal_is_said_all_the_same(
    client: Client, trial: Trial
) -> None:
    item = item_of(trial)
    report_broken(user=trial.user, number=trial.number, item_id=item.pk, words="A hinge")
    status, page = _sent(client, trial, words=WORDS)
    assert (status, "This looks like a card number." in page) == (200, True)
    assert "A hinge" in page
