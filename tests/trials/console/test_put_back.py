"""What was taken from its shelf for a box that is called off is put back before it is given out."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from shop.customers.models import User
from shop.foundation.history import IllegalMoveError
from shop.payments.models import LedgerEntry
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, delivered_trial, packed_trial
from tests.trials.economics.costs import rates
from trials.fulfilment.services.batching import cancel_batch, make_batch
from trials.fulfilment.services.picking import pick_unit
from trials.home_trials.expected import availabilities
from trials.home_trials.models import Trial
from trials.home_trials.services.packing import pack_unit
from trials.home_trials.services.requests import cancel_trial
from trials.units.errors import NotForTheShelfError, NotToPutBackError, UnitInTrialError
from trials.units.models import Grade, TrialUnit
from trials.units.queries import available_counts
from trials.units.services.moving import move_unit
from trials.units.services.tending import put_away
from trials.units.services.waiting import join_waitlist
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
PAGE = "/console/put-back/"
API = "/api/v1/staff/units/"


@pytest.fixture
def ola() -> User:
    return StaffFactory()


@pytest.fixture
def console(ola: User) -> Client:
    client = Client()
    client.force_login(ola)
    return client


def _states(trial: Trial) -> list[str]:
    return list(trial.items.order_by("pk").values_list("unit__state", flat=True))


def _called_off(ola: User, *, location: str = "B2") -> TrialUnit:
    """Return the unit of a packed box that was called off."""
    unit = TrialUnitFactory(location=location)
    trial = packed_trial(variants=[unit.variant], by=ola)
    cancel_trial(trial_id=trial.pk, by=ola, reason="She moved")
    unit.refresh_from_db()
    return unit


def test_what_lies_in_a_packed_box_that_is_called_off_is_not_given_out(ola: User) -> None:
    unit = _called_off(ola)

    assert unit.state == UnitState.INSPECTION
    last = unit.movements.latest("pk")
    assert (last.from_state, last.actor) == ("packed", ola)
    assert "called off" in last.reason
    assert available_counts([unit.variant_id]) == {unit.variant_id: 0}


def test_it_is_promised_for_tomorrow(ola: User) -> None:
    unit = _called_off(ola)
    now = unit.movements.latest("pk").at
    expected = availabilities([unit.variant_id], now=now)[unit.variant_id].expected_at
    assert expected is not None
    assert (expected - now).days == 1


def test_what_lies_in_a_tote_is_put_back_too_and_what_lies_on_its_shelf_is_free(ola: User) -> None:
    trial = approved_trial(frames=3, by=ola)
    batch = make_batch(count=1, by=ola)
    picked, packed, left = trial.items.select_related("unit").order_by("pk")
    pick_unit(batch_id=batch.pk, barcode=picked.unit.barcode, by=ola)
    pack_unit(trial_id=trial.pk, barcode=packed.unit.barcode, by=ola)
    cancel_trial(trial_id=trial.pk, by=trial.user)

    assert _states(trial) == ["inspection", "inspection", "available"]
    assert left.unit.movements.latest("pk").to_state == "available"


def test_what_was_put_back_with_its_batch_is_on_its_shelf(ola: User) -> None:
    trial = approved_trial(frames=2, by=ola)
    batch = make_batch(count=1, by=ola)
    picked = trial.items.select_related("unit").order_by("pk")[0].unit
    pick_unit(batch_id=batch.pk, barcode=picked.barcode, by=ola)
    cancel_batch(batch_id=batch.pk, by=ola)
    cancel_trial(trial_id=trial.pk, by=ola)

    assert _states(trial) == ["available", "available"]


def test_nobody_puts_a_packed_unit_on_the_shelf_by_the_books_alone(ola: User) -> None:
    unit = packed_trial(frames=1, by=ola).items.get().unit
    with pytest.raises(IllegalMoveError):
        move_unit(unit=unit, to_state=UnitState.AVAILABLE, by=ola)


def test_who_waits_is_served_when_it_is_put_back_and_not_before(ola: User) -> None:
    unit = TrialUnitFactory()
    trial = packed_trial(variants=[unit.variant], by=ola)
    entry = join_waitlist(user=UserFactory(), variant_id=unit.variant_id)
    cancel_trial(trial_id=trial.pk, by=ola)
    entry.refresh_from_db()
    assert entry.state == "waiting"

    put_away(barcode=unit.barcode.lower(), by=ola)

    unit.refresh_from_db()
    entry.refresh_from_db()
    assert (unit.state, unit.held_for, entry.state) == ("available", entry, "held")


def test_it_is_put_back_once_as_it_is(ola: User) -> None:
    unit = _called_off(ola)
    TrialUnit.objects.filter(pk=unit.pk).update(grade=Grade.B)

    first, again = (put_away(barcode=unit.barcode, by=ola) for _each in range(2))

    assert (first.again, again.again) == (False, True)
    assert (again.unit.state, again.unit.grade, again.unit.location) == ("available", "B", "B2")
    assert unit.movements.filter(to_state="available").count() == 2


def test_what_does_not_wait_to_be_put_back_is_refused(ola: User) -> None:
    out = delivered_trial(frames=1).items.get().unit
    lost, worn = TrialUnitFactory(state=UnitState.LOST), TrialUnitFactory(grade=Grade.D)
    TrialUnit.objects.filter(pk=worn.pk).update(state=UnitState.INSPECTION)

    for unit, refusal in (
        (out, UnitInTrialError),
        (lost, NotToPutBackError),
        (worn, NotForTheShelfError),
    ):
        with pytest.raises(refusal):
            put_away(barcode=unit.barcode, by=ola)
        assert TrialUnit.objects.get(pk=unit.pk).state != "available"


def test_unpacking_costs_neither_cleaning_nor_check_in(ola: User) -> None:
    rates()
    unit = TrialUnitFactory()
    trial = packed_trial(variants=[unit.variant], by=ola)
    booked = LedgerEntry.objects.count()
    cancel_trial(trial_id=trial.pk, by=ola)
    put_away(barcode=unit.barcode, by=ola)
    assert LedgerEntry.objects.count() == booked


def test_the_console_says_what_is_to_be_put_back_where(console: Client, ola: User) -> None:
    unit = _called_off(ola, location="B2")
    number = unit.trial_items.get().trial.number

    assert PAGE in console.get("/console/").content.decode()
    assert PAGE in console.get("/console/check-in/").content.decode()
    page = console.get(PAGE).content.decode()
    for words in (unit.barcode, "B2", number, "called off"):
        assert words in page

    answer = console.post(PAGE, {"barcode": unit.barcode}, headers={"HX-Request": "true"})
    assert "Shelf B2" in answer.content.decode()
    assert unit.barcode not in console.get(PAGE).content.decode()
    again = console.post(PAGE, {"barcode": unit.barcode}, headers={"HX-Request": "true"})
    assert "before" in again.content.decode()
    unknown = console.post(PAGE, {"barcode": "NO"}, headers={"HX-Request": "true"})
    assert (unknown.status_code, "Unknown barcode" in unknown.content.decode()) == (422, True)


def test_a_box_table_says_of_such_a_unit_where_it_goes(console: Client, ola: User) -> None:
    unit = _called_off(ola)
    answer = console.post(
        reverse("console:check_in"), {"barcode": unit.barcode}, headers={"HX-Request": "true"}
    )
    assert "To be put back" in answer.content.decode()


def test_who_cancels_is_told_how_many_units_are_off_their_shelves(console: Client) -> None:
    packed, approved = packed_trial(frames=2), approved_trial()

    def cancelled(trial: Trial) -> str:
        url = reverse("console:trial_cancel", args=[trial.number])
        answer = console.post(url, {"reason": "She moved", "seen": trial.state}, follow=True)
        return str(*answer.context["messages"])

    assert "2 of its units are off their shelves" in cancelled(packed)
    assert cancelled(approved) == f"{approved.number} is cancelled and its units are free."


def test_programs_see_and_put_back_the_same(ola: User) -> None:
    unit = _called_off(ola, location="B2")
    number = unit.trial_items.get().trial.number
    api = APIClient()
    api.force_authenticate(ola)

    (row,) = api.get(f"{API}to-put-back/").json()["results"]
    assert (row["barcode"], row["location"], row["last_trial"]) == (unit.barcode, "B2", number)
    assert "called off" in row["reason"]
    assert row["since"]
    url = f"{API}{unit.barcode}/put-away/"
    assert api.post(url).json()["state"] == "available"
    assert api.post(url).status_code == 200
    assert api.get(f"{API}to-put-back/").json()["results"] == []
    out = delivered_trial(frames=1).items.get().unit
    assert api.post(f"{API}{out.barcode}/put-away/").json()["code"] == "unit_in_trial"


def test_programs_call_off_a_packed_box_with_a_reason(ola: User) -> None:
    trial, api = packed_trial(by=ola), APIClient()
    api.force_authenticate(ola)
    url = f"/api/v1/staff/trials/{trial.number}/cancel/"

    def sent(key: str, body: dict[str, str]) -> Any:
        return api.post(url, body, headers={"Idempotency-Key": key}, format="json")

    assert sent("1", {}).status_code == 400
    assert sent("2", {"reason": "She moved"}).json()["state"] == "cancelled"
    assert _states(trial) == ["inspection", "inspection"]
    assert trial.transitions.latest("pk").reason == "She moved"
    assert sent("3", {"reason": "Again"}).status_code == 409
