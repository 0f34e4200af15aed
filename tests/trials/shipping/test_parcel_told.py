"""A customer knows the parcel in which her box comes: its number, its carrier, where it is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory
from tests.factories.trials import packed_trial, shipped_trial
from tests.trials.shipping.easypost_double import EasyPostDouble
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_shipped
from trials.shipping.models import Shipment, ShipmentState
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import assume_delivered, record_tracking

pytestmark = pytest.mark.django_db


def _labelled(trial: Trial) -> Shipment:
    return create_labels(trial_id=trial.pk, by=StaffFactory())[0]


def _mail() -> dict[str, Any]:
    sent = [each.payload for each in OutboxMessage.objects.filter(topic="mail.send")]
    (mail,) = [each for each in sent if "is on its way" in each["subject"]]
    return mail


def _page(trial: Trial) -> str:
    client = Client()
    client.force_login(trial.user)
    return client.get(reverse("trials:trial", args=[trial.number])).content.decode()


def _by_api(trial: Trial) -> Any:
    api = APIClient()
    api.force_authenticate(trial.user)
    return api.get(f"/api/v1/trials/{trial.number}/").json()["parcel"]


def _scanned(parcel: Shipment, status: ShipmentState, words: str, *, hours: int = 0) -> None:
    record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id=words,
        status=status,
        occurred_at=timezone.now() + timedelta(hours=hours),
        description=words,
    )


def test_the_shops_own_courier_has_a_number_and_no_page() -> None:
    trial = packed_trial()
    parcel = _labelled(trial)
    mark_shipped(trial_id=trial.pk, by=StaffFactory())

    for kind in ("text", "html"):
        assert f"number is {parcel.tracking_number}." in _mail()[kind].replace("&#x27;", "'")
        assert "built-in" not in _mail()[kind]
        assert "Last heard" not in _mail()[kind]
    page = _page(trial)
    assert parcel.tracking_number in page
    assert "See where it is" not in page
    assert _by_api(trial) == {
        "carrier": "",
        "number": parcel.tracking_number,
        "url": "",
        "state": "",
        "heard": "",
        "heard_of": None,
    }


@pytest.mark.django_db(transaction=True)
def test_a_carrier_is_named_with_its_own_page_in_mail_page_and_api(
    easypost: EasyPostDouble,
) -> None:
    trial = packed_trial()
    parcel = _labelled(trial)
    mark_shipped(trial_id=trial.pk, by=StaffFactory())

    url = f"https://track.easypost.com/{parcel.tracking_number}"
    assert f"number with DPD Classic is {parcel.tracking_number}." in _mail()["text"]
    for shown in (_mail()["text"], _mail()["html"], _page(trial)):
        assert "DPD Classic" in shown
        assert url in shown
    told = _by_api(trial)
    assert (told["carrier"], told["url"]) == ("DPD Classic", url)


@pytest.mark.django_db(transaction=True)
def test_an_address_that_is_no_https_is_no_page(easypost: EasyPostDouble) -> None:
    easypost.page = "javascript:alert(1)//{number}"
    parcel = _labelled(packed_trial())
    assert parcel.tracking_url == ""


def test_where_the_carrier_last_saw_it_is_told_in_mail_page_and_api() -> None:
    trial = packed_trial()
    parcel = _labelled(trial)
    _scanned(parcel, ShipmentState.IN_TRANSIT, "Left <Leipzig>")

    assert "Last heard: On its way" in _mail()["text"]
    assert "Left <Leipzig>" in _mail()["text"]
    for shown in (_mail()["html"], _page(trial)):
        assert "On its way" in shown
        assert "Left &lt;Leipzig&gt;" in shown
    told = _by_api(trial)
    assert (told["state"], told["heard"]) == ("in_transit", "Left <Leipzig>")
    assert told["heard_of"]


def test_of_what_is_sent_back_it_is_said_so_whatever_is_told_after() -> None:
    trial = packed_trial()
    parcel = _labelled(trial)
    _scanned(parcel, ShipmentState.IN_TRANSIT, "Left")
    _scanned(parcel, ShipmentState.SENT_BACK, "Refused")
    _scanned(parcel, ShipmentState.DELIVERED, "Brought back")
    assert _by_api(trial)["state"] == "sent_back"


def test_what_the_shop_takes_for_delivered_is_not_told_as_the_carriers_word() -> None:
    trial = packed_trial()
    parcel = _labelled(trial)
    _scanned(parcel, ShipmentState.IN_TRANSIT, "Left Leipzig")
    assume_delivered(trial_id=trial.pk)

    trial.refresh_from_db()
    assert trial.state == "delivered"
    assert _by_api(trial)["heard"] == "Left Leipzig"
    assert "Taken for delivered" not in _page(trial)


def test_before_it_has_left_nothing_is_said_of_a_parcel() -> None:
    trial = packed_trial()
    parcel = _labelled(trial)

    assert parcel.tracking_number not in _page(trial)
    assert _by_api(trial) is None


def test_a_box_without_labels_is_told_of_without_a_number() -> None:
    trial = shipped_trial()
    assert "parcel's number" not in _mail()["text"]
    assert "None" not in _mail()["text"]
    assert _by_api(trial) is None


def test_the_news_of_a_parcel_take_one_statement_however_many_they_are() -> None:
    trial = packed_trial()
    parcel = _labelled(trial)
    mark_shipped(trial_id=trial.pk, by=StaffFactory())
    taken = []
    for _time in range(2):
        _by_api(trial)
        with CaptureQueriesContext(connection) as captured:
            assert _by_api(trial)
        taken.append(len(captured))
        for words in ("One", "Two", "Three"):
            _scanned(parcel, ShipmentState.IN_TRANSIT, words)
    assert taken[0] == taken[1]
    assert sum("trackingevent" in each["sql"] for each in captured) == 1
