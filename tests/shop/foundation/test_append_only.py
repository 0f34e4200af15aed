"""What is written down stays as it was written: the database itself refuses to change it."""

import uuid

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from sharing.galleries.services import close_gallery
from sharing.ideas.answering import answer_idea
from sharing.ideas.services import add_idea
from sharing.privacy.services.erasing import request_erasure
from sharing.privacy.services.exporting import request_export
from sharing.privacy.services.objecting import answer_objection, object_to_photo
from sharing.referrals.services.claiming import click_referral, join_referral
from sharing.votes.judging import block_voter
from sharing.votes.moderation import decide_report, report_as_owner
from shop.analytics.models import Event
from shop.foundation.history import Transition
from shop.payments.models import LedgerEntry, LedgerTransaction
from tests.factories.circles import circle_of
from tests.factories.sharing import (
    asked_thread,
    gallery_with_link,
    open_panel_of,
    ready_photo,
    vote_on,
)
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import approved_trial, packed_trial
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.returns.boxes_back import proposal_for_damage
from tests.trials.returns.trials_with_charges import owed_charge
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.services.manifests import open_manifest
from trials.home_trials.services.journey import mark_shipped
from trials.returns.services.letting_go import waive_charge
from trials.returns.services.losing import lose_parcel
from trials.shipping.carriers import BUILT_IN
from trials.shipping.services.labels import create_labels
from trials.units.services.counting import start_count
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db
HISTORIES = [model for model in apps.get_models() if issubclass(model, Transition)]
BOOKS: list[type[models.Model]] = [Event, LedgerTransaction, LedgerEntry, *HISTORIES]


@pytest.fixture
def _things_happened() -> None:
    """A row in every book: a trial lent and charged, a gallery voted on, an order paid."""
    mark_paid(placed_order())
    shared = gallery_with_link()
    ask = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    words = vote_on(shared, comment="Those!").vote_id
    report = report_as_owner(**ask, vote_id=words)
    decide_report(report_id=report.pk, by=ManagerFactory(), decision="hidden")
    block_voter(**ask, vote_id=words)
    referral = click_referral(voter_id=vote_on(shared).voter_id)
    join_referral(user=UserFactory(), referral_id=referral.pk)
    photo = ready_photo(shared.items[0].trial_item)
    objection = object_to_photo(
        link=shared.link, photo_id=photo.pk, person_id=uuid.uuid4(), address="198.51.100.7"
    )
    # Nobody's name stands beside a friend's act; the answer to it has one.
    answer_objection(owner=shared.gallery.owner, objection_id=objection.pk, erase=True)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    _people_spoke()
    waive_charge(charge_id=owed_charge().pk, by=ManagerFactory(), reason="Goodwill")
    _boxes_went_and_came()


def _boxes_went_and_came() -> None:
    """A batch, a manifest, a count, a line, damage, and a parcel that was lost."""
    ops = StaffFactory()
    join_waitlist(user=UserFactory(), variant_id=VariantFactory().pk)
    start_count(location="A1", by=ops)
    approved_trial()
    make_batch(count=1, by=ops)
    open_manifest(carrier=BUILT_IN, by=ops)
    proposal_for_damage()
    packed = packed_trial()
    outbound, _back = create_labels(trial_id=packed.pk, by=ops)
    mark_shipped(trial_id=packed.pk, by=ops)
    lose_parcel(tracking_number=outbound.tracking_number, by=ManagerFactory(), early=True)


def _people_spoke() -> None:
    """In a circle, to the stylist, as testers, of an idea, and of what the shop holds of them."""
    someone, ops = UserFactory(), StaffFactory()
    circle_of(someone, UserFactory())
    asked_thread()
    open_panel_of(someone)
    idea = add_idea(user=someone, title="Clips for the sun")
    answer_idea(idea_id=idea.pk, by=ops, state="planned", seen="proposed", text="In spring.")
    request_export(user=someone, by=someone)
    request_erasure(user=someone, scopes=["photos"], by=someone)


def _refused(statement: str) -> bool:
    """Tell whether the database refuses to change a row, with our words."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except IntegrityError as error:
        return "append-only" in str(error)
    return False


def _changes(book: type[models.Model]) -> list[str]:
    table = book._meta.db_table
    columns = [each.column for each in book._meta.concrete_fields if not each.primary_key]
    return [f"DELETE FROM {table}", *(f"UPDATE {table} SET {each} = {each}" for each in columns)]


@pytest.mark.usefixtures("_things_happened")
def test_no_row_of_any_book_is_deleted_or_changed() -> None:
    assert [book for book in BOOKS if not book._default_manager.exists()] == []

    assert [act for book in BOOKS for act in _changes(book) if not _refused(act)] == []


@pytest.mark.usefixtures("_things_happened")
def test_the_person_of_a_move_can_be_erased_and_nothing_else_with_her() -> None:
    for book in HISTORIES:
        table = book._meta.db_table
        assert _refused(f"UPDATE {table} SET actor_id = NULL, reason = 'another'"), table
        book._default_manager.update(actor=None)
        assert not book._default_manager.exclude(actor=None).exists(), table


def _book_ten_for_nothing() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        booked = LedgerTransaction.objects.create(kind="payment", reference="x")
        LedgerEntry.objects.create(transaction=booked, account="stripe", amount=10)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_ledger_transaction_that_does_not_balance_is_not_committed() -> None:
    with pytest.raises(IntegrityError, match="does not sum to zero"):
        _book_ten_for_nothing()
