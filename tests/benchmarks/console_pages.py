"""The console's pages and searches, each as the addresses that staff open one after another."""

import re
from html import unescape
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.test import Client
from django.urls import reverse

from shop.customers.models import User
from shop.orders.models import Order
from shop.orders.states import OrderState
from trials.claims.models import Claim
from trials.console.queries.overdue import KINDS
from trials.console.queries.trials import FILTERS
from trials.fulfilment.models import Manifest, PickBatch
from trials.home_trials.models import Trial
from trials.shipping.models import Shipment
from trials.units.models import TrialUnit, UnitCount
from trials.units.states import UnitState

NEXT = re.compile(r'rel="next" href="([^"]+)"')
EACH = 100
DEEP = 20


def pages() -> dict[str, list[str]]:
    """Return the addresses of each page, by its name; those of rows are spread over all rows."""
    return {**_lists(), **_searches(), **_single(), **_figures()}


def _at(name: str, **query: object) -> str:
    return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


def _some(rows: QuerySet[Model], field: str) -> list[str]:
    """Return some of the values of a field, drawn by the rows' hash and so from all of time."""
    keys = rows.order_by("pk").values_list("pk", flat=True)[:EACH]
    return [str(value) for value in rows.filter(pk__in=list(keys)).values_list(field, flat=True)]


def _numbers(*states: str) -> list[str]:
    # Trials' keys are random, so that the first ones are spread over two years.
    return _some(Trial.objects.filter(state__in=states), "number")


def _lists() -> dict[str, list[str]]:
    trials, overdue, units = "console:trial_list", "console:overdue", "console:unit_list"
    queues = (
        *("console:pack", "console:check_in", "console:batch_list", "console:manifest_list"),
        *("console:parcel_list", "console:risk_queue", "console:broken_list", "console:left_list"),
        *("console:count_list", "console:programme_list", "console:put_back"),
    )
    return {
        "today": [_at("console:home")],
        "trials": [_at(trials)],
        "trials by queue": [_at(trials, state=each) for each in (*FILTERS, "ended", "unheld")],
        "trials, deep": _deep(_at(trials)) + _deep(_at(trials, state="ended")),
        "trials, first bytes of the CSV": [
            _at("console:trials_csv", state=each) for each in ("", "ended", "delivered")
        ],
        "overdue by kind and sort": [
            _at(overdue, kind=kind, sort=sort) for kind in KINDS for sort in ("age", "amount")
        ],
        "overdue, deep": _deep(_at(overdue, kind="all", sort="amount")),
        "overdue, first bytes of the CSV": [_at("console:overdue_csv")],
        "units": [_at(units)],
        "units by state": [_at(units, state=each) for each in UnitState.values],
        "units, deep": _deep(_at(units)),
        "charges by state": [
            _at("console:charge_list", state=each) for each in ("owed", "paid", "waived")
        ],
        "damage by state": [
            _at("console:proposal_list", state=each) for each in ("waiting", "waived")
        ],
        "claims by state": [
            _at("console:claim_list", state=each) for each in ("open", "filed", "paid", "all")
        ],
        "broken, decided": [_at("console:broken_list", state="decided")],
        "orders by state": [
            _at("orders:console_list", state=each) for each in ("", *OrderState.values)
        ],
        "orders, deep": _deep(_at("orders:console_list")),
        **{name.partition(":")[2].replace("_", " "): [_at(name)] for name in queues},
    }


def _deep(first: str) -> list[str]:
    """Return the addresses of the pages after the first, each as the page before links to it."""
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(email="ops0@shop.example"))
    here, turned = first, []
    for _page in range(DEEP):
        further = NEXT.search(client.get(here).content.decode())
        if further is None:
            break
        here = first.partition("?")[0] + unescape(further[1])
        turned.append(here)
    return turned or [first]


def _searches() -> dict[str, list[str]]:
    people = User.objects.filter(is_staff=False)
    emails, names = _some(people, "email"), _some(people, "name")
    trials = _numbers("closed")
    barcodes = _some(TrialUnit.objects.all(), "barcode")
    parcels = _some(Shipment.objects.all(), "tracking_number")
    orders = _some(Order.objects.all(), "number")
    asked = {
        "a name": names,
        "a first name": [name.split()[0] for name in names],
        "the beginning of a surname": [name.split()[-1][:4] for name in names],
        "an e-mail address": emails,
        "a trial's number": trials,
        "a part of a trial's number": [number[:5] for number in trials],
        "a barcode": barcodes,
        "a parcel's number": parcels,
        "an order's number": orders,
        "what there is not": [f"nobody{n}" for n in range(EACH)],
    }
    found = {
        f"search by {what}": [_at("console:search", q=word) for word in words]
        for what, words in asked.items()
    }
    return {
        **found,
        "trials searched": [
            _at("console:trial_list", q=words[n])
            for words in asked.values()
            for n in range(min(len(words), 10))
        ],
        "units searched": [
            _at("console:unit_list", q=word) for word in (*barcodes[:20], "Greta", "B-7", "C12")
        ],
        "orders searched": [
            _at("orders:console_list", q=word) for word in (*orders[:20], *emails[:20])
        ],
    }


def _single() -> dict[str, list[str]]:
    return {
        "a trial that ended": [_row("trial", number) for number in _numbers("closed")],
        "an open trial": [
            _row("trial", number) for number in _numbers("delivered", "returning", "received")
        ],
        "a unit": [_row("unit", code) for code in _some(TrialUnit.objects.all(), "barcode")],
        "packing a box": [_row("pack_trial", number) for number in _numbers("approved")],
        "checking a box in": [_row("check_in_trial", number) for number in _numbers("returning")],
        "a batch": [_row("batch", pk) for pk in _last(PickBatch)],
        "a manifest": [_row("manifest", pk) for pk in _last(Manifest)],
        "a count": [_row("count", pk) for pk in _last(UnitCount)],
        "a claim": [
            _row("claim", number)
            for number in _some(Claim.objects.all(), "shipment__tracking_number")
        ],
        "an order": [
            reverse("orders:console_order", args=[number])
            for number in _some(Order.objects.all(), "number")
        ],
    }


def _row(name: str, key: object) -> str:
    return reverse(f"console:{name}", args=[key])


def _last(model: type[Model]) -> list[object]:
    return list(model._default_manager.order_by("-pk").values_list("pk", flat=True)[:EACH])


def _figures() -> dict[str, list[str]]:
    return {
        "economics": [
            _at("console:economics", days=days, by=by)
            for days in (28, 90, 365)
            for by in ("programme", "frame", "customer", "source")
        ],
        "planning": [_at("console:planning")],
    }
