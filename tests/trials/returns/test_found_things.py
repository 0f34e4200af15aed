"""What of her own lay in her box: its customer is told that it was found, and that it comes."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from shop.foundation.models import OutboxMessage
from shop.messages.models import MessageItem
from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial
from trials.console.mails import mails_of
from trials.home_trials.models import Trial
from trials.returns.models.inspections import BoxNote
from trials.returns.services.noting import note_surplus, sent_home

pytestmark = pytest.mark.django_db
WORDS = "Reading <glasses>"


@pytest.fixture
def trial() -> Trial:
    return delivered_trial(frames=1)


def _found(trial: Trial, words: str = WORDS) -> BoxNote:
    return note_surplus(trial_id=trial.pk, by=StaffFactory(), words=words)


def _mails(*, subject: str) -> list[dict[str, Any]]:
    sent = [each.payload for each in OutboxMessage.objects.filter(topic="mail.send")]
    return [each for each in sent if subject in each["subject"]]


def _page(trial: Trial) -> str:
    client = Client()
    client.force_login(trial.user)
    return client.get(reverse("trials:trial", args=[trial.number])).content.decode()


def _by_api(trial: Trial) -> Any:
    api = APIClient()
    api.force_authenticate(trial.user)
    return api.get(f"/api/v1/trials/{trial.number}/").json()["found_things"]


def test_a_thing_of_hers_is_told_to_her_with_where_it_is_sent(trial: Trial) -> None:
    _found(trial)

    (mail,) = _mails(subject="Something of yours was in your try-on box")
    assert mail["to"] == trial.user.email
    assert f"“{WORDS}”" in mail["text"]
    assert "“Reading &lt;glasses&gt;”" in mail["html"]
    for kind in ("text", "html"):
        assert trial.address.line1 in mail[kind]
        assert f"try-on box {trial.number} we found something that is not ours" in mail[kind]


def test_that_it_is_on_its_way_she_is_told_once(trial: Trial) -> None:
    note = _found(trial)
    for _time in range(2):
        sent_home(note_id=note.pk, by=StaffFactory())

    (mail,) = _mails(subject="What you left in your box is on its way to you")
    assert f"“{WORDS}”" in mail["text"]


def test_each_of_two_things_has_its_mails(trial: Trial) -> None:
    notes = [_found(trial, words) for words in ("A cloth", "A case")]
    sent_home(note_id=notes[1].pk, by=StaffFactory())

    assert len(_mails(subject="Something of yours")) == 2
    (mail,) = _mails(subject="is on its way to you")
    assert "A case" in mail["text"]


def test_her_page_and_the_api_say_what_was_found_and_what_became_of_it(trial: Trial) -> None:
    assert "found-things" not in _page(trial)
    assert _by_api(trial) == []
    note = _found(trial)
    assert "“Reading &lt;glasses&gt;”" in _page(trial)
    assert "and send it back to you." in _page(trial)
    (told,) = _by_api(trial)
    assert (told["words"], told["sent_at"]) == (WORDS, None)

    sent_home(note_id=note.pk, by=StaffFactory())
    assert "It is on its way to you since" in _page(trial)
    assert _by_api(trial)[0]["sent_at"]


def test_nobody_elses_page_tells_of_it(trial: Trial) -> None:
    _found(trial)
    other = delivered_trial(frames=1)
    assert "found-things" not in _page(other)
    assert _by_api(other) == []


def test_what_a_scanner_noted_is_told_without_words(trial: Trial) -> None:
    note_surplus(trial_id=trial.pk, by=StaffFactory(), words="", scanned=True)

    (mail,) = _mails(subject="Something of yours")
    assert "we found something that is not ours" in mail["text"]
    assert "“" not in mail["text"]
    assert "We found it on" in _page(trial)
    staff = Client()
    staff.force_login(StaffFactory())
    assert "Something that is not ours" in staff.get(reverse("console:left_list")).content.decode()


def test_a_note_on_a_unit_or_an_empty_box_is_no_thing_of_hers(trial: Trial) -> None:
    BoxNote.objects.create(trial=trial, kind=BoxNote.Kind.EMPTY)
    assert _by_api(trial) == []


def test_staff_read_that_she_was_told_both_times(trial: Trial) -> None:
    sent_home(note_id=_found(trial).pk, by=StaffFactory())
    MessageItem.objects.update(sent_at=timezone.now())

    titles = {each["title"] for each in mails_of(trial)}
    assert {
        "Mail: Something of hers was in her box",
        "Mail: Something of hers is on its way to her",
    } <= titles
