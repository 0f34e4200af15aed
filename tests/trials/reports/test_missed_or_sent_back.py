"""A box that never came is not sent back, and no days are added to it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.shop import StaffFactory
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial
from trials.at_home.errors import CannotExtendError
from trials.at_home.queries import extension_offer
from trials.at_home.services.extending import extend_trial, extend_trial_by_staff
from trials.home_trials.errors import BoxMissedError
from trials.home_trials.models import Trial
from trials.reports.missed_boxes import answer_never_came, came_after_all, tell_never_came
from trials.reports.models import CustomerReport
from trials.reports.services import tell_sent_back

pytestmark = pytest.mark.django_db


def _missed() -> Trial:
    """Return a trial said to be delivered, to which days can be added, and that is missed."""
    ProgrammeVersionFactory(number=2, extension_days=3)
    trial = delivered_trial()
    tell_never_came(user=trial.user, number=trial.number)
    trial.refresh_from_db()
    return trial


def test_a_box_she_misses_is_not_sent_back_until_she_says_that_it_came() -> None:
    trial = _missed()
    with pytest.raises(BoxMissedError, match="If it has come, tell us that first"):
        tell_sent_back(user=trial.user, number=trial.number)
    assert [each.kind for each in CustomerReport.objects.all()] == ["never_came"]

    came_after_all(user=trial.user, number=trial.number)
    assert tell_sent_back(user=trial.user, number=trial.number).kind == "sent_back"


def test_answered_that_it_has_come_she_can_say_that_she_sent_it() -> None:
    trial = _missed()
    answer_never_came(
        report_id=CustomerReport.objects.get().pk, by=StaffFactory(), answer="Your neighbour has it"
    )
    assert tell_sent_back(user=trial.user, number=trial.number).kind == "sent_back"


def test_no_days_are_added_to_a_box_she_misses_but_by_staff() -> None:
    trial = _missed()
    offer = extension_offer(trial)
    assert (offer.days, offer.missed) == (0, True)
    with pytest.raises(CannotExtendError, match="told us that your box never came"):
        extend_trial(trial_id=trial.pk, by=trial.user)
    assert extend_trial_by_staff(trial_id=trial.pk, days=1, by=StaffFactory())

    came_after_all(user=trial.user, number=trial.number)
    trial.refresh_from_db()
    assert extension_offer(trial).days == 3


def test_her_page_offers_neither_to_send_it_back_nor_more_days_while_she_misses_it(
    client: Client,
) -> None:
    trial = _missed()
    client.force_login(trial.user)
    url = reverse("trials:trial", args=[trial.number])
    page = client.get(url).content.decode()
    assert "It has come after all" in page
    assert "I have sent it back" not in page
    assert "Add 3 days" not in page
    assert client.get(f"/api/v1/trials/{trial.number}/extension/").json()["missed"]

    sent = client.post(
        reverse("trials:box_sent_back", args=[trial.number]),
        headers={"Referer": f"http://testserver{url}"},
        follow=True,
    ).content.decode()
    assert "If it has come, tell us that first" in sent
    assert "your box is on its way back" not in sent

    client.post(reverse("trials:box_missed", args=[trial.number]), {"undo": "1"})
    page = client.get(url).content.decode()
    assert "I have sent it back" in page
    assert "Add 3 days" in page
