"""What a customer tells of her frames, and what comes of it."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from shop.payments.gateway import Intent
from shop.payments.models import Payment
from shop.payments.services.charges import settle_payment
from tests.at_once import at_once
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import (
    ProgrammeVersionFactory,
    delivered_trial,
    packed_trial,
    requested_trial,
)
from tests.sharing.photos.pictures import jpeg
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, terms
from trials.at_home.errors import CannotExtendError
from trials.at_home.services.extending import extend_trial, extend_trial_by_staff
from trials.evidence.models import EvidencePhoto
from trials.home_trials.errors import TrialMissingError
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial
from trials.programme.models import Mode
from trials.reports.errors import (
    BeingChargedError,
    KeepingRefusedError,
    NotAtHomeError,
    ReportDecidedError,
    ReportMissingError,
    ReportWordsError,
)
from trials.reports.models import CustomerReport, Decision
from trials.reports.services import (
    decide_broken,
    keep_frame,
    report_broken,
    tell_sent_back,
    undo_keeping,
)
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import trials_to_charge, trials_with_kept
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.keeping import charge_kept

pytestmark = pytest.mark.django_db


def _keeper(frames: int = 2) -> Trial:
    terms(mode=Mode.KEEP_AND_PAY)
    return delivered_trial(frames=frames)


def _keep(trial: Trial, place: int = 0) -> CustomerReport:
    item = item_of(trial, place)
    return keep_frame(user=trial.user, number=trial.number, item_id=item.pk)


def _pay(charge: TrialCharge) -> None:
    payment = Payment.objects.get(purpose="kept_frame", reference=str(charge.pk))
    amount = int(payment.amount.amount * 100)
    settle_payment(
        payment_id=payment.pk, intent=Intent("pi_k", "succeeded", "", amount_received=amount)
    )


def test_a_kept_frame_is_charged_when_the_days_at_home_are_over_and_is_hers_then() -> None:
    trial = _keeper(frames=1)
    _keep(trial)
    _keep(trial)
    assert CustomerReport.objects.count() == 1
    assert charge_kept(trial_id=trial.pk) == []
    assert trials_with_kept(timezone.now()) == []

    trial.refresh_from_db()
    assert trial.due_at is not None
    with time_machine.travel(trial.due_at + timedelta(hours=1)):
        assert trials_with_kept(timezone.now()) == [trial.pk]
        (charge,) = charge_kept(trial_id=trial.pk)
        assert charge_kept(trial_id=trial.pk) == []
        assert trials_with_kept(timezone.now()) == []
        _pay(charge)
    item = item_of(trial)
    assert (charge.purpose, charge.amount) == ("kept", item.price)
    assert (item.outcome, item.unit.state) == ("kept", "retired")
    trial.refresh_from_db()
    assert trial.state == "closed"
    assert broken_laws() == []


def test_a_kept_frame_is_charged_once_the_box_with_the_others_is_checked_in() -> None:
    trial = _keeper()
    _keep(trial)
    checked_in(item_of(trial, 1))
    finish_check_in(trial_id=trial.pk, by=StaffFactory())

    (charge,) = TrialCharge.objects.all()
    assert charge.item == item_of(trial)
    _pay(charge)
    trial.refresh_from_db()
    assert trial.state == "closed"


def test_a_frame_kept_and_charged_is_not_charged_again_as_missing() -> None:
    trial = _keeper(frames=1)
    _keep(trial)
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        charge_kept(trial_id=trial.pk)
        Trial.objects.update(reminded_at=timezone.now() - timedelta(days=20))
        assert trials_to_charge(timezone.now()) == []
    assert TrialCharge.objects.count() == 1


def test_keeping_is_undone_until_the_frame_is_charged() -> None:
    trial = _keeper(frames=1)
    item = item_of(trial)
    _keep(trial)
    undo_keeping(user=trial.user, number=trial.number, item_id=item.pk)
    undo_keeping(user=trial.user, number=trial.number, item_id=item.pk)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert charge_kept(trial_id=trial.pk) == []
        _keep(trial)
        charge_kept(trial_id=trial.pk)
        with pytest.raises(BeingChargedError):
            undo_keeping(user=trial.user, number=trial.number, item_id=item.pk)
    assert TrialCharge.objects.count() == 1


def test_a_kept_frame_that_comes_back_all_the_same_is_checked_in_and_not_charged() -> None:
    trial = _keeper(frames=1)
    _keep(trial)
    checked_in(item_of(trial))
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        assert charge_kept(trial_id=trial.pk) == []
    assert not TrialCharge.objects.exists()


def test_where_every_frame_comes_back_none_is_kept() -> None:
    trial = delivered_trial()
    with pytest.raises(KeepingRefusedError):
        _keep(trial)
    assert not CustomerReport.objects.exists()


def test_only_her_own_frames_that_are_with_her_can_be_told_of() -> None:
    trial = _keeper()
    other = delivered_trial()
    with pytest.raises(TrialMissingError):
        keep_frame(user=UserFactory(), number=trial.number, item_id=item_of(trial).pk)
    with pytest.raises(ReportMissingError):
        keep_frame(user=trial.user, number=trial.number, item_id=item_of(other).pk)
    checked_in(item_of(trial))
    with pytest.raises(NotAtHomeError):
        _keep(trial)
    packed = packed_trial()
    with pytest.raises(NotAtHomeError):
        _keep(packed)
    with pytest.raises(NotAtHomeError):
        tell_sent_back(user=packed.user, number=packed.number)


def test_a_frame_of_a_trial_that_was_called_off_is_not_kept() -> None:
    terms(mode=Mode.KEEP_AND_PAY)
    trial = requested_trial()
    cancel_trial(trial_id=trial.pk, by=trial.user)

    with pytest.raises(NotAtHomeError, match="not with you any more"):
        _keep(trial)
    assert not CustomerReport.objects.exists()


def test_a_frame_that_arrived_broken_is_told_in_words_and_photos() -> None:
    trial = delivered_trial()
    item = item_of(trial)
    with pytest.raises(ReportWordsError):
        report_broken(user=trial.user, number=trial.number, item_id=item.pk, words=" ")
    photos = [SimpleUploadedFile("a.jpg", jpeg()), SimpleUploadedFile("b.jpg", jpeg())]
    told = report_broken(
        user=trial.user, number=trial.number, item_id=item.pk, words="A hinge is off", photos=photos
    )

    assert told.words == "A hinge is off"
    taken = EvidencePhoto.objects.filter(item=item, source="customer")
    assert taken.count() == len(photos)


def test_a_frame_is_told_to_be_broken_in_words_and_by_no_more_than_six_photos(
    client: Client,
) -> None:
    trial = delivered_trial()
    client.force_login(trial.user)
    url = f"/trials/{trial.number}/items/{item_of(trial).pk}/broken/"
    seven = [SimpleUploadedFile(f"{place}.jpg", jpeg()) for place in range(7)]

    assert client.post(url, {"words": " "}).status_code == 422
    answer = client.post(url, {"words": "A hinge is off", "photos": seven})
    assert (answer.status_code, "up to 6 photos" in answer.content.decode()) == (422, True)
    assert not CustomerReport.objects.exists()


def test_the_shop_answers_once_and_the_customer_is_written_to() -> None:
    trial = delivered_trial()
    told = report_broken(
        user=trial.user, number=trial.number, item_id=item_of(trial).pk, words="A hinge is off"
    )
    answer = {"report_id": told.pk, "by": StaffFactory(), "answer": "We are sorry"}
    with pytest.raises(ReportWordsError):
        decide_broken(**{**answer, "answer": "  "}, decision=Decision.ACCEPTED)
    decide_broken(**answer, decision=Decision.ACCEPTED)
    decide_broken(**answer, decision=Decision.ACCEPTED)
    with pytest.raises(ReportDecidedError):
        decide_broken(**answer, decision=Decision.REFUSED)
    with pytest.raises(ReportMissingError):
        decide_broken(**{**answer, "report_id": uuid.uuid4()}, decision=Decision.REFUSED)
    mails = OutboxMessage.objects.filter(payload__text__icontains="We are sorry")
    assert mails.count() == 1


def test_her_word_that_it_was_sent_does_not_put_the_charge_off() -> None:
    trial = delivered_trial()
    before = trial.charge_at
    tell_sent_back(user=trial.user, number=trial.number)
    tell_sent_back(user=trial.user, number=trial.number)

    trial.refresh_from_db()
    assert (trial.state, trial.charge_at) == ("delivered", before)
    assert CustomerReport.objects.count() == 1


def test_once_she_has_sent_it_her_days_are_extended_by_staff_alone(client: Client) -> None:
    ProgrammeVersionFactory(number=2, extension_days=3)
    trial = delivered_trial()
    client.force_login(trial.user)
    offer = f"/api/v1/trials/{trial.number}/extension/"
    assert client.get(offer).json()["days"] == 3
    tell_sent_back(user=trial.user, number=trial.number)

    page = client.get(f"/trials/{trial.number}/").content.decode()
    assert "Add 3 days" not in page
    assert "Your box is on its way back" in page
    assert client.get(offer).json() == {
        "days": 0,
        "ground": "",
        "waited_for": False,
        "sent_back": True,
        "missed": False,
    }
    sent = client.post(offer, headers={"Idempotency-Key": "more"}, content_type="application/json")
    assert (sent.status_code, sent.json()["code"]) == (409, "cannot_extend")
    with pytest.raises(CannotExtendError, match="told us that you have sent"):
        extend_trial(trial_id=trial.pk, by=trial.user)
    assert extend_trial_by_staff(trial_id=trial.pk, days=1, by=StaffFactory())


def test_a_box_that_has_not_left_is_not_with_her_yet() -> None:
    terms(mode=Mode.KEEP_AND_PAY)
    with pytest.raises(NotAtHomeError, match="is not with you yet"):
        _keep(packed_trial())


def test_the_page_of_a_trial_shows_the_acts_and_takes_them(client: Client) -> None:
    trial = _keeper()
    item = item_of(trial)
    client.force_login(trial.user)
    page, base = f"/trials/{trial.number}/", f"/trials/{trial.number}/items/{item.pk}"
    assert "I keep it" in client.get(page).content.decode()
    assert "You keep it" in client.post(f"{base}/keep/", follow=True).content.decode()
    client.post(f"{base}/keep/", {"undo": "1"})
    assert "You keep it" not in client.get(page).content.decode()
    photo = SimpleUploadedFile("a.jpg", jpeg())
    client.post(f"{base}/broken/", {"words": "A hinge <b>", "photos": photo})
    assert "A hinge &lt;b&gt;" in client.get(page).content.decode()
    answer = client.post(f"/trials/{trial.number}/sent-back/", follow=True)
    assert "You told us on" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_undoing_and_charging_at_once_leave_one_of_them() -> None:
    trial = _keeper(frames=1)
    item = item_of(trial)
    _keep(trial)
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        at_once(
            [
                lambda: charge_kept(trial_id=trial.pk),
                lambda: undo_keeping(user=trial.user, number=trial.number, item_id=item.pk),
            ]
            * 2,
            expected=BeingChargedError,
        )
    told = CustomerReport.objects.get()
    assert TrialCharge.objects.count() == (told.charged_at is not None)
    assert (told.withdrawn_at is None) == (told.charged_at is not None)
