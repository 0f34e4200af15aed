"""Two hundred customers who want the same twenty units, and their race for them."""

import uuid
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import Random
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection
from django.db.models import Count

from shop.catalogue.models import Variant
from shop.customers.models import Address, User
from shop.payments.models import SavedCard
from tests.factories.shop import VariantFactory
from tests.factories.trials import ProgrammeVersionFactory
from tests.lock_order import outside_the_law
from trials.home_trials.models import Box, BoxItem, Trial, TrialItem
from trials.home_trials.services import requests
from trials.home_trials.services.requests import place_trial
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit
from trials.units.services.making import create_units

CUSTOMERS = 200
UNITS = 20
THREADS = 32
# Of overlapping wishes: so many variants, of each so few units that two boxes often meet.
VARIANTS = 10
MOST_FRAMES = 5
T = TypeVar("T")


@outside_the_law()
def customers(wishes: list[list[Variant]]) -> list[User]:
    """Return one customer for each wish, with address, card and the wish in her box."""
    first = User.objects.count()
    users = User.objects.bulk_create(
        User(email=f"rush{n}@lorgnette.example", name=f"Rush {n}", password="!")
        for n in range(first, first + len(wishes))
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


def variants(count: int) -> list[Variant]:
    """Return so many variants, of which there are ``UNITS`` units together."""
    ProgrammeVersionFactory()
    made = [VariantFactory() for _each in range(count)]
    for variant in made:
        create_units(variant_id=variant.pk, count=UNITS // count)
    return made


def double_booked() -> list[int]:
    """Return the units that more than one trial holds."""
    held = TrialItem.objects.filter(holds_unit=True).values("unit").annotate(n=Count("pk"))
    return [row["unit"] for row in held if row["n"] > 1]


def overlapping_wishes(chance: Random) -> list[list[Variant]]:
    """Return a wish of one to five frames for each customer, of new variants that are scarce."""
    scarce = variants(VARIANTS)
    return [chance.sample(scarce, chance.randint(1, MOST_FRAMES)) for _customer in range(CUSTOMERS)]


def place(user: User) -> Trial | NothingFreeError:
    """Place what is in a customer's box; that a frame of it is out is an answer like any other."""
    try:
        return place_trial(
            user=user,
            box_id=user.box.pk,
            address_id=user.addresses.get().pk,
            card_id=user.saved_cards.get().pk,
        )
    except NothingFreeError as refused:
        return refused


def by_all_at_once(
    act: Callable[[User], T], users: list[User], *, threads: int = THREADS
) -> list[T]:
    """Run ``act`` for all, each thread beginning when all stand ready; errors are raised.

    Returns:
        What ``act`` returned, in the order of ``users``.
    """
    ready = Barrier(threads)

    def run(mine: list[User]) -> list[T]:
        try:
            ready.wait(timeout=120)
            return [act(user) for user in mine]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        shares = list(pool.map(run, [users[start::threads] for start in range(threads)]))
    return [shares[n % threads][n // threads] for n in range(len(users))]


def check_round(
    users: list[User], wishes: list[list[Variant]], results: list[Trial | NothingFreeError]
) -> tuple[int, int]:
    """Make sure that each got the whole of her wish or nothing of it, and no unit went to two.

    Returns:
        How many trials were placed, and how many units they reserved.
    """
    assert not double_booked()
    placed = {
        user.pk: {variant.pk for variant in wish}
        for user, wish, result in zip(users, wishes, results, strict=True)
        if isinstance(result, Trial)
    }
    got: dict[int, set[int]] = {}
    ours = TrialItem.objects.filter(trial__user__in=users, unit__state="reserved", holds_unit=True)
    for user_id, variant_id in ours.values_list("trial__user_id", "unit__variant_id"):
        got.setdefault(user_id, set()).add(variant_id)
    assert got == placed
    wanted = {variant.pk for wish in wishes for variant in wish}
    units = TrialUnit.objects.filter(variant__in=wanted)
    reserved = sum(map(len, placed.values()))
    assert units.filter(state="reserved").count() == reserved
    # Refused was nobody whose wish could be met: of one of its frames at least nothing is left.
    free = set(units.filter(state="available").values_list("variant_id", flat=True))
    for user, wish in zip(users, wishes, strict=True):
        if user.pk not in placed:
            assert not {variant.pk for variant in wish} <= free
            assert user.box.items.count() == len(wish)
    return len(placed), reserved


def deadlocks() -> int:
    """Return how many deadlocks PostgreSQL has broken in this database so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        (count,) = cursor.fetchone()
    return int(count)


@contextmanager
def without_lock() -> Iterator[None]:
    """Look for a unit, then take it, as if nobody else could; and no constraint catches it."""

    def reserve(
        *,
        variant_ids: Collection[int],
        trial_id: uuid.UUID,
        by: User | None = None,
        customer: User | None = None,
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
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests, "reserve_units", reserve)
        yield
    TrialItem.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(TrialItem, constraint)
