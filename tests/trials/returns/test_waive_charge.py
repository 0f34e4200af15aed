"""A charge is given up by a manager, with a reason, once."""

import uuid

import pytest

from shop.foundation.models import OutboxMessage
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.trials.returns.trials_with_charges import owed_charge
from trials.returns.errors import (
    ChargeMissingError,
    ChargeSettledError,
    MayNotSettleError,
    ReasonMissingError,
)
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import Finding
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.letting_go import waive_charge, write_off_charge
from trials.units.models import Grade

pytestmark = pytest.mark.django_db


@pytest.fixture
def charge() -> TrialCharge:
    return owed_charge()


def test_a_waived_charge_names_who_and_why_and_closes_the_trial(charge: TrialCharge) -> None:
    manager = ManagerFactory()
    waived = waive_charge(charge_id=charge.pk, by=manager, reason="Lost by the carrier")

    charge.item.trial.refresh_from_db()
    assert (waived.state, waived.settled_by) == ("waived", manager)
    assert waived.reason == waived.transitions.last().reason == "Lost by the carrier"
    assert charge.item.trial.state == "closed"


def test_the_card_is_no_longer_asked(charge: TrialCharge) -> None:
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Goodwill")

    assert OutboxMessage.objects.filter(topic="payments.cancel").count() == 1


def test_ops_may_not_waive(charge: TrialCharge) -> None:
    with pytest.raises(MayNotSettleError, match="manager"):
        waive_charge(charge_id=charge.pk, by=StaffFactory(), reason="Goodwill")
    charge.refresh_from_db()
    assert charge.state == "owed"


def test_nothing_is_waived_without_a_reason(charge: TrialCharge) -> None:
    with pytest.raises(ReasonMissingError):
        waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="  ")


def test_waiving_twice_changes_nothing(charge: TrialCharge) -> None:
    manager = ManagerFactory()
    first = waive_charge(charge_id=charge.pk, by=manager, reason="Goodwill")
    again = waive_charge(charge_id=charge.pk, by=manager, reason="Other words")
    with pytest.raises(ChargeSettledError):
        waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Her own words")

    assert (again.reason, again.settled_at) == (first.reason, first.settled_at)
    assert charge.transitions.filter(to_state="waived").count() == 1


def test_what_was_waived_is_not_written_off_too(charge: TrialCharge) -> None:
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Goodwill")

    with pytest.raises(ChargeSettledError, match="Waived"):
        write_off_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Never paid")


def test_a_frame_that_turns_up_after_all_is_checked_in(charge: TrialCharge) -> None:
    write_off_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Never paid")
    check_in_unit(
        trial_id=charge.item.trial_id,
        barcode=charge.item.unit.barcode,
        finding=Finding.GOOD,
        grade=Grade.B,
        by=StaffFactory(),
    )

    charge.item.refresh_from_db()
    assert (charge.item.outcome, charge.item.unit.state) == ("returned", "available")


def test_a_charge_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(ChargeMissingError):
        waive_charge(charge_id=uuid.uuid4(), by=ManagerFactory(), reason="Goodwill")
