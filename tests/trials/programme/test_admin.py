"""In the admin, rules and trials are only looked at."""

import pytest
from django.test import Client

from tests.factories.shop import UserFactory
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory, requested_trial
from trials.programme.models import ProgrammeVersion

pytestmark = pytest.mark.django_db
AMOUNTS = ("fee", "deposit", "hold", "most_value", "late_fee", "late_fee_cap")
VERSIONS = "/admin/trials/programmeversion/"


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def _rules(first: ProgrammeVersion, **changes: object) -> dict[str, object]:
    return {
        "programme": first.programme_id,
        "frames_per_box": 5,
        "days_at_home": 5,
        "grace_days": 3,
        "shipping_days": 3,
        "open_trials_per_customer": 1,
        "mode": "return_all",
        **{f"{name}_0": "0" for name in AMOUNTS},
        **{f"{name}_1": "EUR" for name in AMOUNTS},
        "cool_down_days": 0,
        "day_count": "every_day",
        "reminder_days": "1,3,5",
        "extension_days": 3,
        "longest_wait_days": 14,
        "unreturned_percent": 100,
        "damaged_percent": 40,
        "late_return_days": 30,
        "late_return_percent": 100,
        "valid_from_0": "2026-01-01",
        "valid_from_1": "00:00",
        **changes,
    }


def test_rules_are_not_published_here_without_a_preview(client: Client) -> None:
    first = ProgrammeVersionFactory()

    answer = client.post(f"{VERSIONS}add/", _rules(first, days_at_home=7))

    assert answer.status_code == 403
    assert ProgrammeVersion.objects.get() == first
    assert client.get(f"{VERSIONS}{first.pk}/change/").status_code == 200


def test_a_published_version_cannot_be_edited_or_deleted(client: Client) -> None:
    first = ProgrammeVersionFactory()

    client.post(f"{VERSIONS}{first.pk}/change/", _rules(first, days_at_home=9))
    deleting = client.post(f"{VERSIONS}{first.pk}/delete/", {"post": "yes"})

    first.refresh_from_db()
    assert (first.days_at_home, deleting.status_code) == (5, 403)


@pytest.mark.parametrize("page", ["trial", "trialunit"])
def test_trials_and_units_are_found_and_not_made(client: Client, page: str) -> None:
    trial, unit = requested_trial(), TrialUnitFactory()
    number = trial.number if page == "trial" else unit.barcode

    assert number in client.get(f"/admin/trials/{page}/?q={number}").content.decode()
    assert client.get(f"/admin/trials/{page}/add/").status_code == 403
