"""A box is shown what goes with it, where enough is known, and only what can be tried now."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shop.catalogue.models import Frame, Variant
from shop.customers.models import User
from tests.factories.shop import UserFactory
from tests.factories.trials import TrialUnitFactory, filled_box, requested_trial
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.requests import cancel_trial
from trials.home_trials.suggesting import Ground, box_suggestions


def _kept(user: User, tried: Variant, kept: Variant) -> None:
    """Let a customer have tried two frames and kept one of them."""
    trial = requested_trial(user=user, variants=[tried, kept])
    cancel_trial(trial_id=trial.pk, by=user)
    Trial.objects.filter(pk=trial.pk).update(state="closed", closed_at=timezone.now())
    TrialItem.objects.filter(trial=trial, variant=kept).update(outcome="kept")


@pytest.fixture
def tried() -> Variant:
    return TrialUnitFactory().variant


@pytest.fixture
def loved() -> Variant:
    return TrialUnitFactory().variant


@pytest.mark.django_db
def test_what_three_others_kept_is_suggested_and_two_are_too_few(
    tried: Variant, loved: Variant
) -> None:
    user = UserFactory()
    box = filled_box(user=user, variants=[tried])
    for _each in range(2):
        _kept(UserFactory(), tried, loved)
    assert box_suggestions(box, user) == []

    _kept(UserFactory(), tried, loved)

    (found,) = box_suggestions(box, user)
    assert (found.variant, found.ground, found.customers) == (loved, Ground.KEPT_BY_OTHERS, 3)
    assert box_suggestions(box, None) == [found]


@pytest.mark.django_db
def test_one_customer_who_keeps_it_thrice_counts_once(tried: Variant, loved: Variant) -> None:
    again = UserFactory()
    for _each in range(3):
        _kept(again, tried, loved)
        Trial.objects.update(closed_at="2020-01-01T00:00Z")
    user = UserFactory()
    assert box_suggestions(filled_box(user=user, variants=[tried]), user) == []


@pytest.mark.django_db
def test_what_nobody_can_try_now_is_not_suggested(tried: Variant, loved: Variant) -> None:
    user = UserFactory()
    box = filled_box(user=user, variants=[tried])
    for _each in range(3):
        _kept(UserFactory(), tried, loved)
    loved.trial_units.update(state="repair")
    assert box_suggestions(box, user) == []
    loved.trial_units.update(state="available")
    Frame.objects.filter(pk=loved.frame_id).update(published=False)
    assert box_suggestions(box, user) == []


@pytest.mark.django_db
def test_frames_as_wide_as_what_she_kept_are_suggested(tried: Variant) -> None:
    user = UserFactory()
    one, two, fits, other = (TrialUnitFactory().variant for _each in range(4))
    Frame.objects.update(width="narrow")
    Frame.objects.filter(pk__in=[one.frame_id, two.frame_id, fits.frame_id]).update(width="wide")
    box = filled_box(user=user, variants=[tried])
    _kept(user, other, one)
    assert box_suggestions(box, user) == []
    Trial.objects.update(closed_at="2020-01-01T00:00Z")
    box = filled_box(user=user, variants=[tried])
    _kept(user, other, two)
    box = filled_box(user=user, variants=[tried])

    found = box_suggestions(box, user)

    assert fits in [each.variant for each in found]
    assert {each.ground for each in found} == {Ground.WIDTH}
    assert {each.variant.frame.width for each in found} == {"wide"}


@pytest.mark.django_db
def test_page_and_api_show_it_with_its_ground_at_a_constant_cost(
    client: Client, tried: Variant, loved: Variant
) -> None:
    user = UserFactory()
    filled_box(user=user, variants=[tried])
    client.force_login(user)
    for _each in range(3):
        _kept(UserFactory(), tried, loved)
    page = client.get(reverse("trials:box")).content.decode()
    assert "Kept by others who tried a frame from your box" in page
    assert loved.frame.name in page
    answer = client.get(reverse("api-box-suggestions")).json()["suggestions"]
    assert [(each["variant_id"], each["customers"]) for each in answer] == [(loved.pk, 3)]
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("trials:box"))
    for variant in [TrialUnitFactory().variant for _each in range(2)]:
        for _each in range(3):
            _kept(UserFactory(), tried, variant)
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("trials:box"))
    assert len(few) == len(many)
