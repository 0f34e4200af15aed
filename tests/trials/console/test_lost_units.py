"""A unit that was taken for lost and turns up at a table is taken in by a count, not put away."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import TrialUnitFactory, approved_trial, delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of, scanned
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.picking import report_not_found
from trials.home_trials.models import Trial
from trials.returns.models.inspections import BoxNote
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg
from trials.units.models import CountedUnit, TrialUnit
from trials.units.services.counting import finish_count, scan_unit, start_count
from trials.units.services.resolving import accept_finding
from trials.units.states import UnitState

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _not_there() -> tuple[Trial, TrialUnit]:
    """Return a trial and the unit that was not on its shelf when it was picked."""
    spare = TrialUnitFactory(location="A1")
    TrialUnitFactory(variant=spare.variant, location="A2")
    trial = approved_trial(variants=[spare.variant])
    unit = item_of(trial).unit
    batch = make_batch(count=1, by=StaffFactory())
    report_not_found(batch_id=batch.pk, barcode=unit.barcode, by=StaffFactory())
    unit.refresh_from_db()
    assert unit.state == UnitState.LOST
    return trial, unit


def _says_where_to_take_it_in(page: str, unit: TrialUnit) -> bool:
    words = ("Taken for lost", unit.barcode, "“Units”, “Count”", "“To inspection”")
    return all(each in page for each in words)


@pytest.mark.parametrize("own", [True, False])
def test_at_the_packing_table(ops: Client, own: bool) -> None:
    trial, unit = _not_there()
    trial = trial if own else approved_trial()
    url = reverse("console:pack_trial", args=[trial.number])
    for path in (url, reverse("console:pack")):
        page = ops.post(path, {"barcode": unit.barcode}, headers=HTMX).content.decode()
        assert _says_where_to_take_it_in(page, unit), page
        assert "right frame" not in page


def test_at_the_check_in_table(ops: Client) -> None:
    _trial, unit = _not_there()
    here = delivered_trial()
    for path in (
        reverse("console:check_in_trial", args=[here.number]),
        reverse("console:check_in"),
    ):
        page = ops.post(path, {"barcode": unit.barcode}, headers=HTMX).content.decode()
        assert _says_where_to_take_it_in(page, unit), page
    assert (BoxNote.objects.get().kind, BoxNote.objects.get().unit) == ("not_out", unit)


def test_one_that_an_earlier_trial_had_leads_not_to_that_trial(ops: Client) -> None:
    earlier = delivered_trial(frames=1)
    unit = item_of(earlier).unit
    checked_in(item_of(earlier))
    TrialUnit.objects.filter(pk=unit.pk).update(state=UnitState.LOST)

    for name in ("pack", "check_in"):
        page = ops.post(reverse(f"console:{name}"), {"barcode": unit.barcode}, headers=HTMX)
        assert _says_where_to_take_it_in(page.content.decode(), unit)


def test_one_that_was_lost_with_a_parcel_is_checked_in_for_its_trial(ops: Client) -> None:
    lost = delivered_trial(frames=1)
    number = scanned(lost, Leg.RETURN).tracking_number
    lose_parcel(tracking_number=number, by=StaffFactory(), early=True)
    unit, trial = item_of(lost).unit, approved_trial()

    url = reverse("console:pack_trial", args=[trial.number])
    page = ops.post(url, {"barcode": unit.barcode}, headers=HTMX).content.decode()
    assert f"Check it in for trial {lost.number}" in page
    answer = ops.post(reverse("console:check_in"), {"barcode": unit.barcode}, headers=HTMX)
    assert answer["HX-Redirect"] == reverse("console:check_in_trial", args=[lost.number])


def test_what_the_words_say_takes_it_in() -> None:
    _trial, unit = _not_there()
    by = ManagerFactory()
    count = start_count(location=unit.location, by=by)
    scan_unit(count_id=count.pk, barcode=unit.barcode, by=by)
    finish_count(count_id=count.pk, by=by)
    found = CountedUnit.objects.get(count=count, unit=unit)
    accept_finding(counted_id=found.pk, by=by, to_state=UnitState.INSPECTION)

    unit.refresh_from_db()
    assert unit.state == UnitState.INSPECTION
