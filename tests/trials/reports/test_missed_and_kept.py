"""Of a box that has not reached her nothing is kept, broken or sent back until it has."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from tests.factories.shop import StaffFactory
from tests.factories.trials import delivered_trial, shipped_trial
from tests.trials.returns.boxes_back import item_of, parcels, scanned, terms
from trials.home_trials.errors import BoxMissedError
from trials.home_trials.models import Trial
from trials.programme.models import Mode
from trials.reports.missed_boxes import answer_never_came, came_after_all, tell_never_came
from trials.reports.models import CustomerReport
from trials.reports.services import keep_frame, report_broken, tell_sent_back
from trials.shipping.models import Leg
from trials.shipping.services.return_labels import another_return_label

pytestmark = pytest.mark.django_db


def _missed(*, delivered: bool = True) -> Trial:
    """Return a trial whose frames may be kept, and whose box never came."""
    terms(mode=Mode.KEEP_AND_PAY)
    trial = delivered_trial() if delivered else shipped_trial()
    parcels(trial)
    Trial.objects.filter(pk=trial.pk).update(shipped_at=timezone.now() - timedelta(days=9))
    tell_never_came(user=trial.user, number=trial.number)
    trial.refresh_from_db()
    return trial


def _keep(trial: Trial) -> object:
    return keep_frame(user=trial.user, number=trial.number, item_id=item_of(trial).pk)


def _break(trial: Trial) -> object:
    return report_broken(
        user=trial.user, number=trial.number, item_id=item_of(trial).pk, words="A hinge is off"
    )


def _send_back(trial: Trial) -> object:
    return tell_sent_back(user=trial.user, number=trial.number)


def _ask_for_a_label(trial: Trial) -> object:
    return another_return_label(trial_id=trial.pk, by=trial.user)


ACTS = [_keep, _break, _send_back, _ask_for_a_label]


def _says_it_came(trial: Trial) -> None:
    came_after_all(user=trial.user, number=trial.number)


def _is_answered(trial: Trial) -> None:
    answer_never_came(
        report_id=CustomerReport.objects.get().pk, by=StaffFactory(), answer="Your neighbour has it"
    )


def _carrier_has_it_back(trial: Trial) -> None:
    scanned(trial, Leg.RETURN)


@pytest.mark.parametrize("act", ACTS)
def test_while_she_misses_it_she_is_told_to_say_first_that_it_has_come(
    act: Callable[[Trial], object],
) -> None:
    trial = _missed()

    with pytest.raises(BoxMissedError, match="If it has come, tell us that first"):
        act(trial)

    assert [each.kind for each in CustomerReport.objects.all()] == ["never_came"]
    assert trial.shipments.filter(leg=Leg.RETURN).count() == 1


@pytest.mark.parametrize("act", [_keep, _break])
def test_under_way_as_well_until_she_says_that_it_came(act: Callable[[Trial], object]) -> None:
    trial = _missed(delivered=False)
    with pytest.raises(BoxMissedError):
        act(trial)

    _says_it_came(trial)

    assert act(trial)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("ends", [_says_it_came, _is_answered])
def test_once_it_has_come_she_can_do_each(
    act: Callable[[Trial], object], ends: Callable[[Trial], None]
) -> None:
    trial = _missed()
    ends(trial)
    assert act(trial)


@pytest.mark.parametrize("act", [_keep, _break, _ask_for_a_label])
def test_on_its_way_back_it_has_been_with_her(act: Callable[[Trial], object]) -> None:
    trial = _missed()
    _carrier_has_it_back(trial)
    assert act(trial)


def test_staff_make_a_label_all_the_same() -> None:
    assert another_return_label(trial_id=_missed().pk, by=StaffFactory()).nth == 2


def test_her_page_shows_none_of_it_until_it_has_come(client: Client) -> None:
    trial = _missed()
    client.force_login(trial.user)
    url = reverse("trials:trial", args=[trial.number])
    Trial.objects.filter(pk=trial.pk).update(due_at=timezone.now() - timedelta(days=1))
    offered = (
        *("I keep it", "It arrived broken", "Sending back", "Print the return label"),
        *("I need another label", "Yours to try until", "Please send your box back"),
    )

    page = client.get(url).content.decode()

    assert "It has come after all" in page
    assert [words for words in offered if words in page] == []
    Trial.objects.filter(pk=trial.pk).update(missed_at=None)
    page = client.get(url).content.decode()
    assert [words for words in offered if words not in page] == []


def test_programs_are_refused_in_the_same_words() -> None:
    trial = _missed()
    api = APIClient()
    api.force_authenticate(trial.user)
    item = item_of(trial).pk
    for path, sent in (
        (f"items/{item}/keep/", {}),
        ("return-labels/", {"because": "lost", "nth": 2}),
    ):
        url = f"/api/v1/trials/{trial.number}/{path}"
        answer = api.post(url, sent, format="json", headers={"Idempotency-Key": path})
        assert (answer.status_code, answer.json()["code"]) == (409, "box_missed")
