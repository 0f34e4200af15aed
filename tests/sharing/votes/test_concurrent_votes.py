"""Friends who vote in the same second, and an owner who ends the voting then."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction

from sharing.galleries.models import Gallery
from sharing.galleries.services import close_gallery
from sharing.votes import ballot
from sharing.votes.errors import VotingClosedError
from sharing.votes.models import Reaction, Vote, Voter
from sharing.votes.queries import standing
from shop.analytics.models import Event
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.sharing import gallery_with_link, new_browser, vote_on

pytestmark = pytest.mark.django_db(transaction=True)

VOTERS = 50
ROUNDS = 3


def at_once(acts):
    """Run every act in a thread of its own, all begun together; return results and errors."""
    gate = Barrier(len(acts))

    def run(act):
        try:
            gate.wait(timeout=30)
            return act()
        except VotingClosedError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def assert_all_invariants_hold():
    assert [
        each.name for each in all_invariants() if each.number in (6, 7) and breaches(each)
    ] == []


def test_fifty_friends_at_once_lose_no_vote():
    shared = gallery_with_link(frames=3)
    at_once(
        [
            lambda number=number: vote_on(
                shared,
                favourite=shared.items[number % 3],
                reactions={item.pk: "like" for item in shared.items},
                address=f"203.0.113.{number}",
            )
            for number in range(VOTERS)
        ]
    )
    counted = standing(shared.gallery)
    assert counted.total == Vote.objects.count() == Voter.objects.count() == VOTERS
    assert sum(row.favourites for row in counted.rows) == VOTERS
    assert Reaction.objects.count() == 3 * VOTERS == sum(row.like for row in counted.rows)
    assert Event.objects.filter(name="vote_cast").count() == VOTERS
    assert_all_invariants_hold()


def test_one_browser_sending_ten_times_at_once_is_one_vote():
    shared = gallery_with_link()
    for browsers in range(1, ROUNDS + 1):
        browser = new_browser()
        acts = [lambda browser=browser: vote_on(shared, browser=browser) for _each in range(10)]
        casts = at_once(acts)
        assert sum(cast.first for cast in casts) == 1
        assert Vote.objects.count() == Voter.objects.count() == browsers
        assert Event.objects.filter(name="vote_cast").count() == browsers
    assert_all_invariants_hold()


def test_a_voter_has_one_unique_key_for_an_upsert_can_name_but_one():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text FROM pg_index"
            " WHERE indrelid = 'sharing_voter'::regclass AND indisunique"
        )
        assert cursor.fetchall() == [("sharing_voter_pkey",)], "a second one clashes under load"


def test_no_vote_is_taken_after_the_gallery_has_closed():
    shared = gallery_with_link()
    owner = shared.gallery.owner

    def close():
        return close_gallery(owner=owner, gallery_id=shared.gallery.pk)

    votes = [lambda: vote_on(shared) for _each in range(30)]
    results = at_once([*votes[:15], close, *votes[15:]])
    refused = [result for result in results if isinstance(result, VotingClosedError)]
    assert Vote.objects.count() == 30 - len(refused)
    closed_at = Gallery.objects.get().closed_at
    assert all(vote.cast_at <= closed_at for vote in Vote.objects.all())
    assert_all_invariants_hold()


def vote_that_meets_a_closing(shared, monkeypatch):
    """Close the gallery after a vote has looked at it and before it is written."""
    looked, closing = ballot.lock_poll, []

    def look_then_close(**where):
        poll = looked(**where)
        with ThreadPoolExecutor(1) as pool:
            closing.append(pool.submit(closed_within_half_a_second, shared).result())
        return poll

    monkeypatch.setattr("sharing.votes.services.lock_poll", look_then_close)
    vote_on(shared)
    return closing[0]


def closed_within_half_a_second(shared):
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
            close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
        return True
    except OperationalError:
        return False
    finally:
        connection.close()


def test_a_closing_waits_for_the_vote_that_is_being_written(monkeypatch):
    shared = gallery_with_link()
    assert not vote_that_meets_a_closing(shared, monkeypatch)
    assert_all_invariants_hold()


def test_without_the_lock_the_closing_would_overtake_the_vote(monkeypatch):
    shared = gallery_with_link()
    unlocked = ballot.LOCK.replace("FOR SHARE OF gallery, link", "")
    monkeypatch.setattr(ballot, "LOCK", unlocked)
    assert vote_that_meets_a_closing(shared, monkeypatch)
