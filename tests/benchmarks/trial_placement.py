"""A trial is placed: a full box reserved, while two hundred others place theirs."""

import uuid
from collections import Counter
from collections.abc import Callable

from django.db.models import Count

from shop.catalogue.models import Variant
from tests.benchmarks.bench import Bench, figure
from tests.benchmarks.floors import INSERT
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.load import Result, dealt, run_load, sending
from tests.benchmarks.people import Customer, make_customers
from tests.benchmarks.report import Figure
from tests.benchmarks.server import analyse
from tests.benchmarks.statements import statements
from tests.benchmarks.wire import json_bytes
from tests.factories.trials import ProgrammeVersionFactory
from trials.home_trials.models import Box, BoxItem, Trial, TrialItem
from trials.programme.queries import current_version
from trials.units.models import TrialUnit, UnitMovement
from trials.units.services.making import MOST_AT_ONCE, create_units

FRAMES = 5
LEAST = 100
PATH = "/api/v1/trials/"
# Customers for each unit of the frames that everybody wants and few get.
WANTED_BY = 10

Choice = Callable[[int], list[Variant]]


def run(bench: Bench) -> list[Figure]:
    """Measure boxes of all kinds, one and the same box, and one that most come too late for."""
    ensure_products(bench.scale.products)
    ProgrammeVersionFactory()
    scarce_units = max(bench.scale.crowd // WANTED_BY, 1)
    variants = list(Variant.objects.filter(position=2).order_by("pk"))
    same, scarce, various = variants[:FRAMES], variants[FRAMES : 2 * FRAMES], variants[2 * FRAMES :]
    rounds, acts, crowd = bench.scale.rounds, bench.scale.acts, bench.scale.crowd
    _put_on_shelves(various, each=rounds * acts * FRAMES // len(various) + rounds)
    _put_on_shelves(same, each=rounds * acts)
    _put_on_shelves(scarce, each=rounds * scarce_units)

    def choose(number: int) -> list[Variant]:
        return [various[(number * FRAMES + each) % len(various)] for each in range(FRAMES)]

    boxes = {
        "various": iter([_customers(acts, choose, each * acts) for each in range(rounds)]),
        "same": iter([_customers(acts, lambda _number: same) for _round in range(rounds)]),
        "scarce": iter([_customers(crowd, lambda _number: scarce) for _round in range(rounds)]),
    }
    analyse()

    def place(kind: str) -> Result:
        requests = [sending(_placing(customer)) for customer in next(boxes[kind])]
        return run_load(bench.shop, dealt(requests, hands=crowd), expected=_expected(kind))

    floor, various_placed, same_placed, scarce_placed = bench.in_turns(
        bench.floor("/insert/", method="POST"),
        lambda: place("various"),
        lambda: place("same"),
        lambda: place("scarce"),
    )
    placed = sum(each.statuses[201] for each in [*various_placed, *same_placed, *scarce_placed])
    too_late = sum((each.statuses for each in scarce_placed), Counter[int]())
    bench.check("of the scarce, placed", found=too_late[201], expected=rounds * scarce_units)
    _check(bench, placed)
    at_once = f"trial placed, {crowd} at once"
    return [
        figure(
            f"{at_once}: various frames",
            various_placed,
            floor=floor,
            floor_name=INSERT,
            least=LEAST,
            statements=_statements(various),
        ),
        figure(
            f"{at_once}: all want the same five",
            same_placed,
            floor=floor,
            floor_name=INSERT,
            least=LEAST,
        ),
        figure(
            f"{at_once}: one in {WANTED_BY} can have them",
            scarce_placed,
            floor=floor,
            floor_name=INSERT,
            placed=too_late[201],
            refused=too_late[409],
        ),
    ]


def _expected(kind: str) -> tuple[int, ...]:
    return (201, 409) if kind == "scarce" else (201,)


def _put_on_shelves(variants: list[Variant], *, each: int) -> None:
    for variant in variants:
        for made in range(0, each, MOST_AT_ONCE):
            create_units(variant_id=variant.pk, count=min(MOST_AT_ONCE, each - made))


def _customers(count: int, choose: Choice, first: int = 0) -> list[Customer]:
    """Return new customers with a full box each."""
    customers = make_customers(count)
    boxes = Box.objects.bulk_create(Box(user=customer.user) for customer in customers)
    BoxItem.objects.bulk_create(
        BoxItem(box=box, variant=variant)
        for number, box in enumerate(boxes, start=first)
        for variant in choose(number)
    )
    return customers


def _wish(customer: Customer) -> dict[str, int]:
    return {
        "version_id": current_version(country="DE").pk,
        "address_id": customer.address_id,
        "card_id": customer.card_id,
    }


def _placing(customer: Customer) -> bytes:
    headers = customer.headers(**{"Idempotency-Key": str(uuid.uuid4())})
    return json_bytes("POST", PATH, _wish(customer), headers=headers)


def _check(bench: Bench, placed: int) -> None:
    trials = Trial.objects.filter(state="requested")
    items = TrialItem.objects.filter(trial__in=trials)
    bench.check("trials placed", found=trials.count(), expected=placed)
    bench.check("frames reserved", found=items.count(), expected=placed * FRAMES)
    held = items.filter(holds_unit=True).values("unit").annotate(n=Count("pk"))
    bench.check("units booked twice", found=held.filter(n__gt=1).count(), expected=0)
    reserved = TrialUnit.objects.filter(state="reserved", trial_items__trial__in=trials)
    bench.check("units reserved", found=reserved.count(), expected=placed * FRAMES)
    moves = UnitMovement.objects.filter(to_state="reserved", trial_id__in=trials.values("pk"))
    bench.check("movements", found=moves.count(), expected=placed * FRAMES)


def _statements(variants: list[Variant]) -> str:
    _put_on_shelves(variants[:FRAMES], each=1)
    (customer,) = _customers(1, lambda _number: variants[:FRAMES])
    return statements(
        lambda client: client.post(
            PATH, _wish(customer), headers=customer.headers(**{"Idempotency-Key": "once"})
        )
    )
