"""Two hundred customers ask for twenty units at once, through real threads and connections.

The control runs the same race with the lock taken out and must double-book, or the race is none.
"""

import uuid
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django.db.models import Count

from shop.catalogue.models import Variant
from shop.customers.models import Address, User
from shop.foundation.invariants import all_invariants, breaches
from shop.payments.models import SavedCard
from tests.factories.shop import VariantFactory
from tests.factories.trials import ProgrammeVersionFactory
from trials.home_trials.models import Box, BoxItem, Trial, TrialItem
from trials.home_trials.services import requests
from trials.home_trials.services.requests import place_trial
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit
from trials.units.services import create_units

pytestmark = pytest.mark.django_db(transaction=True)
CUSTOMERS = 200
UNITS = 20
THREADS = 32
T = TypeVar("T")


def _customers(wishes: list[list[Variant]]) -> list[User]:
    users = User.objects.bulk_create(
        User(email=f"rush{n}@lorgnette.example", name=f"Rush {n}", password="!")
        for n in range(len(wishes))
    )
    Address.objects.bulk_create(
        Address(user=user, name=user.name, line1="1", postal_code="1", city="B", country="DE")
        for user in users
    )
    SavedCard.objects.bulk_create(
        SavedCard(
            user=user,
            stripe_payment_method_id=f"pm_rush{user.pk}",
            brand="visa",
            last4="4242",
            exp_month=12,
            exp_year=2040,
            fingerprint="f",
        )
        for user in users
    )
    boxes = Box.objects.bulk_create(Box(user=user) for user in users)
    BoxItem.objects.bulk_create(
        BoxItem(box=box, variant=variant)
        for box, variants in zip(boxes, wishes, strict=True)
        for variant in variants
    )
    return list(User.objects.filter(pk__in=[user.pk for user in users]).order_by("pk"))


def _place(user: User) -> Trial | NothingFreeError:
    try:
        return place_trial(
            user=user,
            box_id=user.box.pk,
            address_id=user.addresses.get().pk,
            card_id=user.saved_cards.get().pk,
        )
    except NothingFreeError as refused:
        return refused


def _at_once(act: Callable[[User], T], users: list[User]) -> list[T]:
    """Run ``act`` for all, each thread beginning when all stand ready; errors are raised."""
    ready = Barrier(THREADS)

    def run(mine: list[User]) -> list[T]:
        try:
            ready.wait(timeout=60)
            return [act(user) for user in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        shares = pool.map(run, [users[start::THREADS] for start in range(THREADS)])
        return [result for share in shares for result in share]


def _variants(count: int) -> list[Variant]:
    ProgrammeVersionFactory()
    variants = [VariantFactory() for _each in range(count)]
    for variant in variants:
        create_units(variant_id=variant.pk, count=UNITS // count)
    return variants


def _double_booked() -> list[int]:
    held = TrialItem.objects.filter(holds_unit=True).values("unit").annotate(n=Count("pk"))
    return [row["unit"] for row in held if row["n"] > 1]


def _check_books(results: list[Trial | NothingFreeError], frames: int) -> list[Trial]:
    placed = [result for result in results if isinstance(result, Trial)]
    assert len(results) == CUSTOMERS
    assert Trial.objects.count() == len(placed)
    assert not _double_booked()
    sizes = Trial.objects.annotate(n=Count("items")).values_list("n", flat=True)
    assert set(sizes) == {frames}
    assert TrialUnit.objects.filter(state="reserved").count() == len(placed) * frames
    assert BoxItem.objects.count() == (CUSTOMERS - len(placed)) * frames
    for each in all_invariants():
        assert breaches(each) == [], each.name
    return placed


@pytest.mark.parametrize(("variants", "possible"), [(1, UNITS), (5, UNITS // 5)])
def test_exactly_as_many_trials_are_placed_as_there_are_units(variants: int, possible: int) -> None:
    users = _customers([_variants(variants)] * CUSTOMERS)

    placed = _check_books(_at_once(_place, users), frames=variants)

    assert len(placed) == possible


def test_nobody_is_refused_who_could_have_been_served() -> None:
    variants = _variants(5)
    pairs = [[variants[n % 5], variants[(n + 1 + n // 5 % 4) % 5]] for n in range(CUSTOMERS)]
    users = _customers(pairs)

    _check_books(_at_once(_place, users), frames=2)

    free = set(TrialUnit.objects.filter(state="available").values_list("variant_id", flat=True))
    for box in Box.objects.prefetch_related("items").filter(items__isnull=False).distinct():
        wanted = {item.variant_id for item in box.items.all()}
        assert not wanted <= free


def test_one_customer_asking_from_many_tabs_gets_one_trial() -> None:
    variant = _variants(1)[0]
    (user,) = _customers([[variant]])
    wish = uuid.uuid4()

    def place(same: User) -> Trial:
        return place_trial(
            user=same,
            box_id=same.box.pk,
            address_id=same.addresses.get().pk,
            card_id=same.saved_cards.get().pk,
            wish=wish,
        )

    tabs = [User.objects.get(pk=user.pk) for _each in range(THREADS)]
    trials = _at_once(place, tabs)

    assert {trial.pk for trial in trials} == {Trial.objects.get().pk}


@pytest.fixture
def without_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look for a unit, then take it, as if nobody else could; and no constraint catches it."""

    def reserve(
        *, variant_ids: Collection[int], trial_id: uuid.UUID, by: User | None = None
    ) -> dict[int, int]:
        units = {}
        for variant_id in sorted(variant_ids):
            free = TrialUnit.objects.filter(variant_id=variant_id, state="available")
            unit = free.order_by("uses", "pk").first()
            if unit is None:
                raise NothingFreeError("none", variants=[variant_id])
            units[variant_id] = unit.pk
        TrialUnit.objects.filter(pk__in=units.values()).update(state="reserved")
        return units

    constraint = next(
        each for each in TrialItem._meta.constraints if each.name == "unit_in_one_open_trial"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(TrialItem, constraint)
    monkeypatch.setattr(requests, "reserve_units", reserve)
    yield
    TrialItem.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(TrialItem, constraint)


@pytest.mark.usefixtures("without_lock")
def test_without_the_lock_the_same_race_double_books_and_the_audit_says_so() -> None:
    users = _customers([_variants(1)] * CUSTOMERS)

    results = _at_once(_place, users)

    placed = [result for result in results if isinstance(result, Trial)]
    assert len(placed) > UNITS
    assert _double_booked()
    broken = {each.name for each in all_invariants() if breaches(each)}
    assert "A trial unit is in at most one open trial" in broken
