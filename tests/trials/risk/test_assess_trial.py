"""The rules decide once on each trial; what they found is kept, and told to nobody but staff."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import Event
from shop.catalogue.models import Variant
from shop.customers.models import Address, User
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out
from shop.payments.models import SavedCard
from tests.at_once import at_once
from tests.factories.shop import AddressFactory, SavedCardFactory, StaffFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, filled_box, requested_trial
from tests.trials.returns.trials_with_charges import owed_charge
from tests.trials.risk.assessed import assessed_trial, only_rule
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.requests import approve_trial, cancel_trial, place_trial
from trials.risk.models import Outcome, RiskDecision, RiskRule
from trials.risk.services.assessing import assess_trial


def _placed(user: User, *, fingerprint: str, line1: str = "Own street 1") -> Trial:
    ProgrammeVersionFactory()
    return place_trial(
        user=user,
        box_id=filled_box(user=user).pk,
        address_id=AddressFactory(user=user, line1=line1, postal_code="10115").pk,
        card_id=SavedCardFactory(user=user, fingerprint=fingerprint).pk,
    )


def _decision(trial: Trial) -> RiskDecision:
    decision = assess_trial(trial_id=trial.pk)
    assert decision is not None
    return decision


def _ended(user: User, *, days_ago: int, outcome: str = "returned") -> Trial:
    trial = _placed(user, fingerprint=f"own-{user.pk}")
    cancel_trial(trial_id=trial.pk, by=user)
    at = timezone.now() - timedelta(days=days_ago)
    Trial.objects.filter(pk=trial.pk).update(state="closed", requested_at=at, closed_at=at)
    TrialItem.objects.filter(trial=trial).update(outcome=outcome)
    return trial


@pytest.mark.django_db
def test_placing_asks_for_a_decision_and_the_outbox_makes_it_once() -> None:
    trial = requested_trial()
    message = OutboxMessage.objects.get(topic="trials.to_decide")
    assert not RiskDecision.objects.exists()

    assert carry_out(str(message.pk))
    again = assess_trial(trial_id=trial.pk)

    assert RiskDecision.objects.get() == again
    assert Event.objects.filter(name="trial_assessed").count() == 1


@pytest.mark.django_db
def test_the_rules_a_shop_begins_with_say_neither_yes_nor_no_by_themselves() -> None:
    trial = assessed_trial()
    assert set(RiskRule.objects.filter(active=True).values_list("outcome", flat=True)) <= {"review"}
    assert trial.state == "requested"
    assert trial.risk_decision.outcome == Outcome.REVIEW


@pytest.mark.django_db
def test_where_the_shop_says_so_and_nothing_speaks_a_trial_is_approved_by_itself() -> None:
    only_rule("nothing_found", outcome="approve")
    trial = assessed_trial()
    assert trial.state == "approved"
    assert trial.transitions.latest("pk").actor is None
    assert trial.risk_decision.reasons == []


@pytest.mark.django_db
def test_a_trial_to_be_paid_is_approved_by_itself_once_it_is_paid() -> None:
    only_rule("nothing_found", outcome="approve")
    trial = requested_trial()
    Trial.objects.filter(pk=trial.pk).update(pay_by=timezone.now())
    _decision(trial)
    assert Trial.objects.get().state == "requested"
    Trial.objects.filter(pk=trial.pk).update(pay_by=None)

    _decision(trial)

    assert Trial.objects.get().state == "approved"


@pytest.mark.django_db
def test_the_sternest_rule_that_speaks_decides() -> None:
    only_rule("nothing_found", outcome="approve")
    RiskRule.objects.update_or_create(
        kind="new_customer", defaults={"active": True, "outcome": "review", "threshold": 1}
    )
    RiskRule.objects.update_or_create(
        kind="box_value", defaults={"active": True, "outcome": "deposit", "threshold": 1}
    )
    trial = assessed_trial()
    assert trial.risk_decision.outcome == Outcome.DEPOSIT
    assert trial.state == "requested"
    assert [each["kind"] for each in trial.risk_decision.reasons] == ["box_value", "new_customer"]


@pytest.mark.django_db
def test_who_has_not_confirmed_her_email_address_is_noticed_until_she_has() -> None:
    only_rule("unconfirmed")
    found = []
    for verified in (False, True):
        user = UserFactory()
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
        reasons = _decision(_placed(user, fingerprint=f"own-{user.pk}")).reasons
        found.append([(each["kind"], each["found"]) for each in reasons])

    assert found == [[("unconfirmed", 0)], []]


@pytest.mark.django_db
def test_a_card_of_several_accounts_is_noticed() -> None:
    only_rule("shared_card", threshold=2)
    SavedCardFactory(fingerprint="same")
    first = _decision(_placed(UserFactory(), fingerprint="same"))
    second = _decision(_placed(UserFactory(), fingerprint="same"))
    assert [each["found"] for each in (*first.reasons, *second.reasons)] == [2]


@pytest.mark.django_db
def test_what_she_or_her_card_or_her_address_owes_is_noticed() -> None:
    charge = owed_charge()
    debtor = charge.trial
    SavedCard.objects.filter(pk=debtor.card_id).update(fingerprint="debt")
    Address.objects.filter(pk=debtor.address_id).update(
        line1="HOUSE 7", postal_code="10115", country="DE"
    )
    only_rule("card_owes")
    assert _decision(_placed(UserFactory(), fingerprint="debt")).reasons[0]["found"] == 1
    only_rule("address_owes")
    trial = _placed(UserFactory(), fingerprint="other", line1="House 7 ")
    assert _decision(trial).reasons[0]["found"] == 1
    only_rule("own_debts")
    Trial.objects.filter(pk=trial.pk).update(user=debtor.user)
    RiskDecision.objects.all().delete()
    assert _decision(trial).reasons[0]["found"] == 1


@pytest.mark.django_db
def test_serial_trials_are_counted_over_the_accounts_of_a_card_and_an_address() -> None:
    only_rule("serial_trials", threshold=3, days=90)
    one, two, three = UserFactory(), UserFactory(), UserFactory()
    _ended(one, days_ago=10)
    _ended(two, days_ago=20)
    _ended(two, days_ago=100)
    _ended(three, days_ago=30, outcome="kept")
    Address.objects.filter(user=two).update(line1="Own street 1")
    Address.objects.filter(user__in=[one, three]).update(line1="Elsewhere 2")
    SavedCard.objects.filter(user__in=[one, three]).update(fingerprint="crowd")
    assert _decision(_placed(UserFactory(), fingerprint="crowd")).reasons == []

    _ended(one, days_ago=40)
    Address.objects.filter(user=one).update(line1="Elsewhere 2")

    assert _decision(_placed(UserFactory(), fingerprint="crowd", line1="Own street 1")).reasons == [
        {"kind": "serial_trials", "threshold": 3, "days": 90, "outcome": "review", "found": 3}
    ]


@pytest.mark.django_db
def test_the_value_of_the_box_is_noticed() -> None:
    only_rule("box_value", threshold=500)
    trial = requested_trial(frames=1)
    Variant.objects.update(price=Money("499.99", "EUR"))
    TrialItem.objects.update(price=Money("500.00", "EUR"))
    assert _decision(trial).reasons[0]["found"] == 500


@pytest.mark.django_db
def test_a_decision_keeps_the_rules_as_they_were() -> None:
    rule = only_rule("new_customer", threshold=1)
    trial = assessed_trial()
    RiskRule.objects.filter(pk=rule.pk).update(threshold=9, outcome="decline")
    assert _decision(trial).rules == [
        {"kind": "new_customer", "threshold": 1, "days": rule.days, "outcome": "review", "found": 0}
    ]


@pytest.mark.django_db
def test_a_no_by_rule_is_kind_says_no_reason_and_how_a_person_decides(client: Client) -> None:
    only_rule("new_customer", threshold=1, outcome="decline")
    trial = assessed_trial()
    assert trial.state == "declined"
    assert not trial.items.filter(holds_unit=True).exists()
    client.force_login(trial.user)
    page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()
    assert "one of us looks at it" in page
    for word in ("risk", "Trials completed", "new_customer"):
        assert word not in page


@pytest.mark.django_db
def test_no_rule_but_the_last_may_approve_and_none_may_decline_for_nothing() -> None:
    for kind, outcome in (("box_value", "approve"), ("nothing_found", "decline")):
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskRule.objects.update_or_create(kind=kind, defaults={"outcome": outcome})


@pytest.mark.django_db
def test_staff_read_the_reasons_and_decide_customers_do_not(client: Client) -> None:
    only_rule("new_customer")
    trial = assessed_trial()
    paths = [
        reverse("console:risk_queue"),
        reverse("console:trial", args=[trial.number]),
        reverse("api-staff-risk"),
        reverse("api-staff-trial-risk", args=[trial.number]),
    ]
    client.force_login(StaffFactory())
    for path in paths:
        assert "Trials completed so far" in client.get(path).content.decode()
    client.post(reverse("console:trial_approve", args=[trial.number]))
    assert f"/{trial.number}/approve/" not in client.get(paths[0]).content.decode()
    client.force_login(trial.user)
    for path in paths:
        assert client.get(path).status_code in (302, 403, 404)


@pytest.mark.django_db
def test_the_queue_and_a_decision_cost_the_same_however_many_there_are(client: Client) -> None:
    client.force_login(StaffFactory())
    assessed_trial()
    client.get(reverse("console:risk_queue"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("console:risk_queue"))
    for _each in range(4):
        assessed_trial()
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("console:risk_queue"))
    assert len(few) == len(many)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_decide_once() -> None:
    trial = requested_trial()
    found = at_once([lambda: _decision(trial)] * 4, expected=())
    assert {each.pk for each in found} == {RiskDecision.objects.get().pk}


@pytest.mark.django_db
def test_what_went_on_before_the_rules_looked_is_left_alone() -> None:
    trial = requested_trial()
    approve_trial(trial_id=trial.pk, by=StaffFactory())
    assert assess_trial(trial_id=trial.pk) is None
