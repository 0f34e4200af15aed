"""The owner is told how it goes: of each vote, deadline and result once, and of none made up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.utils import timezone

from sharing.galleries.models import Gallery
from sharing.galleries.services import close_due, close_gallery
from sharing.votes.owner_news import tell_deadlines, tell_further_votes, tell_results
from sharing.votes.services import tell_owner
from shop.foundation.outbox import carry_out_due
from shop.messages.models import MessageItem
from shop.messages.services.choosing import choose
from shop.messages.services.gathering import send_waiting
from tests.factories.sharing import gallery_with_link, vote_on
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def shared(clock):
    return gallery_with_link(frames=3)


def ends_in(shared, wait):
    Gallery.objects.filter(pk=shared.gallery.pk).update(closes_at=timezone.now() + wait)


def items(topic):
    return list(MessageItem.objects.filter(topic=topic))


def test_votes_after_the_first_are_counted_once_each(shared, clock):
    for _each in range(3):
        vote_on(shared)
        clock.shift(1)
    tell_owner(shared.gallery.pk)
    assert tell_further_votes() == 0  # not settled yet
    clock.shift(timedelta(minutes=2))
    assert tell_further_votes() == 1
    assert tell_further_votes() == 0
    vote_on(shared)
    clock.shift(timedelta(minutes=2))
    assert tell_further_votes() == 1
    assert [item.data["count"] for item in items("votes")] == [2, 1]

    clock.move_to(NOON + timedelta(hours=6))
    send_waiting()
    carry_out_due()
    assert "3 more votes" in mail.outbox[-1].body


def test_a_deadline_is_told_a_day_before_and_again_only_when_it_moves(shared, clock):
    ends_in(shared, timedelta(days=3))
    assert tell_deadlines() == 0
    clock.shift(timedelta(days=2, minutes=1))
    assert [tell_deadlines(), tell_deadlines()] == [1, 0]
    ends_in(shared, timedelta(hours=20))
    assert tell_deadlines() == 1
    carry_out_due()
    assert "until Thursday, 5 March, 08:01" in " ".join(each.body for each in mail.outbox)


def test_those_told_already_keep_no_other_from_being_told(clock):
    """More votings may end within a day than are told of in one go."""
    gone = gallery_with_link()
    ends_in(gone, timedelta(days=2, hours=3))
    choose(user=gone.gallery.owner, deliveries={"deadline": "never", "result": "never"})
    for hours in (4, 5):
        ends_in(gallery_with_link(), timedelta(days=2, hours=hours))
    clock.shift(timedelta(days=1, hours=12))
    assert [tell_deadlines(limit=1) for _time in range(3)] == [1, 1, 0]

    clock.shift(timedelta(days=1))
    assert close_due() == 3
    assert [tell_results(limit=1) for _time in range(3)] == [1, 1, 0]


def test_a_voting_of_a_few_hours_needs_no_reminder(shared):
    ends_in(shared, timedelta(hours=5))
    assert tell_deadlines() == 0


def test_a_result_is_told_once_with_its_winner(shared, clock):
    for favourite in (0, 0, 1):
        vote_on(shared, favourite=shared.items[favourite])
    ends_in(shared, timedelta(minutes=1))
    clock.shift(timedelta(minutes=2))
    close_due()
    assert [tell_results(), tell_results()] == [1, 0]
    carry_out_due()
    winner = str(shared.items[0].variant)
    (sent,) = [each for each in mail.outbox if "over" in each.subject]
    assert winner in sent.body
    (item,) = items("result")
    assert item.caused_by is not None


def test_a_tie_is_called_undecided_and_no_vote_nothing(shared, clock):
    vote_on(shared, favourite=shared.items[0])
    vote_on(shared, favourite=shared.items[1])
    silent = gallery_with_link()
    for each in (shared, silent):
        ends_in(each, timedelta(minutes=1))
    clock.shift(timedelta(minutes=2))
    close_due()
    tell_results()
    carry_out_due()
    told = {each.to[0]: each.body for each in mail.outbox if "over" in each.subject}
    tied, quiet = told[shared.gallery.owner.email], told[silent.gallery.owner.email]
    assert all(str(item.variant) in tied for item in shared.items[:2])
    assert "nobody has picked a frame" in quiet


def test_who_ends_the_voting_herself_is_not_told_that_it_ended(shared):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    assert tell_results() == 0


@pytest.fixture
def years_of_galleries() -> None:
    """Galleries that are over for long and a few that are not, known to the planner."""
    long_ago, owner = timezone.now() - timedelta(days=300), UserFactory()
    over = {"state": "closed", "closed_at": long_ago, "erased_at": long_ago}
    Gallery.objects.bulk_create(
        Gallery(owner=owner, kind="frames", question="Which?", **(over if number > 9 else {}))
        for number in range(3_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sharing_gallery")


@pytest.mark.parametrize(
    ("tell", "index"),
    [
        (tell_further_votes, "gallery_expiring"),
        (tell_deadlines, "gallery_due"),
        (tell_results, "gallery_expiring"),
    ],
)
def test_the_beat_reads_no_gallery_that_is_over_for_long(tell, index, years_of_galleries) -> None:
    asked: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        tell()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {asked[0][0]}", asked[0][1])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert index in plan
    assert "Seq Scan on sharing_gallery" not in plan
