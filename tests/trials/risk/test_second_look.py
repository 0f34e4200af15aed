"""What a rule declined: its customer may ask a person once, who places it anew or says why not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import Event
from shop.catalogue.models import Frame
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from shop.payments.models import Payment, SavedCard
from tests.at_once import at_once
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import TrialUnitFactory, requested_trial
from tests.trials.risk.assessed import declined_by_rule
from trials.home_trials.errors import (
    CardUnknownError,
    NotForTrialError,
    TrialLimitError,
    TrialMissingError,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.paying import trial_paid
from trials.home_trials.services.requests import decline_trial
from trials.programme.services import publish_version
from trials.risk.errors import LookDecidedError, LookMissingError, LookNotOfferedError
from trials.risk.models import SecondLook
from trials.risk.services.looking import approve_after_look, ask_for_look, decline_after_look
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit

WORDS = "My husband has the same card."
# What staff read where a customer would read "your".
STAFFS = {
    NothingFreeError: "nothing was placed. Ask again when it is back",
    CardUnknownError: "The card is gone or has expired",
    NotForTrialError: "No longer in the shop: .*; it cannot be placed",
    TrialLimitError: "The customer has another trial under way",
}


@pytest.fixture
def declined() -> Trial:
    return declined_by_rule(frames=1)


@pytest.fixture
def asked(declined: Trial) -> Trial:
    ask_for_look(user=declined.user, number=declined.number, words=WORDS)
    return declined


def _carry_out() -> None:
    for _each in range(3):
        carry_out_due()


@pytest.mark.django_db
def test_from_the_page_of_the_declined_trial_she_asks_once(declined: Trial, client: Client) -> None:
    client.force_login(declined.user)
    page = reverse("trials:trial", args=[declined.number])
    path = reverse("trials:trial_look", args=[declined.number])
    assert path in client.get(page).content.decode()

    client.post(path, {"words": WORDS})
    client.post(path, {"words": "Again!"})

    assert SecondLook.objects.get().words == WORDS
    assert Event.objects.filter(name="trial_look_asked").count() == 1
    shown = client.get(page).content.decode()
    assert path not in shown
    assert "You asked a person to look" in shown


@pytest.mark.django_db
def test_it_waits_in_the_queue_with_the_reasons_and_her_words_until_it_is_decided(
    declined: Trial, client: Client
) -> None:
    client.force_login(StaffFactory())
    queue = reverse("console:risk_queue")
    assert declined.number not in client.get(queue).content.decode()
    ask_for_look(user=declined.user, number=declined.number, words=WORDS)

    page = client.get(queue).content.decode()
    assert WORDS in page
    assert "Trials completed so far" in page
    assert client.get("/api/v1/staff/risk/").json()["results"][0]["asked_for_look"] == WORDS
    client.post(
        reverse("console:look_decide", args=[declined.number]),
        {"answer": "declined", "reason": "The card was reported stolen."},
    )
    decide = reverse("console:look_decide", args=[declined.number])
    assert decide not in client.get(queue).content.decode()


@pytest.mark.django_db
def test_a_yes_places_it_anew_and_approves_it(asked: Trial, client: Client) -> None:
    ops = StaffFactory()
    client.force_login(ops)
    client.post(reverse("console:look_decide", args=[asked.number]), {"answer": "approved"})
    _carry_out()

    follows = SecondLook.objects.get().followed_by
    assert follows is not None
    assert (follows.state, follows.user, follows.card) == ("approved", asked.user, asked.card)
    assert follows.transitions.latest("pk").actor == ops
    assert [each.unit.state for each in follows.items.all()] == ["reserved"]
    asked.refresh_from_db()
    assert asked.state == "declined"
    assert [each for each in mail.outbox if "We have your request" in each.subject]
    client.force_login(asked.user)
    page = client.get(reverse("trials:trial", args=[asked.number])).content.decode()
    assert reverse("trials:trial", args=[follows.number]) in page
    assert {each.name for each in all_invariants() if breaches(each)} == set()


@pytest.mark.django_db
def test_a_yes_with_a_fee_waits_for_it_and_no_rule_declines_it_again(asked: Trial) -> None:
    publish_version(programme_slug="home", fee=Money("4.90", "EUR"))
    ops = StaffFactory()
    look = approve_after_look(trial_id=asked.pk, by=ops)
    _carry_out()

    follows = look.followed_by
    assert follows is not None
    assert follows.state == "requested"
    assert follows.pay_by is not None
    assert follows.pay_by > timezone.now() + timedelta(hours=47)
    (asks,) = [each for each in mail.outbox if "One of us looked" in each.subject]
    assert "4.90" in asks.body
    payment = Payment.objects.get(reference=follows.number)
    payment.state = "succeeded"
    payment.save()
    trial_paid(payment)
    _carry_out()
    follows.refresh_from_db()
    assert follows.state == "approved"
    assert follows.transitions.latest("pk").actor == ops


@pytest.mark.django_db
def test_a_no_is_final_and_told_with_its_reason(asked: Trial, client: Client) -> None:
    decline_after_look(trial_id=asked.pk, by=StaffFactory(), reason="The card was stolen.")
    decline_after_look(trial_id=asked.pk, by=StaffFactory(), reason="Another one.")
    _carry_out()

    told = [each for each in mail.outbox if "One of us looked" in each.subject]
    assert len(told) == 1
    assert "The card was stolen." in told[0].body
    client.force_login(asked.user)
    page = client.get(reverse("trials:trial", args=[asked.number])).content.decode()
    assert "The card was stolen." in page
    with pytest.raises(LookDecidedError):
        approve_after_look(trial_id=asked.pk, by=StaffFactory())


@pytest.mark.django_db
def test_where_nothing_is_free_or_the_card_is_gone_nothing_is_placed(asked: Trial) -> None:
    TrialUnit.objects.update(state="repair")
    with pytest.raises(NothingFreeError, match=STAFFS[NothingFreeError]):
        approve_after_look(trial_id=asked.pk, by=StaffFactory())
    TrialUnit.objects.update(state="available")
    SavedCard.objects.update(detached_at=timezone.now())
    with pytest.raises(CardUnknownError, match=STAFFS[CardUnknownError]):
        approve_after_look(trial_id=asked.pk, by=StaffFactory())
    SavedCard.objects.update(detached_at=None)
    Frame.objects.update(published=False)
    with pytest.raises(NotForTrialError, match=STAFFS[NotForTrialError]):
        approve_after_look(trial_id=asked.pk, by=StaffFactory())
    assert SecondLook.objects.get().answer == ""
    assert Trial.objects.get() == asked


@pytest.mark.django_db
def test_with_another_box_open_it_is_not_placed_besides(asked: Trial) -> None:
    requested_trial(user=asked.user, variants=[TrialUnitFactory().variant])
    with pytest.raises(TrialLimitError, match=STAFFS[TrialLimitError]):
        approve_after_look(trial_id=asked.pk, by=StaffFactory())


@pytest.mark.django_db
def test_it_is_offered_for_a_no_by_rule_alone_to_her_alone_and_not_for_ever() -> None:
    by_rule, by_staff = declined_by_rule(frames=1), requested_trial()
    decline_trial(trial_id=by_staff.pk, by=StaffFactory(), reason="We are out of boxes.")
    with pytest.raises(LookNotOfferedError):
        ask_for_look(user=by_staff.user, number=by_staff.number)
    with pytest.raises(TrialMissingError):
        ask_for_look(user=UserFactory(), number=by_rule.number)
    with pytest.raises(LookMissingError):
        approve_after_look(trial_id=by_rule.pk, by=StaffFactory())
    with (
        time_machine.travel(timezone.now() + timedelta(days=31)),
        pytest.raises(LookNotOfferedError),
    ):
        ask_for_look(user=by_rule.user, number=by_rule.number)


@pytest.mark.django_db
def test_an_app_asks_and_reads_the_answer_and_a_scanner_decides(
    declined: Trial, client: Client
) -> None:
    headers = {"Referer": "http://testserver/", "Idempotency-Key": "a"}
    path = f"/api/v1/trials/{declined.number}/look/"
    client.force_login(declined.user)
    assert client.get(path).json()["offered"]
    told = client.post(
        path, {"words": WORDS}, content_type="application/json", headers=headers
    ).json()
    assert (told["offered"], told["answer"]) == (False, "")

    client.force_login(StaffFactory())
    decide = f"/api/v1/staff/trials/{declined.number}/look/"
    answer: Any = client.post(
        decide, {"answer": "declined"}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 422
    answer = client.post(
        decide, {"answer": "approved"}, content_type="application/json", headers=headers
    )
    assert answer.json()["followed_by"] == Trial.objects.exclude(pk=declined.pk).get().number


@pytest.mark.django_db(transaction=True)
def test_two_who_say_yes_at_once_place_it_once(asked: Trial) -> None:
    ops = StaffFactory()
    acts: list[Callable[[], SecondLook]] = [
        lambda: approve_after_look(trial_id=asked.pk, by=ops)
    ] * 2
    at_once(acts, expected=())
    assert Trial.objects.count() == 2
