"""What a carrier pays for a lost parcel, and gets back, is in the ledger and in the margin."""

import re
from datetime import timedelta
from functools import partial
from importlib import import_module

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from djmoney.money import Money

from shop.foundation.history import IllegalMoveError
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.economics.costs import booked
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, scanned
from trials.claims.errors import (
    ClaimInvalidError,
    ClaimPaidOtherwiseError,
    MayNotSettleClaimError,
)
from trials.claims.models import Claim, ClaimTransition
from trials.claims.queries import claims_matching
from trials.claims.services import (
    correct_payment,
    file_claim,
    give_back_payment,
    note_payment,
)
from trials.economics.queries import By, trial_margins
from trials.home_trials.models import Trial
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg

pytestmark = pytest.mark.django_db
PAID = Money(30, "EUR")
SEEN = re.compile(r'name="seen_paid" value="([^"]+)"')


def _filed() -> tuple[Trial, Claim]:
    trial = delivered_trial(frames=1)
    number = scanned(trial, Leg.RETURN).tracking_number
    claim = lose_parcel(tracking_number=number, by=StaffFactory(), reason="Lost", early=True)
    file_claim(claim_id=claim.pk, by=StaffFactory(), reference="C-1")
    return trial, claim


def _paid() -> tuple[Trial, Claim]:
    trial, claim = _filed()
    return trial, note_payment(claim_id=claim.pk, by=ManagerFactory(), paid=PAID)


def test_what_a_carrier_pays_is_income_of_the_trial_whose_parcel_it_lost() -> None:
    _trial, claim = _paid()
    note_payment(claim_id=claim.pk, by=ManagerFactory(), paid=PAID)

    now = timezone.now()
    margins = trial_margins(
        since=now - timedelta(days=9), until=now + timedelta(days=9), by=By.FRAME, currency="EUR"
    )
    [group] = margins.groups
    assert group.accounts["claims"] == PAID.amount
    assert margins.rest.accounts == {}
    assert margins.difference == 0
    assert broken_laws() == []


def test_what_was_paid_for_a_parcel_that_came_is_given_back_once() -> None:
    trial, claim = _paid()
    checked_in(item_of(trial))
    assert list(claims_matching("turned_up")) == [claim]
    manager = ManagerFactory()
    with pytest.raises(MayNotSettleClaimError):
        give_back_payment(claim_id=claim.pk, by=StaffFactory(), reason="It came")
    with pytest.raises(ClaimInvalidError):
        give_back_payment(claim_id=claim.pk, by=manager, reason=" ")

    for _time in range(2):
        done = give_back_payment(claim_id=claim.pk, by=manager, reason="It came")

    assert (done.state, done.paid, done.reason) == ("given_back", PAID, "It came")
    assert booked("claims") == 0
    assert not claims_matching("waiting").exists()
    assert broken_laws() == []


def test_another_amount_is_refused_where_one_is_noted() -> None:
    _trial, claim = _paid()
    with pytest.raises(ClaimPaidOtherwiseError, match="30"):
        note_payment(claim_id=claim.pk, by=ManagerFactory(), paid=Money(40, "EUR"))
    assert booked("claims") == -PAID.amount


def test_a_further_payment_a_slip_and_a_part_given_back_are_booked_as_the_difference() -> None:
    _trial, claim = _paid()
    manager = ManagerFactory()
    seen = PAID
    for amount in (45, 12, 30):
        paid = Money(amount, "EUR")
        with pytest.raises(ClaimPaidOtherwiseError):
            correct_payment(
                claim_id=claim.pk, by=manager, paid=paid, seen_paid=paid, reason="A slip"
            )
        done = correct_payment(
            claim_id=claim.pk, by=manager, paid=paid, seen_paid=seen, reason="A slip"
        )
        assert (done.state, done.paid, booked("claims")) == ("paid", paid, -paid.amount)
        assert broken_laws() == []
        seen = paid
    give_back_payment(claim_id=claim.pk, by=manager, reason="It came")

    assert booked("claims") == 0
    assert broken_laws() == []


def test_a_payment_is_put_right_by_a_manager_who_says_why_and_within_the_claim() -> None:
    _trial, claim = _paid()
    manager, more = ManagerFactory(), Money(31, "EUR")
    put_right = partial(correct_payment, claim_id=claim.pk, seen_paid=PAID)
    with pytest.raises(MayNotSettleClaimError):
        put_right(by=StaffFactory(), paid=more, reason="A slip")
    with pytest.raises(ClaimInvalidError):
        put_right(by=manager, paid=more, reason=" ")
    for paid in (claim.amount + more, Money(0, "EUR"), Money(31, "USD")):
        with pytest.raises(ClaimInvalidError):
            put_right(by=manager, paid=paid, reason="A slip")
    give_back_payment(claim_id=claim.pk, by=manager, reason="It came")
    with pytest.raises(ClaimInvalidError):
        put_right(by=manager, paid=more, reason="A slip")
    assert booked("claims") == 0


def test_an_amount_is_put_right_on_the_page_and_by_api() -> None:
    _trial, claim = _paid()
    manager = Client()
    manager.force_login(ManagerFactory())
    seen = SEEN.search(manager.get(f"/console/claims/{claim}/").content.decode())
    assert seen is not None
    sent = {"way": "correct", "amount": "35", "seen_paid": seen[1], "reason": "A second part"}
    for _time in range(2):
        # The second saw what is no more.
        manager.post(f"/console/claims/{claim}/", sent)
    claim.refresh_from_db()
    assert (claim.paid, claim.transitions.count()) == (Money(35, "EUR"), 4)

    answer = manager.post(
        f"/api/v1/staff/claims/{claim.pk}/correct/",
        {"paid": "36.00", "seen_paid": "35.00", "reason": "A third part"},
        content_type="application/json",
        headers={"Idempotency-Key": "once"},
    )

    assert (answer.status_code, answer.json()["paid"]["amount"]) == (200, "36.00")
    assert booked("claims") == -36


def test_only_what_was_paid_is_given_back() -> None:
    _trial, claim = _filed()
    with pytest.raises(IllegalMoveError):
        give_back_payment(claim_id=claim.pk, by=ManagerFactory(), reason="It came")
    assert booked("claims") == 0


def test_a_carrier_that_has_not_paid_yet_is_to_be_told_that_the_parcel_came() -> None:
    trial, claim = _filed()
    checked_in(item_of(trial))

    claim.refresh_from_db()
    assert (claim.state, claim.is_turned_up) == ("filed", True)
    assert list(claims_matching("waiting")) == [claim]


@pytest.mark.django_db(transaction=True)
def test_two_who_note_one_payment_book_it_once() -> None:
    _trial, claim = _filed()
    manager = ManagerFactory()

    pay = [lambda: note_payment(claim_id=claim.pk, by=manager, paid=PAID)] * 4
    answers = at_once(pay, expected=())

    assert {each.state for each in answers} == {"paid"}

    assert booked("claims") == -PAID.amount
    assert broken_laws() == []


def test_what_was_paid_before_it_was_booked_is_booked_by_the_migration() -> None:
    _trial, claim = _filed()
    Claim.objects.filter(pk=claim.pk).update(state="paid", paid=PAID)
    assert "What a carrier paid, and was not given back, is booked" in broken_laws()
    migration = import_module("trials.migrations.0060_claims_booked")

    for _time in range(2):
        with connection.cursor() as cursor:
            cursor.execute(migration.BOOK_WHAT_WAS_PAID)

    assert booked("claims") == -PAID.amount
    assert "What a carrier paid, and was not given back, is booked" not in broken_laws()


def test_a_manager_gives_back_on_the_page_what_ops_are_not_asked_for() -> None:
    trial, claim = _paid()
    checked_in(item_of(trial))
    ops, manager = Client(), Client()
    ops.force_login(StaffFactory())
    manager.force_login(ManagerFactory())
    page = f"/console/claims/{claim}/"
    assert 'value="given_back"' not in ops.get(page).content.decode()
    assert 'value="given_back"' in manager.get(page).content.decode()

    manager.post(page, {"way": "given_back", "reason": "It came"})

    claim.refresh_from_db()
    assert claim.state == "given_back"
    assert "Given back to the carrier" in manager.get("/console/claims/?state=all").content.decode()


def test_a_program_of_a_managers_gives_back() -> None:
    _trial, claim = _paid()
    manager = Client()
    manager.force_login(ManagerFactory())
    address = f"/api/v1/staff/claims/{claim.pk}/given-back/"

    answer = manager.post(address, {"reason": "Paid in error"}, content_type="application/json")

    assert (answer.status_code, answer.json()["state"]) == (200, "given_back")
    assert booked("claims") == 0


def test_each_step_of_a_claims_history_says_what_was_asked_paid_or_given_back_by_whom() -> None:
    trial, claim = _filed()
    boss = ManagerFactory(name="Mia Boss")
    paid = partial(Money, currency="EUR")
    note_payment(claim_id=claim.pk, by=boss, paid=PAID)
    correct_payment(claim_id=claim.pk, by=boss, paid=paid(45), seen_paid=PAID, reason="A rest")
    give_back_payment(claim_id=claim.pk, by=boss, reason="It came")
    manager = Client()
    manager.force_login(boss)

    shown = {
        url: _titles(manager.get(url).content.decode())
        for url in (f"/console/trials/{trial.number}/", f"/console/claims/{claim}/")
    }

    asked = f"Claim of {claim.amount}:"
    told = [
        f"{asked} €45.00 given back to the carrier",
        f"{asked} €45.00 paid in all, instead of €30.00",
        f"{asked} €30.00 paid by the carrier",
        f"{asked} Filed",
        f"{asked} To be filed",
    ]
    for titles in shown.values():
        assert [title for title, _by in titles if title.startswith("Claim of")] == told
        assert [by for title, by in titles if title in told[:3]] == ["Mia Boss"] * 3
    assert broken_laws() == []


def _titles(page: str) -> list[tuple[str, str]]:
    """Return what a timeline tells, and who did it."""
    told = re.findall(
        r'timeline__title">([^<]+)</span>.*?</time> · ([^<]+)</span>', page, flags=re.DOTALL
    )
    return [(title, by.strip()) for title, by in told]


def test_what_was_paid_before_the_history_said_so_is_read_from_the_ledger() -> None:
    _trial, claim = _paid()
    boss, amounts = ManagerFactory(), ["30.000", "12.000", "12.000"]
    twelve = Money(12, "EUR")
    correct_payment(claim_id=claim.pk, by=boss, paid=twelve, seen_paid=PAID, reason="A slip")
    give_back_payment(claim_id=claim.pk, by=boss, reason="It came")
    moves = ClaimTransition.objects.filter(to_state__in=["paid", "given_back"]).order_by("pk")
    lifted = "ALTER TABLE trials_claimtransition {} TRIGGER append_only"
    migration = import_module("trials.migrations.0067_claim_moves_of_before")

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(lifted.format("DISABLE"))
        moves.update(paid=None)
        cursor.execute(migration.AMOUNTS_OF_BEFORE)
        cursor.execute(lifted.format("ENABLE"))

    assert [str(each.paid.amount) for each in moves] == amounts
    assert broken_laws() == []


def test_a_move_that_says_another_amount_than_its_claim_breaks_a_law() -> None:
    _trial, claim = _paid()
    Claim.objects.filter(pk=claim.pk).update(paid=Money(29, "EUR"))
    assert "What is noted as paid of a claim is what its latest payment noted" in broken_laws()


def test_the_list_tells_of_three_claims_by_as_many_statements_as_of_one() -> None:
    manager, taken = Client(), []
    manager.force_login(ManagerFactory())
    for more in (1, 2):
        for _each in range(more):
            _paid()
        manager.get("/console/claims/?state=all")
        with CaptureQueriesContext(connection) as captured:
            page = manager.get("/console/claims/?state=all").content.decode()
        assert page.count("€30.00 paid") == len(taken) * 2 + 1
        taken.append(len(captured))
    assert taken[0] == taken[1]
