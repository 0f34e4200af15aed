"""What is written down stays as it was written: the database itself refuses to change it."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from sharing.galleries.services import close_gallery
from sharing.referrals.services.claiming import click_referral, join_referral
from sharing.votes.judging import block_voter
from sharing.votes.moderation import report_as_owner
from shop.analytics.models import Event
from shop.foundation.history import Transition
from shop.payments.models import LedgerEntry, LedgerTransaction
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import ManagerFactory, UserFactory
from tests.shop.orders.buying import mark_paid, placed_order
from tests.trials.returns.trials_with_charges import owed_charge
from trials.returns.services.letting_go import waive_charge

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
    report_as_owner(**ask, vote_id=words)
    block_voter(**ask, vote_id=words)
    referral = click_referral(voter_id=vote_on(shared).voter_id)
    join_referral(user=UserFactory(), referral_id=referral.pk)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    waive_charge(charge_id=owed_charge().pk, by=ManagerFactory(), reason="Goodwill")


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
