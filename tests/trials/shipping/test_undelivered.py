"""A box that the carrier cannot deliver: its customer is told, and it costs her nothing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money
from rest_framework.test import APIClient

from shop.foundation.models import OutboxMessage
from shop.payments.models import LedgerEntry, Payment, Refund
from tests.factories.shop import StaffFactory
from tests.factories.trials import requested_trial, shipped_trial
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, parcels, terms
from tests.trials.returns.trials_with_charges import told as paid
from tests.trials.returns.trials_with_charges import went_through
from trials.home_trials.models import Trial
from trials.home_trials.pages import steps
from trials.home_trials.services.journey import mark_delivered, mark_shipped
from trials.home_trials.services.packing import finish_packing, pack_unit
from trials.home_trials.services.paying import give_back
from trials.home_trials.services.requests import approve_trial
from trials.reports.errors import NotAtHomeError
from trials.reports.missed_boxes import tell_never_came
from trials.reports.services import keep_frame, report_broken
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg
from trials.shipping.services.tracking import assume_delivered, record_tracking

pytestmark = pytest.mark.django_db
FEE, DEPOSIT = Money("4.90", "EUR"), Money("50.00", "EUR")


def _say(trial: Trial, status: str, *, word: str = "", at: Any = None) -> Trial:
    out = parcels(trial)[Leg.OUTBOUND]
    record_tracking(
        tracking_number=out.tracking_number,
        carrier_event_id=word or status,
        status=status,
        occurred_at=at or timezone.now(),
    )
    trial.refresh_from_db()
    return trial


def _mails(trial: Trial, template: str) -> list[str]:
    rows = OutboxMessage.objects.filter(payload__to=trial.user.email).order_by("created_at")
    return [row.payload["text"] for row in rows if template in row.payload["subject"]]


def _back(trial: Trial, finding: Finding = Finding.GOOD) -> Trial:
    """Check the whole box in."""
    for place in range(trial.items.count()):
        checked_in(item_of(trial, place), finding)
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    trial.refresh_from_db()
    return trial


def _page(client: Client, trial: Trial) -> str:
    client.force_login(trial.user)
    return client.get(reverse("trials:trial", args=[trial.number])).content.decode()


def _paid_and_shipped() -> Trial:
    terms(fee=FEE, deposit=DEPOSIT)
    trial = requested_trial(frames=1)
    paid(Payment.objects.get(reference=trial.number), "succeeded")
    by = StaffFactory()
    approve_trial(trial_id=trial.pk, by=by)
    pack_unit(trial_id=trial.pk, barcode=item_of(trial).unit.barcode, by=by)
    finish_packing(trial_id=trial.pk, by=by)
    return mark_shipped(trial_id=trial.pk, by=by)


def test_she_is_told_where_it_should_go_and_what_to_do_once_a_day() -> None:
    trial = shipped_trial()
    now = timezone.now()
    _say(trial, "failed", word="1")
    _say(trial, "failed", word="2")

    (mail,) = _mails(trial, "could not be delivered")
    out = trial.shipments.get(leg=Leg.OUTBOUND)
    for words in (*trial.address.lines, out.tracking_number, "write to us soon"):
        assert words in mail
    with time_machine.travel(now + timedelta(days=1)):
        _say(trial, "failed", word="3")
    assert len(_mails(trial, "could not be delivered")) == 2
    assert trial.state == "shipped"


@pytest.mark.parametrize("later", ["in_transit", "delivered", "sent_back"])
def test_an_attempt_that_is_told_after_what_followed_is_not_told_her(later: str) -> None:
    trial = shipped_trial()
    parcels(trial)
    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        _say(trial, later)
        _say(trial, "failed", at=timezone.now() - timedelta(hours=1))

    assert _mails(trial, "could not be delivered") == []


def test_her_page_says_that_it_could_not_be_delivered_while_that_is_so(client: Client) -> None:
    trial = _say(shipped_trial(), "failed")
    number = trial.shipments.get(leg=Leg.OUTBOUND).tracking_number
    page = _page(client, trial)
    assert "could not. Usually it tries again" in page
    assert number in page

    _say(trial, "delivered", at=timezone.now() + timedelta(seconds=1))
    assert "could not. Usually it tries again" not in _page(client, trial)


def test_she_is_told_that_it_comes_back_and_at_the_end_that_it_never_reached_her(
    client: Client,
) -> None:
    trial = _say(shipped_trial(), "sent_back")
    _say(trial, "sent_back", word="again")

    (mail,) = _mails(trial, "comes back to us")
    assert "It costs you nothing." in mail
    assert (trial.state, trial.never_arrived) == ("returning", True)
    page = _page(client, trial)
    assert "could not deliver your box and brings it back to us" in page
    assert "At home" not in [each["label"] for each in steps(trial)]

    _back(trial)

    assert trial.state == "closed"
    assert len(_mails(trial, "back with us, undelivered")) == 1
    assert not [each for each in _mails(trial, "") if "Thank you for trying" in each]
    page = _page(client, trial)
    assert "This box never reached you." in page
    assert "Thank you for trying" not in page
    assert "At home" not in [each["label"] for each in steps(trial)]
    told = _by_api(trial)
    assert (told["state"], told["never_arrived"]) == ("closed", True)


def _by_api(trial: Trial) -> dict[str, Any]:
    api = APIClient()
    api.force_authenticate(trial.user)
    told: dict[str, Any] = api.get(f"/api/v1/trials/{trial.number}/").json()
    return told


def test_one_who_has_tried_her_box_is_thanked_as_ever(client: Client) -> None:
    trial = shipped_trial(frames=1)
    mark_delivered(trial_id=trial.pk, at=timezone.now())
    _back(trial)

    assert "Thank you for trying our frames" in _mails(trial, "back with us")[0]
    assert "Thank you for trying our frames" in _page(client, trial)
    assert _by_api(trial)["never_arrived"] is False


@pytest.mark.parametrize("assumed", [False, True])
def test_all_she_paid_for_it_goes_back_and_she_is_told_so(client: Client, assumed: bool) -> None:
    trial = _paid_and_shipped()
    if assumed:
        parcels(trial)
        assume_delivered(trial_id=trial.pk)
    _say(trial, "sent_back")
    assert "what you paid for it, €54.90, goes back" in _mails(trial, "comes back to us")[0]
    assert "€54.90 goes back to your card once it is here" in _page(client, trial)
    _back(trial)
    assert "What you paid for it, €54.90, goes back" in _mails(trial, "undelivered")[0]

    for _twice in range(2):
        give_back(trial_id=trial.pk)
        for refund in Refund.objects.filter(state="requested"):
            went_through(refund)

    (refund,) = Refund.objects.all()
    assert (refund.amount, refund.reason) == (FEE + DEPOSIT, "The box could not be delivered")
    rows = LedgerEntry.objects.values_list("account").annotate(Sum("amount"))
    left = {account: amount for account, amount in rows if amount}
    assert {each: left.get(each, Decimal(0)) for each in ("deposits", "trial_fees", "stripe")} == {
        "deposits": 0,
        "trial_fees": 0,
        "stripe": 0,
    }
    Trial.objects.update(closed_at=timezone.now() - timedelta(hours=2))
    assert broken_laws() == []


def test_what_is_damaged_in_it_she_is_asked_nothing_for() -> None:
    terms(damaged_percent=50)
    trial = _say(shipped_trial(frames=1), "sent_back")

    _back(trial, Finding.DAMAGED)

    assert not ChargeProposal.objects.exists()
    assert trial.state == "closed"
    assert broken_laws() == []


def test_of_a_box_that_never_reached_her_she_keeps_no_frame_nor_tells_one_broken(
    client: Client,
) -> None:
    terms(mode="keep_and_pay")
    trial = _say(shipped_trial(frames=1), "sent_back")
    assert "With a frame at home" not in _page(client, trial)
    frame = {"user": trial.user, "number": trial.number, "item_id": item_of(trial).pk}

    with pytest.raises(NotAtHomeError, match="never reached you"):
        keep_frame(**frame)
    with pytest.raises(NotAtHomeError, match="never reached you"):
        report_broken(**frame, words="The left hinge")


@pytest.mark.parametrize("whole", [False, True])
def test_what_lacks_of_it_is_given_up_and_she_reads_what_came_of_the_box(whole: bool) -> None:
    trial = _say(shipped_trial(frames=2), "sent_back")
    if not whole:
        checked_in(item_of(trial))
        finish_check_in(trial_id=trial.pk, by=StaffFactory())
    number = trial.shipments.get(leg=Leg.OUTBOUND).tracking_number

    lose_parcel(tracking_number=number, by=StaffFactory(), early=True)

    told = {words: len(_mails(trial, words)) for words in ("undelivered", "lost on its way")}
    assert told == {"undelivered": int(not whole), "lost on its way": int(whole)}


def test_staff_say_both_on_its_page_where_no_carrier_does(client: Client) -> None:
    trial, by = shipped_trial(), StaffFactory()
    parcels(trial)
    client.force_login(by)
    page, url = (
        reverse(f"console:{each}", args=[trial.number]) for each in ("trial", "trial_tracking")
    )
    shown = client.get(page).content.decode()
    assert "It could not be delivered" in shown
    assert "It comes back undelivered" in shown

    for _twice in range(2):
        client.post(url, {"step": "undelivered", "seen": "shipped"})
    assert len(_mails(trial, "could not be delivered")) == 1
    assert by.name not in _mails(trial, "could not be delivered")[0]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        client.force_login(by)
        client.post(url, {"step": "undelivered", "seen": "shipped"})
        assert len(_mails(trial, "could not be delivered")) == 2
        client.post(url, {"step": "sent_back", "seen": "shipped"})

    trial.refresh_from_db()
    assert (trial.state, trial.due_at, trial.never_arrived) == ("returning", None, True)
    assert len(_mails(trial, "comes back to us")) == 1
    assert "It comes back undelivered" in client.get(page).content.decode()


def test_of_a_box_at_home_staff_say_so_only_where_nobody_knows_that_it_came(
    client: Client,
) -> None:
    client.force_login(StaffFactory())
    came, assumed, missed = (shipped_trial(frames=1) for _each in range(3))
    for trial in (came, missed):
        _say(trial, "delivered")
    parcels(assumed)
    assume_delivered(trial_id=assumed.pk)
    tell_never_came(user=missed.user, number=missed.number)

    for trial, offered in ((came, False), (assumed, True), (missed, True)):
        page = client.get(reverse("console:trial", args=[trial.number])).content.decode()
        assert ('name="step" value="sent_back"' in page) is offered
