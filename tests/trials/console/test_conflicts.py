"""Two of staff at one thing: the second is told what the first did, and sees how it stands."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.history import IllegalMoveError
from shop.payments.models import Refund
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import TrialUnitFactory, requested_trial
from tests.trials.returns.trials_with_charges import overdue_trial, owed_charge, paid_charge
from trials.at_home.models import Extension
from trials.at_home.services.extending import extend_trial_by_staff
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import approve_trial, cancel_trial
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import BoxNote, Finding
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.letting_go import mark_lost, waive_charge
from trials.returns.services.refunding import decide_refund
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import place_unit, send_to_repair

pytestmark = pytest.mark.django_db
MARK = 'name="mark" value="([0-9a-f]+)"'


def _act(client: Client, trial: Trial, act: str, **sent: str) -> str:
    here = reverse("console:trial", args=[trial.number])
    answer = client.post(
        reverse(f"console:trial_{act}", args=[trial.number]),
        sent,
        headers={"referer": f"http://testserver{here}"},
        follow=True,
    )
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0].endswith(here)
    return answer.content.decode()


@pytest.fixture
def mia() -> User:
    return ManagerFactory(name="Mia Boss")


@pytest.fixture
def bo(client: Client) -> Client:
    """Return the browser of another manager."""
    client.force_login(ManagerFactory(name="Bo Boss"))
    return client


def _mark(client: Client, page: str, act: str) -> str:
    """Return the mark that a page's form for an act carries."""
    shown = client.get(page).content.decode()
    forms = re.findall(rf'action="{re.escape(act)}"[^>]*>(.*?)</form>', shown, re.DOTALL)
    marks = [found[1] for each in forms if (found := re.search(MARK, each))]
    assert len(marks) == 1, f"{len(marks)} marks for {act} on {page}"
    return marks[0]


def _sent(client: Client, act: str, back: str, **sent: Any) -> str:
    """Send a form and return the page one is led to."""
    answer = client.post(act, sent, headers={"referer": f"http://testserver{back}"}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_refused_act_names_who_was_before_and_when(client: Client) -> None:
    trial = requested_trial()
    approve_trial(trial_id=trial.pk, by=StaffFactory(name="Mia Ops"))
    client.force_login(StaffFactory(name="Bo Ops"))

    page = _act(client, trial, "approve")

    assert "This is “Approved” already: Mia Ops did it (" in page
    assert "Pack this box" in page


def test_an_act_still_allowed_is_not_done_on_an_outdated_page(client: Client) -> None:
    trial = requested_trial()
    client.force_login(StaffFactory(name="Bo Ops"))
    shown = client.get(reverse("console:trial", args=[trial.number])).content.decode()
    assert '<input type="hidden" name="seen" value="requested">' in shown
    approve_trial(trial_id=trial.pk, by=StaffFactory(name="Mia Ops"))

    page = _act(client, trial, "cancel", seen="requested", reason="Double")

    assert "Nothing was done: Mia Ops made this trial “Approved” (" in page
    trial.refresh_from_db()
    assert trial.state == "approved"
    _act(client, trial, "cancel", seen="approved", reason="Double")
    trial.refresh_from_db()
    assert trial.state == "cancelled"


def test_a_customer_is_not_told_who_of_staff_it_was() -> None:
    trial = requested_trial()
    cancel_trial(trial_id=trial.pk, by=StaffFactory(name="Mia Ops"))

    with pytest.raises(IllegalMoveError) as refused:
        cancel_trial(trial_id=trial.pk, by=trial.user)

    assert "Mia" not in str(refused.value)
    assert refused.value.extra.keys() == {"state"}


UNIT_ACTS = {
    "repair": {"reason": "Hinge"},
    "place": {"location": "B1", "grade": "A"},
    "retire": {"reason": "Old"},
    "write-off": {"reason": "Gone"},
}


@pytest.mark.parametrize("act", UNIT_ACTS)
def test_nothing_is_done_to_a_unit_that_a_colleague_moved(bo: Client, mia: User, act: str) -> None:
    unit = TrialUnitFactory(location="A1", grade="A")
    place_unit(unit_id=unit.pk, location="A2", by=mia)
    page = reverse("console:unit", args=[unit.barcode])
    url = reverse("console:unit_act", args=[unit.barcode, act])
    mark = _mark(bo, page, url)
    place_unit(unit_id=unit.pk, location="C9", grade=Grade.B, by=mia)

    told = _sent(bo, url, page, mark=mark, **UNIT_ACTS[act])

    assert "Nothing was done: after you opened the page, this happened: “Shelf C9, grade B” (" in (
        told
    )
    assert "Mia Boss" in told
    now = TrialUnit.objects.get(pk=unit.pk)
    assert (now.state, now.location, now.grade) == ("available", "C9", "B")
    _sent(bo, url, page, mark=_mark(bo, page, url), **UNIT_ACTS[act])
    after = TrialUnit.objects.get(pk=unit.pk)
    assert (after.state, after.location) != ("available", "C9")


def test_what_is_in_repair_since_is_not_retired_by_an_old_page(bo: Client, mia: User) -> None:
    unit = TrialUnitFactory()
    page = reverse("console:unit", args=[unit.barcode])
    url = reverse("console:unit_act", args=[unit.barcode, "retire"])
    mark = _mark(bo, page, url)
    send_to_repair(unit_id=unit.pk, by=mia)

    assert "“In repair” (" in _sent(bo, url, page, mark=mark, reason="Old")
    assert TrialUnit.objects.get(pk=unit.pk).state == "repair"


def _overdue(client: Client, act: str, *of: object) -> tuple[str, str, str]:
    page, url = reverse("console:overdue"), reverse(f"console:{act}", args=of)
    return page, url, _mark(client, page, url)


def test_what_was_extended_is_not_charged_lost_or_extended_again_by_an_old_page(
    bo: Client, mia: User
) -> None:
    trial = overdue_trial(frames=1)
    page = reverse("console:overdue")
    urls = {
        act: reverse(f"console:{act}", args=[trial.number])
        for act in ("trial_charge", "overdue_lost", "trial_extend", "overdue_remind")
    }
    marks = {act: _mark(bo, page, url) for act, url in urls.items()}
    extend_trial_by_staff(trial_id=trial.pk, days=3, by=mia)

    for act, url in urls.items():
        told = _sent(bo, url, page, mark=marks[act], reason="Gone", days="3")
        assert "Nothing was done: after you opened the page" in told, act
        assert "Mia Boss" in told, act

    assert not TrialCharge.objects.exists()
    assert Extension.objects.count() == 1
    assert trial.items.filter(settled_at=None).count() == 1


def test_what_was_charged_is_not_extended_by_an_old_page(bo: Client, mia: User) -> None:
    trial = overdue_trial(frames=1)
    page, url, mark = _overdue(bo, "trial_extend", trial.number)
    charge_unreturned(trial_id=trial.pk, by=mia)

    assert "Nothing was done" in _sent(bo, url, page, mark=mark, days="3")
    assert not Extension.objects.exists()


def test_what_counts_as_lost_is_not_charged_by_an_old_page(bo: Client, mia: User) -> None:
    trial = overdue_trial(frames=2)
    page, url, mark = _overdue(bo, "trial_charge", trial.number)
    mark_lost(trial_id=trial.pk, by=mia, reason="The carrier lost it")

    assert "Nothing was done" in _sent(bo, url, page, mark=mark)


def test_the_trials_own_page_is_guarded_alike(bo: Client, mia: User) -> None:
    trial = overdue_trial(frames=1)
    page = reverse("console:trial", args=[trial.number])
    charge = reverse("console:trial_charge", args=[trial.number])
    extend = reverse("console:trial_extend", args=[trial.number])
    marks = [_mark(bo, page, charge), _mark(bo, page, extend)]
    extend_trial_by_staff(trial_id=trial.pk, days=3, by=mia)

    assert "Mia Boss" in _sent(bo, charge, page, mark=marks[0])
    assert "Mia Boss" in _sent(bo, extend, page, mark=marks[1], days="3")
    assert Extension.objects.count() == 1
    _sent(bo, extend, page, mark=_mark(bo, page, extend), days="2")
    assert Extension.objects.count() == 2


@pytest.mark.parametrize("way", ["waive", "write_off"])
def test_who_lets_a_charge_go_is_told_that_a_colleague_did(bo: Client, mia: User, way: str) -> None:
    charge = owed_charge()
    page = reverse("console:charge_list")
    waive_charge(charge_id=charge.pk, by=mia, reason="The parcel was lost")
    url = reverse("console:charge_let_go", args=[charge.pk])

    told = _sent(bo, url, page, way=way, reason="Kindness")

    assert "Nothing was done: Mia Boss made this charge “Waived” (" in told
    charge.refresh_from_db()
    assert (charge.state, charge.reason) == ("waived", "The parcel was lost")
    # Her own second click is none.
    assert waive_charge(charge_id=charge.pk, by=mia, reason="Again").reason == charge.reason


def test_what_is_given_back_is_decided_once(bo: Client, mia: User) -> None:
    charge = paid_charge()
    TrialCharge.objects.filter(pk=charge.pk).update(to_decide=True)
    page, url = reverse("console:overdue"), reverse("console:charge_refund", args=[charge.pk])
    half = Money(charge.amount.amount / 2, charge.amount.currency)
    decide_refund(charge_id=charge.pk, by=mia, amount=half, reason="Came back late")

    told = _sent(bo, url, page, amount=str(half.amount), reason="Half of it")

    assert "Nothing was given back: this is decided already" in told
    assert "Came back late" in told
    assert Refund.objects.count() == 1


def test_a_box_is_not_finished_nor_called_empty_while_a_colleague_takes_frames_out(
    bo: Client, mia: User
) -> None:
    trial = overdue_trial(frames=3)
    first, second, _third = trial.items.select_related("unit").order_by("pk")
    page = reverse("console:check_in_trial", args=[trial.number])
    finish = reverse("console:check_in_finish", args=[trial.number])
    note = reverse("console:check_in_note", args=[trial.number])
    good: dict[str, Any] = {"finding": Finding.GOOD, "grade": Grade.A, "by": mia}
    empty = _mark(bo, page, note)
    check_in_unit(trial_id=trial.pk, barcode=first.unit.barcode, **good)

    assert "Nothing was done" in _sent(bo, note, page, kind="empty", mark=empty)
    assert not BoxNote.objects.exists()
    over = _mark(bo, page, finish)
    check_in_unit(trial_id=trial.pk, barcode=second.unit.barcode, **good)

    told = _sent(bo, finish, page, mark=over)

    assert "Nothing was done: after you opened the page" in told
    assert "Mia Boss" in told
    trial.refresh_from_db()
    assert trial.state == "delivered"
    _sent(bo, finish, page, mark=_mark(bo, page, finish))
    trial.refresh_from_db()
    assert trial.state == "received"
