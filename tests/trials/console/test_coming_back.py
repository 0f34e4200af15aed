"""What the console says of boxes that come back: on their way, at the door, not settled."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import trials
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.home_trials.confirming import confirm_requests
from tests.trials.returns.boxes_back import proposal_for_damage
from tests.trials.returns.trials_with_charges import overdue_trial, owed_charge, refused
from trials.console.mails import NAMES
from trials.console.overdue import overdue_rows
from trials.console.queries.overdue import OverduePage, overdue_page
from trials.console.queries.queues import queues
from trials.console.queries.returns import returns_queues
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge
from trials.returns.services.checking_in import finish_check_in
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(ManagerFactory())
    return client


def _back_and_damaged() -> Trial:
    """Return a late box that is back whole; one frame of it is damaged, and nobody has decided."""
    proposal = proposal_for_damage(frames=1)
    trial = proposal.inspection.item.trial
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    Trial.objects.filter(pk=trial.pk).update(due_at=timezone.now() - timedelta(days=9))
    trial.refresh_from_db()
    assert (trial.state, trial.away_value.amount) == ("received", 0)
    return trial


def _told(trial: Trial, status: str) -> Trial:
    create_labels(trial_id=trial.pk, by=StaffFactory())
    record_tracking(
        tracking_number=trial.shipments.get(leg="return").tracking_number,
        carrier_event_id=status,
        status=status,
        occurred_at=timezone.now(),
    )
    return trial


def _page(kind: str) -> OverduePage:
    return overdue_page(kind=kind, sort="age", after="", now=timezone.now(), size=50)


def _all_overdue() -> list[Any]:
    return list(_page("all").rows)


def test_a_box_that_is_back_whole_lacks_no_frame_while_its_damage_is_decided() -> None:
    trial = _back_and_damaged()

    waiting = queues(timezone.now())
    assert (waiting["received"].count, waiting["settling"].count) == (0, 1)
    assert list(_page("missing").rows) == []
    assert trial not in _all_overdue()


def test_a_box_that_is_back_whole_and_owes_money_is_still_a_matter() -> None:
    trial = _back_and_damaged()
    TrialCharge.objects.create(
        trial=trial, item=trial.items.get(), purpose="damaged", amount=trial.items.get().price
    )

    assert _all_overdue() == [trial]


def test_its_page_leads_to_the_decision_and_not_to_the_check_in_table(manager: Client) -> None:
    trial = _back_and_damaged()
    page = manager.get(reverse("console:trial", args=[trial.number])).content.decode()

    assert "Decide the damage" in page
    assert reverse("console:check_in_trial", args=[trial.number]) not in page
    assert f"{reverse('console:proposal_list')}?state=all" in page


def test_what_waits_to_be_checked_in_is_what_the_carrier_has_brought(manager: Client) -> None:
    first, late = (_told(overdue_trial(), "delivered") for _each in range(2))
    coming = _told(overdue_trial(), "in_transit")

    queue = returns_queues()["arrived"]
    assert queue.count == 2
    assert queue.oldest == first.shipments.get(leg="return").delivered_at
    answer = manager.get(reverse("console:check_in"))
    assert list(answer.context["here"]) == [first, late]
    assert list(answer.context["coming"]) == [coming]
    home = manager.get(reverse("console:home"))
    (card,) = (each for each in home.context["mine"] if each.name == "arrived")
    assert (card.count, card.url) == (2, reverse("console:check_in"))


def test_what_a_customer_was_written_and_what_her_bank_said_stand_among_what_happened(
    manager: Client,
) -> None:
    charge = owed_charge()
    refused(charge, "insufficient_funds")

    answer = manager.get(reverse("console:trial", args=[charge.trial.number]))
    titles = [entry["title"] for entry in answer.context["entries"]]
    assert f"Card refused: {charge.amount}" in titles
    subjects = list(charge.trial.notices.values_list("subject", flat=True))
    assert len(subjects) == 2
    assert {f"Mail: {each}" for each in subjects} <= set(titles)


def test_every_mail_about_a_trial_stands_among_what_happened_once(manager: Client) -> None:
    trial = overdue_trial()
    confirm_requests()
    answer = manager.get(reverse("console:trial", args=[trial.number]))

    mails = [each["title"] for each in answer.context["entries"] if "Mail: " in each["title"]]
    reminder = trial.notices.get().subject
    told = ("We have your request", "On its way", "It has arrived", reminder)
    assert sorted(mails) == sorted(f"Mail: {each}" for each in told)


def test_every_mail_of_the_floor_has_a_name_or_is_told_by_its_subject() -> None:
    folder = Path(trials.__file__).parent / "templates" / "mail"
    templates = {each.stem for each in folder.glob("trial_*.txt")}
    by_subject = {"trial_reminder", *(each for each in templates if "trial_charge" in each)}

    assert set(NAMES) == templates - by_subject


def test_a_box_on_its_way_back_is_not_asked_for_nor_charged_and_its_page_says_until_when(
    manager: Client,
) -> None:
    trial = _told(overdue_trial(), "in_transit")
    here = _told(overdue_trial(), "delivered")
    last = trial.due_at + timedelta(days=30)
    with time_machine.travel(trial.charge_at - timedelta(hours=1)):
        rows = overdue_rows(_page("all"), kind="all", now=timezone.now())
        acts = {row.trial: (row.may_charge, row.may_remind) for row in rows}
    assert acts == {trial: (False, False), here: (False, False)}

    answer = manager.get(reverse("console:trial", args=[trial.number]))
    wait = timedelta(days=trial.programme_version.longest_wait_days)
    assert answer.context["charged_after"] == trial.charge_at + wait
    assert "Charge what is missing" not in answer.content.decode()
    api = manager.get(f"/api/v1/staff/trials/{trial.number}/").json()
    assert api["charged_after"][:19] == (trial.charge_at + wait).isoformat()[:19]
    with time_machine.travel(last + wait):
        rows = overdue_rows(_page("all"), kind="all", now=timezone.now())
        acts = {row.trial: (row.may_charge, row.may_remind) for row in rows}
    assert acts == {trial: (True, True), here: (False, False)}


def test_a_long_correspondence_shows_its_last_mail_and_folds_the_rest(
    manager: Client,
) -> None:
    trial = owed_charge().trial
    for number in range(4):
        trial.notices.create(kind="trial_reminder", subject=f"Word {number}")

    page = manager.get(reverse("console:overdue"), {"kind": "unpaid"}).content.decode()
    folded, shown = page.split("4 mails before")[1].split("</details>", 1)
    assert "Word 0" in folded
    assert [f"Word {number}" in shown for number in range(4)] == [False, False, False, True]
