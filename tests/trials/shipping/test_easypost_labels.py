"""Labels bought at EasyPost: once each, whatever becomes of an answer."""

import io
import time
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from djmoney.money import Money
from pypdf import PdfReader

from shop.foundation.outbox import carry_out_due
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import approved_trial, packed_trial
from tests.trials.shipping.easypost_double import EasyPostDouble, Fault
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.shipping.carriers import EASYPOST
from trials.shipping.errors import (
    CarrierRefusedError,
    CarrierUnreachableError,
    LabelsInHandError,
    NoLabelsYetError,
)
from trials.shipping.labels import label_pdf, labels_pdf
from trials.shipping.models import LabelClaim, Leg, Shipment
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db(transaction=True)


def _labels(trial: Trial) -> tuple[Shipment, Shipment]:
    return create_labels(trial_id=trial.pk, by=StaffFactory())


def test_both_labels_are_bought_at_the_cheapest_rate_and_kept(easypost: EasyPostDouble) -> None:
    trial = packed_trial()
    outbound, back = _labels(trial)

    assert (outbound.carrier, outbound.service) == (EASYPOST, "DPD Classic")
    assert outbound.postage == Money(Decimal("4.90"), "EUR")
    sent = easypost.shipments[outbound.carrier_reference]
    assert outbound.tracking_number == sent["tracking_code"]
    assert sent["to_address"]["name"] == trial.address.name
    assert sent["to_address"]["zip"] == trial.address.postal_code
    assert sent["from_address"]["company"] == "Lorgnette Demo"
    # 32 × 24 × 12 cm and 900 g, in inches and ounces.
    assert list(sent["parcel"].values())[1:] == [12.6, 9.4, 4.7, 31.7]
    returned = easypost.shipments[back.carrier_reference]
    assert returned["is_return"] is True
    assert returned["from_address"]["name"] == trial.address.name
    assert not LabelClaim.objects.exists()


def test_a_named_service_is_bought_though_another_is_cheaper(
    easypost: EasyPostDouble, settings: Any
) -> None:
    settings.EASYPOST_SERVICE = "DHLPaket:Express"
    assert _labels(packed_trial())[0].service == "DHLPaket Express"


def test_printing_again_buys_nothing(easypost: EasyPostDouble) -> None:
    trial = packed_trial()
    assert _labels(trial) == _labels(trial)
    assert len(easypost.purchases) == 2


@pytest.mark.parametrize("path", ["/v2/shipments", "/buy"])
def test_a_label_bought_though_the_answer_was_lost_is_not_bought_again(
    easypost: EasyPostDouble, settings: Any, path: str
) -> None:
    settings.EASYPOST_TIMEOUT_SECONDS, easypost.late = 1, 1.4
    easypost.faults.append(Fault(path, lost=True))
    trial = packed_trial()
    try:
        outbound, _back = _labels(trial)
    except CarrierUnreachableError:
        assert path == "/v2/shipments"
        outbound, _back = _labels(trial)

    assert easypost.purchases.count(str(outbound.pk)) == 1
    assert len(easypost.shipments) == 2


def test_what_was_bought_before_a_crash_is_found_again(easypost: EasyPostDouble) -> None:
    trial = packed_trial()
    outbound, _back = _labels(trial)
    bought = outbound.tracking_number
    Shipment.objects.filter(trial=trial).delete()

    assert _labels(trial)[0].tracking_number == bought
    assert len(easypost.purchases) == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_answer_that_decides_nothing_buys_nothing_and_may_be_asked_again(
    easypost: EasyPostDouble, status: int
) -> None:
    easypost.faults.append(Fault("/buy", status))
    trial = packed_trial()
    with pytest.raises(CarrierUnreachableError, match="try again"):
        _labels(trial)
    assert not Shipment.objects.exists()
    assert not LabelClaim.objects.exists()

    _labels(trial)
    assert len(easypost.purchases) == 2
    assert len(easypost.shipments) == 2


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault("/buy", 402, "BILLING.INSUFFICIENT_FUNDS", "Insufficient funds."), "money first"),
        (Fault("/v2/shipments", 401, "APIKEY.INACTIVE", "Key is not active."), "not active"),
        (Fault("/v2/shipments", 422, "SHIPMENT.INVALID_PARAMS", "No such town."), "No such town"),
    ],
)
def test_a_refusal_is_told_in_the_carriers_words(
    easypost: EasyPostDouble, fault: Fault, words: str
) -> None:
    easypost.faults.append(fault)
    with pytest.raises(CarrierRefusedError, match=words):
        _labels(packed_trial())
    assert not Shipment.objects.exists()


def test_an_address_that_cannot_be_verified_is_told_with_its_fields(
    easypost: EasyPostDouble,
) -> None:
    trial = packed_trial()
    type(trial.address).objects.filter(pk=trial.address_id).update(postal_code="")
    with pytest.raises(CarrierRefusedError, match="zip is missing"):
        _labels(trial)


def test_where_no_service_goes_is_told_in_the_carriers_words(easypost: EasyPostDouble) -> None:
    trial = packed_trial()
    address = type(trial.address).objects.filter(pk=trial.address_id)
    address.update(country="AQ")
    with pytest.raises(CarrierRefusedError, match="not served"):
        _labels(trial)
    # Offered again, once somebody goes there.
    for each in easypost.shipments.values():
        each["to_address"]["country"] = "DE"
    address.update(country="DE")
    assert _labels(trial)[0].service == "DPD Classic"
    assert len(easypost.shipments) == 2


def test_of_two_labels_the_one_bought_stays_where_the_other_fails(
    easypost: EasyPostDouble,
) -> None:
    trial = packed_trial()
    easypost.faults += [Fault("/shipments", lost=True), Fault("/shipments", 500)]
    with pytest.raises(CarrierUnreachableError):
        _labels(trial)
    assert [each.leg for each in Shipment.objects.all()] == [Leg.OUTBOUND]

    _labels(trial)
    assert len(easypost.purchases) == 2


def test_without_a_key_nothing_is_asked(easypost: EasyPostDouble, settings: Any) -> None:
    settings.EASYPOST_API_KEY = ""
    with pytest.raises(CarrierRefusedError, match="EASYPOST_API_KEY"):
        _labels(packed_trial())
    assert easypost.requests == []


def test_easypost_is_never_asked_inside_a_transaction(easypost: EasyPostDouble) -> None:
    trial = packed_trial()
    with pytest.raises(transaction.TransactionManagementError), transaction.atomic():
        _labels(trial)
    assert easypost.requests == []


def test_two_who_print_at_once_buy_each_label_once(easypost: EasyPostDouble) -> None:
    trial, by = packed_trial(), StaffFactory()
    answers = at_once(
        [lambda: create_labels(trial_id=trial.pk, by=by)] * 4, expected=LabelsInHandError
    )
    printed = [each for each in answers if isinstance(each, tuple)]
    assert printed
    assert all(each == printed[0] for each in printed)
    assert len(easypost.purchases) == len(easypost.shipments) == 2


def test_a_claim_of_somebody_who_never_came_back_ends_by_itself(easypost: EasyPostDouble) -> None:
    trial = packed_trial()
    LabelClaim.objects.create(trial=trial, until=timezone.now())
    assert _labels(trial)


def test_both_labels_and_the_slip_are_one_document(easypost: EasyPostDouble) -> None:
    trial = packed_trial()
    outbound, back = _labels(trial)
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(labels_pdf(trial))).pages]

    assert outbound.carrier_reference in pages[0]
    assert back.carrier_reference in pages[1]
    assert "How to send it back" in pages[2]
    assert label_pdf(back).startswith(b"%PDF")


def test_a_label_that_cannot_be_fetched_is_said_to_be_printed_again(
    easypost: EasyPostDouble,
) -> None:
    trial = packed_trial()
    _labels(trial)
    easypost.faults.append(Fault(".pdf", 500))
    with pytest.raises(CarrierUnreachableError, match="Print it again"):
        labels_pdf(trial)


def test_labels_are_fetched_from_nowhere_but_https(easypost: EasyPostDouble) -> None:
    outbound, _back = _labels(packed_trial())
    outbound.label_url = "http://169.254.169.254/latest/"
    with pytest.raises(CarrierUnreachableError, match="address is wrong"):
        label_pdf(outbound)


def test_labels_of_a_trial_called_off_are_given_back_once(easypost: EasyPostDouble) -> None:
    trial = approved_trial()
    outbound, back = _labels(trial)
    easypost.faults.append(Fault("/refund", 503))
    cancel_trial(trial_id=trial.pk, by=StaffFactory())
    carry_out_due()
    carry_out_due()

    states = dict(Shipment.objects.values_list("leg", "refund_state"))
    assert sorted(states.values()) == ["", "asked"]
    refunds = [path for _method, path in easypost.requests if path.endswith("/refund")]
    assert len(refunds) == 2
    assert outbound.carrier_reference != back.carrier_reference


def test_a_label_the_carrier_scanned_is_not_given_back(easypost: EasyPostDouble) -> None:
    trial = approved_trial()
    outbound, _back = _labels(trial)
    easypost.track(outbound.tracking_number, "in_transit", timezone.now())
    cancel_trial(trial_id=trial.pk, by=StaffFactory())
    carry_out_due()
    carry_out_due()
    outbound.refresh_from_db()
    assert outbound.refund_state == "rejected"


def test_a_trial_called_off_while_its_label_was_bought_has_it_given_back(
    easypost: EasyPostDouble, settings: Any
) -> None:
    trial = approved_trial()
    easypost.late = 0.5
    easypost.faults.append(Fault("/buy", lost=True))

    def call_off() -> Trial:
        time.sleep(0.2)
        return cancel_trial(trial_id=trial.pk, by=StaffFactory())

    bought, _called_off = at_once([lambda: _labels(trial), call_off], expected=NoLabelsYetError)
    assert isinstance(bought, NoLabelsYetError)
    for _each in range(3):
        carry_out_due()
    assert [each.refund_state for each in Shipment.objects.all()] == ["asked"]


def test_labels_that_cost_nothing_are_not_given_back() -> None:
    trial = approved_trial()
    _labels(trial)
    cancel_trial(trial_id=trial.pk, by=StaffFactory())
    carry_out_due()
    assert set(Shipment.objects.values_list("refund_state", flat=True)) == {""}
