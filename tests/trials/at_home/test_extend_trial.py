"""A customer extends her days once, by a present once more; staff as they see fit."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from shop.analytics.models import Event
from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, delivered_trial, shipped_trial
from trials.at_home.errors import CannotExtendError
from trials.at_home.models import Extension, ExtensionGift
from trials.at_home.queries import ExtensionOffer, extension_offer
from trials.at_home.services.extending import (
    extend_trial,
    extend_trial_by_staff,
    give_extension,
    withdraw_extension,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.returns.services.reminding import remind
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


def _trial(*, extension_days: int = 3, **kwargs: object) -> Trial:
    ProgrammeVersionFactory(number=2, extension_days=extension_days)
    kwargs.setdefault("user", UserFactory(time_zone="UTC"))
    trial = delivered_trial(at=NOON, **kwargs)
    trial.refresh_from_db()
    return trial


@pytest.fixture(autouse=True)
def _two_days_later(db: None) -> object:
    with time_machine.travel(NOON + timedelta(days=2)):
        yield


def test_an_extension_moves_the_last_day_the_charge_and_the_last_reminder() -> None:
    trial = _trial()
    due, charge = trial.due_at, trial.charge_at

    made = extend_trial(trial_id=trial.pk, by=trial.user)

    trial.refresh_from_db()
    assert trial.due_at == made.due_after == due + timedelta(days=3)
    assert trial.charge_at == charge + timedelta(days=3)
    # The third day comes first; after it the new last day is the eighth, not the fifth.
    assert trial.next_reminder_at == datetime(2026, 6, 11, 9, tzinfo=UTC)
    [mail] = OutboxMessage.objects.filter(
        topic="mail.send", payload__subject__startswith="More days"
    )
    assert "Tuesday, 16 June" in mail.payload["text"]
    event = Event.objects.get(name="trial_extended")
    assert event.details["days"] == 3


def test_once_is_all_the_programme_offers() -> None:
    trial = _trial()
    extend_trial(trial_id=trial.pk, by=trial.user)

    with pytest.raises(CannotExtendError, match="extended already"):
        extend_trial(trial_id=trial.pk, by=trial.user)

    assert Extension.objects.count() == 1


def test_a_programme_without_extensions_offers_none() -> None:
    trial = _trial(extension_days=0)

    assert not extension_offer(trial).days
    with pytest.raises(CannotExtendError):
        extend_trial(trial_id=trial.pk, by=trial.user)


def test_a_present_is_used_once_and_on_one_trial() -> None:
    trial = _trial(extension_days=0)
    gift = give_extension(user=trial.user, days=7, key="referral:1")
    assert give_extension(user=trial.user, days=7, key="referral:1") == gift

    made = extend_trial(trial_id=trial.pk, by=trial.user)

    gift.refresh_from_db()
    assert gift.extension == made
    assert made.days == 7
    give_extension(user=trial.user, days=7, key="referral:2")
    with pytest.raises(CannotExtendError):
        extend_trial(trial_id=trial.pk, by=trial.user)


def test_what_was_taken_back_extends_nothing_and_what_is_used_stays() -> None:
    trial = _trial(extension_days=0)
    give_extension(user=trial.user, days=7, key="taken")
    assert withdraw_extension(key="taken")
    assert not withdraw_extension(key="taken")
    with pytest.raises(CannotExtendError):
        extend_trial(trial_id=trial.pk, by=trial.user)

    give_extension(user=trial.user, days=7, key="used")
    extend_trial(trial_id=trial.pk, by=trial.user)
    assert not withdraw_extension(key="used")


def test_after_the_days_of_grace_nobody_extends_by_herself() -> None:
    trial = _trial()

    with time_machine.travel(trial.charge_at + timedelta(hours=1)):
        with pytest.raises(CannotExtendError, match="ended on"):
            extend_trial(trial_id=trial.pk, by=trial.user)
        made = extend_trial_by_staff(trial_id=trial.pk, days=2, by=StaffFactory())

    # She has two whole days from now, not two from a day that is over.
    assert made.due_after.date() == trial.charge_at.date() + timedelta(days=3)


def test_who_is_late_in_grace_gets_all_of_her_days_and_is_reminded_anew() -> None:
    trial = _trial()
    with time_machine.travel(trial.due_at + timedelta(days=1)):
        assert remind(trial_id=trial.pk)
        made = extend_trial(trial_id=trial.pk, by=trial.user)
        assert made.due_after.date() == timezone.now().date() + timedelta(days=3)
        assert not remind(trial_id=trial.pk)
    with time_machine.travel(made.due_after + timedelta(hours=1)):
        assert remind(trial_id=trial.pk)


def test_a_box_that_is_not_at_home_cannot_be_extended() -> None:
    trial = shipped_trial()

    with pytest.raises(CannotExtendError):
        extend_trial(trial_id=trial.pk, by=trial.user)
    with pytest.raises(CannotExtendError):
        extend_trial_by_staff(trial_id=trial.pk, days=3, by=StaffFactory())


def test_a_box_on_its_way_back_is_not_extended_by_staff_either() -> None:
    trial = _trial()
    mark_returning(trial_id=trial.pk, at=timezone.now())
    trial.refresh_from_db()
    assert trial.due_at is not None

    with pytest.raises(CannotExtendError):
        extend_trial_by_staff(trial_id=trial.pk, days=3, by=StaffFactory())


def test_staff_extend_as_often_as_they_see_fit() -> None:
    trial, by = _trial(), StaffFactory()

    for days in (1, 2):
        extend_trial_by_staff(trial_id=trial.pk, days=days, by=by, reason="A strike of the post")

    trial.refresh_from_db()
    assert trial.due_at.date() == NOON.date() + timedelta(days=8)


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_staff_extend_by_one_to_sixty_days(days: int) -> None:
    trial = _trial()
    before = trial.due_at

    with pytest.raises(CannotExtendError, match="1 to 60"):
        extend_trial_by_staff(trial_id=trial.pk, days=days, by=StaffFactory())
    trial.refresh_from_db()
    assert trial.due_at == before


def test_the_database_keeps_a_ground_to_one_extension_a_trial() -> None:
    trial = _trial()
    made = extend_trial(trial_id=trial.pk, by=trial.user)
    made.pk = None
    made.id = ExtensionGift().id

    with pytest.raises(IntegrityError), transaction.atomic():
        made.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_extend_once() -> None:
    trial = _trial()

    def extend(_number: int) -> bool:
        try:
            extend_trial(trial_id=trial.pk, by=trial.user)
        except CannotExtendError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(extend, range(4))) == 1


@pytest.mark.django_db(transaction=True)
def test_one_present_in_two_trials_at_once_is_used_once() -> None:
    ProgrammeVersionFactory(number=2, open_trials_per_customer=2, extension_days=0)
    user = UserFactory()
    trials = [delivered_trial(at=NOON, user=user) for _each in range(2)]
    give_extension(user=user, days=7, key="one")

    def extend(trial: Trial) -> bool:
        try:
            extend_trial(trial_id=trial.pk, by=user)
        except CannotExtendError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(extend, trials)) == 1
    assert Extension.objects.count() == 1


def test_the_page_offers_it_and_the_button_does_it(client: Client) -> None:
    trial = _trial()
    client.force_login(trial.user)

    page = client.get(f"/trials/{trial.number}/").content.decode()
    assert "Add 3 days" in page
    answer = client.post(f"/trials/{trial.number}/extend/", follow=True)

    words = re.sub(r"\s+", " ", answer.content.decode())
    assert "Yours to try until Tuesday, 16 June." in words
    assert "Add 3 days" not in words


@pytest.mark.parametrize("by_api", [False, True])
def test_a_second_tab_does_not_use_up_a_present_that_it_never_showed(
    client: Client, by_api: bool
) -> None:
    trial = _trial()
    gift = give_extension(user=trial.user, days=7, key="referral:1")
    client.force_login(trial.user)
    page = client.get(f"/trials/{trial.number}/").content.decode()
    assert 'name="ground" value="terms"' in page
    extend_trial(trial_id=trial.pk, by=trial.user)

    if by_api:
        path, key = f"/api/v1/trials/{trial.number}/extension/", {"Idempotency-Key": "tab"}
        kind = "application/json"
        answer = client.post(path, {"ground": "terms"}, content_type=kind, headers=key)
        assert answer.status_code == 409, answer.content
    else:
        answer = client.post(f"/trials/{trial.number}/extend/", {"ground": "terms"}, follow=True)
        assert "Look at what is offered to you now" in answer.content.decode()

    gift.refresh_from_db()
    assert gift.extension is None
    assert Extension.objects.count() == 1


def test_staff_extend_from_the_page_of_a_trial(client: Client) -> None:
    trial = _trial()
    client.force_login(StaffFactory())

    answer = client.post(
        f"/console/trials/{trial.number}/extend/", {"days": 4, "reason": "Ill"}, follow=True
    )

    trial.refresh_from_db()
    assert trial.due_at.date() == NOON.date() + timedelta(days=9)
    assert "Ill" in answer.content.decode()


def test_while_others_wait_for_a_frame_of_hers_she_cannot_extend_but_staff_can() -> None:
    trial = _trial()
    variant_id = trial.items.values_list("variant_id", flat=True).first()
    assert variant_id is not None
    join_waitlist(user=UserFactory(), variant_id=variant_id)

    assert extension_offer(trial) == ExtensionOffer(waited_for=True)
    with pytest.raises(CannotExtendError, match="Others wait"):
        extend_trial(trial_id=trial.pk, by=trial.user)
    assert extend_trial_by_staff(trial_id=trial.pk, days=1, by=StaffFactory())
