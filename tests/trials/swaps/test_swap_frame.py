"""A frame is swapped for another until somebody picks the box, all or nothing."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from djmoney.money import Money

from shop.analytics.models import Event
from shop.catalogue.models import Variant
from shop.catalogue.services.listing import refresh_listings
from shop.foundation.invariants import all_invariants, breaches
from tests.at_once import at_once
from tests.factories.shop import StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import (
    TrialUnitFactory,
    approved_trial,
    packed_trial,
    requested_trial,
    shipped_trial,
)
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.fulfilment.services.picking import pick_unit
from trials.home_trials.errors import BoxTooDearError, NotForTrialError, WrongUnitError
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.packing import pack_unit
from trials.home_trials.services.requests import approve_trial, cancel_trial
from trials.swaps.errors import CannotSwapError, InTrialAlreadyError, ItemMissingError
from trials.swaps.models import FrameSwap
from trials.swaps.services import swap_frame
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit, UnitMovement, WaitlistEntry
from trials.units.services.waiting import join_waitlist


def _first(trial: Trial) -> TrialItem:
    return trial.items.order_by("variant_id").first()


def _swap(trial: Trial, variant: Variant, item: TrialItem | None = None) -> FrameSwap:
    item = item or _first(trial)
    return swap_frame(trial_id=trial.pk, item_id=item.pk, variant_id=variant.pk, by=trial.user)


def _books_balance() -> None:
    for each in all_invariants():
        assert breaches(each) == [], each.name


@pytest.mark.django_db
@pytest.mark.parametrize("made", [requested_trial, approved_trial])
def test_the_new_unit_is_reserved_and_the_old_one_free_at_the_new_price(made: object) -> None:
    trial, new = made(), TrialUnitFactory()  # type: ignore[operator]
    Variant.objects.filter(pk=new.variant_id).update(price=Money("77.00", "EUR"))
    item = _first(trial)
    old = item.unit

    swap = _swap(trial, new.variant)

    item.refresh_from_db()
    assert (item.variant_id, item.unit_id, item.price) == (
        new.variant_id,
        new.pk,
        Money("77.00", "EUR"),
    )
    assert TrialUnit.objects.get(pk=old.pk).state == "available"
    assert TrialUnit.objects.get(pk=new.pk).state == "reserved"
    assert swap.unit_before_id == old.pk
    assert swap.price_after == item.price
    event = Event.objects.get(name="frame_swapped")
    assert (event.details["from"], event.details["to"]) == (old.variant_id, new.variant_id)
    latest = UnitMovement.objects.filter(subject=old).latest("pk")
    assert (latest.to_state, latest.trial_id, latest.actor) == ("available", trial.pk, trial.user)
    _books_balance()


@pytest.mark.django_db
def test_where_nothing_is_free_the_box_stays_as_it_is() -> None:
    trial, out = requested_trial(), VariantFactory()
    before = list(trial.items.order_by("pk").values_list("variant_id", "unit_id"))
    with pytest.raises(NothingFreeError):
        _swap(trial, out)
    assert list(trial.items.order_by("pk").values_list("variant_id", "unit_id")) == before
    assert not FrameSwap.objects.exists()
    _books_balance()


@pytest.mark.django_db
def test_what_is_held_for_one_who_waits_is_swapped_in_for_her_alone() -> None:
    variant, hers = VariantFactory(), requested_trial()
    join_waitlist(user=hers.user, variant_id=variant.pk)
    unit = TrialUnitFactory(variant=variant)
    with pytest.raises(NothingFreeError):
        _swap(requested_trial(), variant)

    _swap(hers, variant)

    assert _first(hers).unit_id == unit.pk or hers.items.filter(unit=unit).exists()
    assert WaitlistEntry.objects.get().state == "taken"
    _books_balance()


@pytest.mark.django_db
def test_what_she_lets_go_is_held_for_who_waits_for_it() -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    old = _first(trial).unit
    friend = UserFactory()
    join_waitlist(user=friend, variant_id=old.variant_id)

    _swap(trial, new.variant)

    assert TrialUnit.objects.get(pk=old.pk).held_for == WaitlistEntry.objects.get(user=friend)


@pytest.mark.django_db
def test_a_box_that_is_picked_or_packed_or_over_is_not_swapped() -> None:
    new, by = TrialUnitFactory(), StaffFactory()
    listed, picked, cancelled = approved_trial(), approved_trial(), requested_trial()
    batch = make_batch(count=2, by=by)
    pick_unit(batch_id=batch.pk, barcode=_first(picked).unit.barcode, by=by)
    cancel_trial(trial_id=cancelled.pk, by=cancelled.user)
    half = approved_trial()
    pack_unit(trial_id=half.pk, barcode=_first(half).unit.barcode, by=by)
    for trial, why in (
        # Nobody has fetched anything of it yet.
        (listed, "on a pick list"),
        (picked, "being packed"),
        (half, "being packed"),
        (packed_trial(), "is packed"),
        (shipped_trial(), "has left already"),
        (cancelled, "is over"),
    ):
        with pytest.raises(CannotSwapError, match=why):
            _swap(trial, new.variant)

    cancel_batch(batch_id=batch.pk, by=by)
    _swap(listed, new.variant)
    _books_balance()


@pytest.mark.django_db
def test_a_wrong_wish_is_refused_by_name() -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    first, second = trial.items.order_by("variant_id")
    with pytest.raises(InTrialAlreadyError):
        _swap(trial, second.variant, first)
    with pytest.raises(InTrialAlreadyError):
        _swap(trial, first.variant, first)
    with pytest.raises(ItemMissingError):
        _swap(trial, new.variant, _first(requested_trial()))
    new.variant.active = False
    new.variant.save()
    with pytest.raises(NotForTrialError):
        _swap(trial, new.variant)
    with pytest.raises(NotForTrialError):
        _swap(trial, TrialUnitFactory(variant__frame__published=False).variant)


@pytest.mark.django_db
def test_a_swap_may_not_make_the_box_dearer_than_its_programme_sends() -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    version = trial.programme_version
    type(version).objects.filter(pk=version.pk).update(most_value=Money("500.00", "EUR"))
    Variant.objects.filter(pk=new.variant_id).update(price=Money("499.00", "EUR"))
    with pytest.raises(BoxTooDearError):
        _swap(trial, new.variant)
    assert TrialUnit.objects.get(pk=new.pk).state == "available"


@pytest.mark.django_db(transaction=True)
def test_two_swaps_of_one_frame_at_once_leave_one_unit_reserved() -> None:
    for _round in range(5):
        trial = requested_trial(frames=1)
        item, news = _first(trial), [TrialUnitFactory() for _each in range(2)]

        def to(unit: TrialUnit, trial: Trial = trial, item: TrialItem = item) -> FrameSwap:
            return _swap(trial, unit.variant, item)

        at_once(
            [lambda unit=unit: to(unit) for unit in news],  # type: ignore[misc]
            expected=CannotSwapError,
        )
        states = sorted(
            TrialUnit.objects.filter(pk__in=[unit.pk for unit in news]).values_list("state")
        )
        assert states == [("available",), ("reserved",)]
        _books_balance()


@pytest.mark.django_db(transaction=True)
def test_customers_who_swap_crosswise_at_once_never_wait_in_a_circle() -> None:
    for _round in range(5):
        one, two = requested_trial(frames=1), requested_trial(frames=1)
        left, right = _first(one), _first(two)
        for variant in (left.variant, right.variant):
            TrialUnitFactory(variant=variant)
        done = at_once(
            [lambda: _swap(one, right.variant, left), lambda: _swap(two, left.variant, right)],  # noqa: B023
            expected=NothingFreeError,
        )
        assert all(isinstance(each, FrameSwap) for each in done)
        _books_balance()


@pytest.mark.django_db(transaction=True)
def test_a_swap_and_a_batch_at_once_never_leave_a_picked_box_swapped() -> None:
    by = StaffFactory()
    for _round in range(6):
        trial, new = approved_trial(frames=1), TrialUnitFactory()
        item = _first(trial)

        def pack(trial: Trial = trial, item: TrialItem = item) -> TrialItem:
            barcode = TrialItem.objects.get(pk=item.pk).unit.barcode
            return pack_unit(trial_id=trial.pk, barcode=barcode, by=by)

        def swap(trial: Trial = trial, item: TrialItem = item, new: TrialUnit = new) -> FrameSwap:
            return _swap(trial, new.variant, item)

        at_once([pack, swap], expected=(CannotSwapError, WrongUnitError))
        _books_balance()
        item.refresh_from_db()
        assert item.unit.state == ("packed" if item.packed_at else "reserved")


@pytest.mark.django_db
def test_she_chooses_on_a_page_and_her_trial_shows_it(client: Client) -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    client.force_login(trial.user)
    item = _first(trial)
    url = reverse("trials:frame_swap", args=[trial.number, item.pk])
    assert url in client.get(reverse("trials:trial", args=[trial.number])).content.decode()
    assert new.variant.frame.name in client.get(url).content.decode()

    sent = {"variant": new.variant_id, "instead_of": item.variant_id}
    answer = client.post(url, sent, follow=True)

    assert new.variant.frame.name in answer.content.decode()
    assert client.post(url, {"variant": "x"}).status_code == 422
    # Of a page that was opened before it.
    another = TrialUnitFactory()
    late = client.post(url, {**sent, "variant": another.variant_id})
    assert late.status_code == 409
    assert "is in its place by now" in late.content.decode()
    item.refresh_from_db()
    assert item.variant == new.variant


@pytest.mark.django_db
def test_what_can_be_swapped_for_is_searched_as_the_catalogue_is(client: Client) -> None:
    trial = requested_trial()
    client.force_login(trial.user)
    for name in ("Halcyon", "Meridian"):
        unit = TrialUnitFactory(variant__frame__name=name)
        refresh_listings(frame_ids=[unit.variant.frame_id])
    url = reverse("trials:frame_swap", args=[trial.number, _first(trial).pk])

    found = client.get(url, {"q": "halcy"}).content.decode()
    assert ("Halcyon" in found, "Meridian" in found, 'value="halcy"' in found) == (
        True,
        False,
        True,
    )
    assert "No free frame matches" in client.get(url, {"q": "Nowhere <b>"}).content.decode()
    everything = client.get(url, {"q": "  & ! "}).content.decode()
    assert "Halcyon" in everything
    assert "Meridian" in everything


@pytest.mark.django_db
def test_her_trial_tells_what_was_swapped_between_what_else_happened(client: Client) -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    client.force_login(trial.user)
    before = _first(trial).variant
    _swap(trial, new.variant)
    approve_trial(trial_id=trial.pk, by=StaffFactory())

    page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()

    told = page.partition("What happened")[2]
    assert f"{new.variant} instead of {before}" in told
    assert told.index("Approved") < told.index("Frame swapped") < told.index("Requested")


@pytest.mark.django_db
def test_the_page_costs_the_same_however_much_is_free(client: Client) -> None:
    trial = requested_trial()
    client.force_login(trial.user)
    url = reverse("trials:frame_swap", args=[trial.number, _first(trial).pk])
    TrialUnitFactory()
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for _each in range(8):
        TrialUnitFactory()
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(few) == len(many)


@pytest.mark.django_db
def test_the_api_swaps_once_a_key(client: Client) -> None:
    trial, new = requested_trial(), TrialUnitFactory()
    client.force_login(trial.user)
    url = reverse("api-frame-swap", args=[trial.number, _first(trial).pk])
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = {"variant_id": new.variant_id}
    answers = [
        client.post(url, body, content_type="application/json", headers=key) for _each in range(2)
    ]
    assert [each.status_code for each in answers] == [201, 201]
    assert FrameSwap.objects.count() == 1
