"""Rules are published in versions; running trials keep theirs."""

from datetime import timedelta

import pytest
from django.utils import timezone
from djmoney.money import Money

from trials.programme.errors import NoProgrammeError, RulesInvalidError
from trials.programme.models import Programme
from trials.programme.queries import current_version
from trials.programme.services import publish_version

pytestmark = pytest.mark.django_db


def test_first_version_makes_the_programme_and_counts_at_once() -> None:
    made = publish_version(programme_slug="home", name="At home", frames_per_box=4)

    assert (made.number, made.programme.name) == (1, "At home")
    assert current_version(country="DE") == made
    assert current_version(country="DE").frames_per_box == 4


def test_what_is_not_named_stays_as_it_was() -> None:
    publish_version(programme_slug="home", days_at_home=7, fee=Money("4.90", "EUR"))

    second = publish_version(programme_slug="home", grace_days=1)

    assert second.number == 2
    assert (second.days_at_home, second.grace_days) == (7, 1)
    assert second.fee == Money("4.90", "EUR")


def test_a_version_of_tomorrow_does_not_count_today() -> None:
    today = publish_version(programme_slug="home")
    publish_version(programme_slug="home", valid_from=timezone.now() + timedelta(days=1))

    assert current_version(country="DE") == today


def test_a_box_of_no_frames_is_refused_and_nothing_published() -> None:
    with pytest.raises(RulesInvalidError):
        publish_version(programme_slug="home", frames_per_box=0)

    assert not Programme.objects.exists()


def test_without_an_active_programme_trials_are_not_offered() -> None:
    publish_version(programme_slug="home")
    Programme.objects.update(active=False)

    with pytest.raises(NoProgrammeError):
        current_version(country="DE")
