"""Damage is proposed, decided by people, told to the customer, and only then charged."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.analytics.models import Event
from shop.foundation.history import IllegalMoveError
from shop.foundation.models import OutboxMessage
from shop.payments.gateway import Intent
from shop.payments.models import Payment
from shop.payments.services.charges import settle_payment
from tests.at_once import at_once
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg
from tests.trials.returns.boxes_back import (
    broken_laws,
    checked_in,
    item_of,
    proposal_for_damage,
    terms,
)
from trials.evidence.models import EvidenceSource
from trials.evidence.services import add_evidence
from trials.reports.models import Decision
from trials.reports.services import decide_broken, report_broken
from trials.returns.errors import (
    MayNotDecideProposalError,
    ObjectionTooLateError,
    ProposalAmountError,
    ProposalChangedError,
    ProposalDecidedError,
    ProposalMissingError,
    ReasonMissingError,
)
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding
from trials.returns.queries.damage import proposals_to_charge
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.damages import (
    accept_proposal,
    change_proposal,
    charge_unanswered,
    waive_proposal,
)
from trials.returns.services.objecting import object_to_damage

pytestmark = pytest.mark.django_db
LATER = timedelta(days=9)


def _mails(words: str) -> int:
    mails = OutboxMessage.objects.filter(topic="mail.send", payload__subject__icontains=words)
    return mails.count()


def _paid(charge: TrialCharge) -> None:
    payment = Payment.objects.get(purpose="damaged_frame", reference=str(charge.pk))
    amount = int(payment.amount.amount * 100)
    settle_payment(
        payment_id=payment.pk, intent=Intent("pi_1", "succeeded", "", amount_received=amount)
    )


def test_damage_makes_a_proposal_by_the_terms_and_charges_nothing() -> None:
    proposal = proposal_for_damage(frames=1)
    item = proposal.inspection.item

    assert proposal.amount == proposal.by_terms == item.price / 2
    assert (proposal.state, proposal.told_broken, proposal.reason) == (
        "proposed",
        False,
        "Temple broken off",
    )
    assert not TrialCharge.objects.exists()
    assert Event.objects.filter(name="damage_proposed", subject_id=str(proposal.pk)).count() == 1


@pytest.mark.parametrize(("finding", "percent"), [(Finding.GOOD, 50), (Finding.DAMAGED, 0)])
def test_a_good_frame_or_terms_that_ask_for_nothing_make_no_proposal(
    finding: Finding, percent: int
) -> None:
    terms(damaged_percent=percent)
    checked_in(item_of(delivered_trial()), finding)

    assert not ChargeProposal.objects.exists()


def test_a_trial_is_not_over_while_its_damage_is_undecided() -> None:
    proposal = proposal_for_damage(frames=1)
    trial = finish_check_in(trial_id=proposal.inspection.item.trial_id, by=StaffFactory())
    assert trial.state == "received"

    waive_proposal(proposal_id=proposal.pk, by=ManagerFactory(), reason="Worn by many")
    trial.refresh_from_db()
    assert trial.state == "closed"
    assert broken_laws() == []


def test_accepted_damage_is_told_and_charged_only_after_the_days_to_answer() -> None:
    proposal = proposal_for_damage(frames=1)
    trial = finish_check_in(trial_id=proposal.inspection.item.trial_id, by=StaffFactory())
    accepted = accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())

    assert accepted.state == "accepted"
    assert _mails("came back damaged") == 1
    assert charge_unanswered(proposal_id=proposal.pk).state == "accepted"
    assert proposals_to_charge(timezone.now()) == []
    assert not TrialCharge.objects.exists()

    with time_machine.travel(timezone.now() + LATER):
        assert proposals_to_charge(timezone.now()) == [proposal.pk]
        charged = charge_unanswered(proposal_id=proposal.pk)
        charge_unanswered(proposal_id=proposal.pk)
        (charge,) = TrialCharge.objects.all()
        assert (charged.charge, charge.purpose, charge.amount) == (
            charge,
            "damaged",
            proposal.amount,
        )
        _paid(charge)
    trial.refresh_from_db()
    assert trial.state == "closed"
    assert item_of(trial).outcome == "damaged"
    assert broken_laws() == []


def test_an_objection_stops_the_clock_until_somebody_decides() -> None:
    user = UserFactory()
    proposal = proposal_for_damage(user=user)
    with pytest.raises(ProposalMissingError):
        object_to_damage(user=user, proposal_id=proposal.pk, words="I was not told yet")
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())
    with pytest.raises(ProposalMissingError):
        object_to_damage(user=UserFactory(), proposal_id=proposal.pk, words="Not mine")
    with pytest.raises(ReasonMissingError):
        object_to_damage(user=user, proposal_id=proposal.pk, words=" ")
    objected = object_to_damage(user=user, proposal_id=proposal.pk, words="It fell in the post")

    assert (objected.state, objected.objection) == ("objected", "It fell in the post")
    with time_machine.travel(timezone.now() + LATER):
        assert proposals_to_charge(timezone.now()) == []
        assert charge_unanswered(proposal_id=proposal.pk).state == "objected"
    charged = accept_proposal(proposal_id=proposal.pk, by=ManagerFactory(), answer="It did not")
    assert charged.state == "charged"
    assert TrialCharge.objects.count() == 1


def test_an_objection_after_the_days_to_answer_is_too_late() -> None:
    user = UserFactory()
    proposal = proposal_for_damage(user=user)
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())

    with time_machine.travel(timezone.now() + LATER), pytest.raises(ObjectionTooLateError):
        object_to_damage(user=user, proposal_id=proposal.pk, words="Wait")


def test_an_amount_is_changed_with_a_reason_and_never_above_the_price() -> None:
    proposal = proposal_for_damage()
    manager, price = ManagerFactory(), proposal.inspection.item.price
    change: dict[str, Any] = {"proposal_id": proposal.pk, "by": manager, "reason": "A scratch"}

    for amount in (price + Money(1, "EUR"), Money(0, "EUR"), Money(5, "USD")):
        with pytest.raises(ProposalAmountError):
            change_proposal(**change, amount=amount)
    changed = change_proposal(**change, amount=Money(12, "EUR"))
    assert (changed.amount, changed.state) == (Money(12, "EUR"), "proposed")
    assert "A scratch" in proposal.transitions.latest("pk").reason
    with pytest.raises(ReasonMissingError):
        change_proposal(**{**change, "reason": ""}, amount=Money(13, "EUR"))


def test_what_a_customer_was_told_is_never_raised() -> None:
    user, manager = UserFactory(), ManagerFactory()
    proposal = proposal_for_damage(user=user)
    accept_proposal(proposal_id=proposal.pk, by=manager)
    change: dict[str, Any] = {"proposal_id": proposal.pk, "by": manager, "reason": "Why"}
    with pytest.raises(ProposalDecidedError):
        change_proposal(**change, amount=Money(1, "EUR"))
    object_to_damage(user=user, proposal_id=proposal.pk, words="Too much")

    with pytest.raises(ProposalAmountError):
        change_proposal(**change, amount=proposal.amount + Money(1, "EUR"))
    change_proposal(**change, amount=Money(1, "EUR"))
    charged = accept_proposal(proposal_id=proposal.pk, by=manager, answer="It did not")
    assert charged.charge.amount == Money(1, "EUR")


def test_ops_without_the_permission_decide_nothing() -> None:
    proposal, ops = proposal_for_damage(), StaffFactory()

    with pytest.raises(MayNotDecideProposalError):
        accept_proposal(proposal_id=proposal.pk, by=ops)
    with pytest.raises(MayNotDecideProposalError):
        waive_proposal(proposal_id=proposal.pk, by=ops, reason="Because")
    with pytest.raises(MayNotDecideProposalError):
        change_proposal(proposal_id=proposal.pk, by=ops, amount=Money(1, "EUR"), reason="Because")
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_what_is_charged_is_not_waived_and_what_is_waived_not_charged() -> None:
    user, manager = UserFactory(), ManagerFactory()
    proposal = proposal_for_damage(user=user)
    accept_proposal(proposal_id=proposal.pk, by=manager)
    waive_proposal(proposal_id=proposal.pk, by=manager, reason="Worn by many")
    assert _mails("Nothing is charged") == 1
    with pytest.raises(IllegalMoveError):
        accept_proposal(proposal_id=proposal.pk, by=manager)

    other = proposal_for_damage()
    accept_proposal(proposal_id=other.pk, by=manager)
    with time_machine.travel(timezone.now() + LATER):
        charge_unanswered(proposal_id=other.pk)
    with pytest.raises(IllegalMoveError):
        waive_proposal(proposal_id=other.pk, by=manager, reason="Too late")


def test_who_saw_another_state_decides_nothing() -> None:
    proposal = proposal_for_damage(frames=1)
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory(), seen="proposed")
    with pytest.raises(ProposalChangedError, match="by now"):
        waive_proposal(
            proposal_id=proposal.pk, by=ManagerFactory(), reason="Light", seen="proposed"
        )
    user = proposal.inspection.item.trial.user
    object_to_damage(user=user, proposal_id=proposal.pk, words="It came so")
    with pytest.raises(ProposalChangedError):
        accept_proposal(proposal_id=proposal.pk, by=ManagerFactory(), seen="proposed")
    proposal.refresh_from_db()
    assert proposal.state == "objected"
    assert not TrialCharge.objects.exists()
    # Who repeats what is done already is told that it is.
    waive_proposal(proposal_id=proposal.pk, by=ManagerFactory(), reason="Light", seen="objected")
    waive_proposal(proposal_id=proposal.pk, by=ManagerFactory(), reason="Light", seen="objected")


@pytest.mark.parametrize("way", ["accept", "waive"])
def test_the_page_and_the_api_say_what_was_seen(client: Client, way: str) -> None:
    proposal = proposal_for_damage(frames=1)
    manager = ManagerFactory()
    client.force_login(manager)
    page = client.get(reverse("console:proposal_list")).content.decode()
    assert page.count('name="seen" value="proposed"') == 3
    assert page.count(f'name="seen_amount" value="{proposal.amount.amount}"') == 3
    accept_proposal(proposal_id=proposal.pk, by=manager)
    user = proposal.inspection.item.trial.user
    object_to_damage(user=user, proposal_id=proposal.pk, words="It came so")

    sent = {"way": way, "reason": "Light", "seen": "proposed"}
    answer = client.post(reverse("console:proposal_decide", args=[proposal.pk]), sent)
    assert answer.status_code == 409
    answer = client.post(
        f"/api/v1/staff/proposals/{proposal.pk}/{way}/",
        {"reason": "Light", "seen": "proposed"},
        content_type="application/json",
        headers={"Idempotency-Key": f"{proposal.pk}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_changed")
    proposal.refresh_from_db()
    assert proposal.state == "objected"


@pytest.mark.parametrize("way", ["accept", "waive", "change"])
def test_what_a_colleague_made_another_amount_is_looked_at_again(client: Client, way: str) -> None:
    proposal = proposal_for_damage(frames=1)
    shown, less = str(proposal.amount.amount), proposal.amount / 2
    change_proposal(proposal_id=proposal.pk, by=ManagerFactory(), amount=less, reason="Light")
    client.force_login(ManagerFactory())

    path = reverse("console:proposal_decide", args=[proposal.pk])
    sent = {"reason": "Worn", "seen": "proposed", "seen_amount": shown, "amount": "1.00"}
    answers = [
        client.post(path, {"way": way, **sent}),
        client.post(
            f"/api/v1/staff/proposals/{proposal.pk}/{way}/",
            sent,
            content_type="application/json",
            headers={"Idempotency-Key": f"{proposal.pk}"},
        ),
    ]
    assert [each.status_code for each in answers] == [409, 409]
    proposal.refresh_from_db()
    assert (proposal.state, proposal.amount) == ("proposed", less)

    form = {"way": way, **sent, "seen_amount": "sNaN"}
    assert client.post(path, form).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.amount) != ("proposed", less)


@pytest.mark.parametrize("way", ["accept", "waive"])
def test_a_program_decides_on_damage_only_once_it_says_what_it_saw(
    client: Client, way: str
) -> None:
    proposal = proposal_for_damage(frames=1)
    client.force_login(ManagerFactory())
    answer = client.post(
        f"/api/v1/staff/proposals/{proposal.pk}/{way}/",
        {"reason": "Light"},
        content_type="application/json",
        headers={"Idempotency-Key": f"{proposal.pk}"},
    )
    assert (answer.status_code, [*answer.json()["errors"]]) == (400, ["seen"])
    proposal.refresh_from_db()
    assert proposal.state == "proposed"


def test_who_waives_damage_is_told_whether_the_customer_reads_why(client: Client) -> None:
    proposal = proposal_for_damage(frames=1)
    manager = ManagerFactory()
    client.force_login(manager)
    list_url = reverse("console:proposal_list")
    untold, told = "She was not told of the damage", "The customer reads this, in a mail"
    page = client.get(list_url).content.decode()
    assert (untold in page, told in page) == (True, False)
    accept_proposal(proposal_id=proposal.pk, by=manager)
    page = client.get(f"{list_url}?state=accepted").content.decode()
    assert (untold in page, told in page) == (False, True)


@pytest.mark.parametrize(
    ("decision", "state", "flagged"),
    [
        ("", "proposed", True),
        (Decision.ACCEPTED, "waived", True),
        (Decision.REFUSED, "proposed", False),
    ],
)
def test_a_frame_told_to_have_arrived_broken_is_flagged_or_not_charged_at_all(
    decision: str, state: str, flagged: bool
) -> None:
    terms(damaged_percent=50)
    trial = delivered_trial()
    item = item_of(trial)
    told = report_broken(
        user=trial.user, number=trial.number, item_id=item.pk, words="A hinge is off"
    )
    if decision:
        decide_broken(
            report_id=told.pk, by=StaffFactory(), decision=Decision(decision), answer="We see"
        )
    checked_in(item, Finding.DAMAGED)

    (proposal,) = ChargeProposal.objects.all()
    assert (proposal.state, proposal.told_broken) == (state, flagged)
    assert broken_laws() == []


@pytest.mark.django_db(transaction=True)
def test_a_charge_and_a_waiver_at_once_leave_one_of_them() -> None:
    proposal, manager = proposal_for_damage(), ManagerFactory()
    accept_proposal(proposal_id=proposal.pk, by=manager)
    later = timezone.now() + LATER

    def waive() -> ChargeProposal:
        return waive_proposal(proposal_id=proposal.pk, by=manager, reason="Because")

    with time_machine.travel(later):
        acts = [lambda: charge_unanswered(proposal_id=proposal.pk), waive] * 2
        outcomes = at_once(acts, expected=IllegalMoveError)

    proposal.refresh_from_db()
    assert proposal.state in ("charged", "waived"), outcomes
    assert TrialCharge.objects.count() == (proposal.state == "charged")
    assert broken_laws() == []


@pytest.mark.parametrize("photographed", [True, False])
def test_the_mail_names_photos_only_where_there_are_any(photographed: bool) -> None:
    proposal = proposal_for_damage(frames=1)
    item = proposal.inspection.item
    if photographed:
        add_evidence(
            trial_id=item.trial_id,
            item_id=item.pk,
            file=SimpleUploadedFile("a.jpg", jpeg(), content_type="image/jpeg"),
            by=StaffFactory(),
            source=EvidenceSource.STATION,
        )
    accept_proposal(proposal_id=proposal.pk, by=ManagerFactory())

    mail = OutboxMessage.objects.get(
        topic="mail.send", payload__subject__icontains="came back damaged"
    )
    for kind in ("text", "html"):
        assert ("photos" in mail.payload[kind]) == photographed
        assert "why you do not owe it" in mail.payload[kind]
