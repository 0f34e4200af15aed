"""A customer is erased: nothing that names her is left anywhere but where the law says so."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.preview_files import preview_name
from sharing.photos.models import Photo
from sharing.privacy.errors import AccountBusyError, NothingChosenError
from sharing.privacy.models import Erasure
from sharing.privacy.services import erasing
from sharing.privacy.services.erasing import carry_out_erasure, erase_again, request_erasure
from sharing.privacy.services.exporting import build_export, request_export
from sharing.votes.models import Vote
from sharing.votes.queries import standing
from shop.analytics.models import Event
from shop.customers.models import Address, User
from shop.foundation import privacy
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.payments.models import LedgerEntry
from tests.factories.shop import PASSWORD, ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import delivered_trial, requested_trial
from tests.sharing.privacy.anna import EMAIL, INVOICE_STREET, WORDS, Anna, anna
from tests.sharing.privacy.searching import files_under, files_with, rows_with
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.returns.trials_with_charges import owed_charge
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial, cancel_unpaid
from trials.units.models import UnitMovement

pytestmark = pytest.mark.django_db


@pytest.fixture
def her() -> Anna:
    return anna()


def erase(user: User, *scopes: str) -> Erasure:
    erasure = request_erasure(user=user, scopes=scopes, by=user)
    carry_out_due()
    carry_out_due()
    erasure.refresh_from_db()
    assert erasure.state == "done"
    return erasure


def found() -> dict[str, set[str]]:
    return {what: where for what, word in WORDS.items() if (where := rows_with(word))}


def test_each_word_of_hers_is_somewhere_before(her, private_files):
    assert set(found()) == set(WORDS)
    assert "shop_address" in rows_with(INVOICE_STREET)


def test_after_her_account_is_deleted_no_row_and_no_file_holds_a_word_of_hers(her, private_files):
    export = request_export(user=her.user, by=her.user)
    build_export(export.pk)
    photos = files_under(private_files / "photos")
    assert len(photos) > 5
    assert files_with(WORDS["her comment"], private_files)
    entries = list(LedgerEntry.objects.order_by("pk").values())

    erase(her.user, "account")

    assert found() == {}
    assert set(files_under(private_files)) <= {preview_name(her.other.link.pk)}
    assert rows_with(INVOICE_STREET) == {"shop_address"}
    assert entries
    assert list(LedgerEntry.objects.order_by("pk").values()) == entries
    assert [(each.name, breaches(each)) for each in all_invariants() if breaches(each)] == []


def test_what_staff_and_the_shop_wrote_of_her_trials_stays(her):
    called_off = cancel_trial(
        trial_id=requested_trial(user=her.user).pk, by=StaffFactory(), reason="The printer broke"
    )
    unpaid = requested_trial(user=her.user)
    Trial.objects.filter(pk=unpaid.pk).update(pay_by=timezone.now() - timedelta(minutes=1))
    assert cancel_unpaid(trial_id=unpaid.pk, reason="Not paid in time")
    erase(her.user, "account")

    for trial, words in ((called_off, "The printer broke"), (unpaid, "Not paid in time")):
        assert trial.transitions.get(to_state="cancelled").reason == words
        moves = UnitMovement.objects.filter(trial_id=trial.pk, to_state="available")
        assert {move.reason for move in moves} == {words}


@pytest.mark.parametrize("way", ["another word", "what staff said", "and the state"])
def test_the_database_lets_nothing_of_a_history_be_changed_but_emptied_of_her_words(way):
    trial = requested_trial()
    by = StaffFactory() if way == "what staff said" else trial.user
    cancel_trial(trial_id=trial.pk, by=by, reason="I changed my mind")
    for history in (
        trial.transitions.filter(to_state="cancelled"),
        UnitMovement.objects.filter(trial_id=trial.pk, to_state="available"),
    ):
        change = {"reason": "another" if way == "another word" else ""}
        if way == "and the state":
            change["to_state"] = "approved"
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            history.update(**change)


def test_the_last_mail_says_so_and_is_forgotten(her, mailoutbox):
    carry_out_due()
    carry_out_due()
    mailoutbox.clear()
    erase(her.user, "account")

    assert [mail.subject for mail in mailoutbox if mail.to == [EMAIL]] == [
        "Your account is deleted"
    ]
    assert rows_with(EMAIL) == set()


def test_nobody_gets_in_any_more_from_the_first_moment(her):
    assert her.browser.get(reverse("customers:account")).status_code == 200
    request_erasure(user=her.user, scopes=["account"], by=her.user)

    assert her.browser.get(reverse("customers:account")).status_code == 302
    entered = {"login": EMAIL, "password": PASSWORD}
    Client().post(reverse("account_login"), entered)
    assert Client().get(reverse("customers:account")).status_code == 302
    carry_out_due()
    assert Session.objects.count() == 0


def test_her_friends_links_are_dead_and_her_vote_is_counted_no_more(her, friend):
    assert standing(her.other.gallery).total == 1
    erase(her.user, "account")

    page = reverse("sharing:friend_gallery", args=[her.shared.token])
    assert friend.get(page).status_code == 404
    assert standing(her.other.gallery).total == 0
    # What friends said of her frames stays as numbers.
    assert standing(her.shared.gallery).total == 1


def test_photos_alone_go_and_all_else_stays(her, private_files):
    before = set(found())
    erase(her.user, "photos")

    assert set(Photo.objects.filter(user=her.user).values_list("state", flat=True)) == {"erased"}
    assert files_under(private_files / "photos") == {}
    # With the photo goes what was said against it.
    assert before - set(found()) <= {"objection"}


def test_comments_alone_go_and_the_vote_still_counts(her):
    erase(her.user, "comments")

    assert before_and_gone() == {"her comment", "her vote's name", "note"}
    assert standing(her.other.gallery).total == 1


def before_and_gone() -> set[str]:
    return set(WORDS) - set(found())


def test_votes_go_with_what_was_written_beside_them(her):
    erase(her.user, "votes")

    assert before_and_gone() == {"her comment", "her vote's name"}
    assert standing(her.other.gallery).total == 0
    assert Vote.objects.filter(gallery=her.other.gallery, excluded_because="erased").count() == 1


def test_the_event_of_it_names_nobody(her):
    erasure = erase(her.user, "account")

    event = Event.objects.get(name="person_erased")
    assert (event.subject_id, event.person_type) == (str(her.user.pk), "customer")
    assert event.details["scopes"] == ["account"]
    assert [move.to_state for move in erasure.transitions.all()] == ["requested", "done"]


def test_a_worker_killed_anywhere_leaves_nothing_behind_once_another_has_gone_on(
    her, monkeypatch, private_files
):
    """Every eraser in turn is the one in whose middle the worker dies."""
    erasure = request_erasure(user=her.user, scopes=["account"], by=her.user)
    real, steps = privacy.personal_data, []

    class KilledError(BaseException):
        """What no handler catches."""

    def dying_after(count: int):
        def erase_by(scopes, user):
            done = 0
            for scope in privacy.Scope:
                for room in real():
                    if scope in room.erase:
                        room.erase[scope](user)
                        done += 1
                        if done == count:
                            steps.append(room.name)
                            raise KilledError
            return {}

        return erase_by

    for count in (1, 3, 5, 8):
        monkeypatch.setattr(erasing, "erase_by", dying_after(count))
        with pytest.raises(KilledError):
            carry_out_erasure(erasure.pk)
    monkeypatch.undo()
    assert len(set(steps)) == 4
    carry_out_due()
    carry_out_due()

    assert found() == {}
    assert set(files_under(private_files)) <= {preview_name(her.other.link.pk)}


def test_asking_twice_erases_once_and_carrying_out_twice_records_once(her):
    first = request_erasure(user=her.user, scopes=["photos"], by=her.user)
    again = request_erasure(user=her.user, scopes=["photos"], by=her.user)
    assert first == again
    carry_out_due()
    carry_out_erasure(first.pk)

    assert Event.objects.filter(name="person_erased").count() == 1
    assert OutboxMessage.objects.filter(topic="privacy.erase").count() == 1


def test_nothing_chosen_erases_nothing():
    user = UserFactory()
    for scopes in ([], ["everything"]):
        with pytest.raises(NothingChosenError):
            request_erasure(user=user, scopes=scopes, by=user)
    assert not Erasure.objects.exists()


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda user: requested_trial(user=user), "trial"),
        (lambda user: delivered_trial(user=user), "trial"),
        (lambda user: owed_charge(user=user), "owe"),
        (lambda user: placed_order(user=user), "order"),
        (lambda user: mark_paid(placed_order(user=user)), "order"),
    ],
    ids=["requested", "at home", "owed", "unpaid", "unsent"],
)
def test_no_account_is_deleted_to_escape_a_charge(make, says):
    user = UserFactory()
    make(user)
    with pytest.raises(AccountBusyError) as refused:
        request_erasure(user=user, scopes=["account"], by=user)

    assert says in str(refused.value)
    user.refresh_from_db()
    assert user.is_active
    assert not Erasure.objects.exists()


def test_who_works_here_is_ended_by_a_manager_first():
    staff = StaffFactory()
    with pytest.raises(AccountBusyError, match="console"):
        request_erasure(user=staff, scopes=["account"], by=staff)


def test_an_invoices_address_goes_when_the_books_may(her, settings):
    erasure = erase(her.user, "account")
    assert erasure.again_at.year == timezone.now().year + 1
    assert erase_again() == 0

    # Ten years on, as far as the books are concerned.
    settings.INVOICE_YEARS = -1
    Erasure.objects.update(again_at=timezone.now())
    assert erase_again() == 1

    assert rows_with(INVOICE_STREET) == set()
    erasure.refresh_from_db()
    assert erasure.again_at is None
    assert Address.objects.filter(user=her.user).count() >= 2


def test_staff_erase_by_letter_and_the_event_says_who(her):
    manager = ManagerFactory()
    request_erasure(user=her.user, scopes=["account"], by=manager)
    carry_out_due()

    event = Event.objects.get(name="person_erased")
    assert (event.person_type, event.person_id) == ("staff", str(manager.pk))
