"""Before a box is placed its customer sees all she will pay for it, and what of that comes back."""

import pytest
from django.test import Client
from django.urls import reverse
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.models import OutboxMessage
from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, filled_box, requested_trial
from tests.trials.returns.boxes_back import terms
from tests.trials.risk.assessed import only_rule
from trials.home_trials.models import Trial
from trials.programme.models import ProgrammeVersion
from trials.risk.models import RiskDecision
from trials.risk.services.assessing import assess_trial
from trials.risk.services.quoting import PlacingCosts, placing_costs

pytestmark = pytest.mark.django_db
FEE, DEPOSIT, ASKED = Money("4.90", "EUR"), Money("20.00", "EUR"), Money("80.00", "EUR")


@pytest.fixture(autouse=True)
def _rules() -> None:
    terms(fee=FEE, deposit=DEPOSIT)
    only_rule("new_customer", outcome="deposit", deposit=ASKED)


def _costs(user: User, *prices: Money) -> PlacingCosts:
    version: ProgrammeVersion = ProgrammeVersionFactory()
    return placing_costs(user=user, version=version, address=None, card=None, prices=prices)


def test_the_fee_stays_and_both_deposits_come_back() -> None:
    costs = _costs(UserFactory())

    assert (costs.due_now, costs.asked) == (FEE + DEPOSIT, ASKED)
    assert costs.together == FEE + DEPOSIT + ASKED
    assert costs.comes_back == DEPOSIT + ASKED
    assert not Trial.objects.exists()
    assert not RiskDecision.objects.exists()


def test_it_is_what_the_rules_ask_for_once_the_box_is_placed() -> None:
    only_rule("box_value", threshold=100, outcome="deposit", deposit=ASKED)
    user = UserFactory()
    assert _costs(user, Money(99, "EUR")).asked.amount == 0
    assert _costs(user, Money(60, "EUR"), Money(60, "EUR")).asked == ASKED


def test_who_is_declined_or_looked_at_is_asked_for_no_deposit() -> None:
    for outcome in ("review", "decline"):
        only_rule("new_customer", outcome=outcome)
        assert _costs(UserFactory()).asked.amount == 0


def test_what_a_card_or_an_address_is_known_for_counts() -> None:
    only_rule("shared_card", threshold=1, outcome="deposit", deposit=ASKED)
    SavedCardFactory(fingerprint="same")
    user = UserFactory()
    card = SavedCardFactory(user=user, fingerprint="same")
    version = ProgrammeVersionFactory()
    address = AddressFactory(user=user)
    asked = {"user": user, "version": version, "address": address, "prices": []}

    assert placing_costs(card=card, **asked).asked == ASKED
    assert placing_costs(card=SavedCardFactory(user=user), **asked).asked.amount == 0


def test_the_page_says_each_sum_before_anything_is_asked_for(client: Client) -> None:
    user = UserFactory()
    filled_box(user=user)
    AddressFactory(user=user)
    SavedCardFactory(user=user)
    client.force_login(user)
    page = client.get(reverse("trials:place")).content.decode()

    assert "€80.00, by a link we mail you" in page
    assert "€104.90, of which €100.00 comes back" in page
    only_rule("new_customer", outcome="review")
    terms(deposit=DEPOSIT * 0)
    assert 'id="costs"' not in client.get(reverse("trials:place")).content.decode()


def test_the_api_says_them_too(client: Client) -> None:
    user = UserFactory()
    filled_box(user=user)
    address = AddressFactory(user=user)
    client.force_login(user)
    url = reverse("api-box-costs")
    told = client.get(url, {"address_id": address.pk}).json()

    assert told["together"] == {"amount": "104.90", "currency": "EUR"}
    assert told["due_now"]["amount"] == "24.90"
    assert told["comes_back"]["amount"] == "100.00"
    other = AddressFactory(user=UserFactory())
    assert client.get(url, {"address_id": other.pk}).status_code == 422


def test_the_mail_with_the_link_says_what_was_paid_and_what_comes_back() -> None:
    trial = requested_trial()
    # As once its fee is paid.
    Trial.objects.filter(pk=trial.pk).update(pay_by=None)
    assess_trial(trial_id=trial.pk)

    (mail,) = OutboxMessage.objects.filter(payload__subject__icontains="A deposit for your")
    text = mail.payload["text"]
    assert "The €24.90 you paid as you asked for the box are besides." in text
    assert "The fee of €4.90 in them stays with us; of all you pay, €100.00 comes back." in text
