"""Whatever friends, owners and the clock do, in whatever order: votes and rewards stay right."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.opening import kept_since
from sharing.galleries.services import ending, links
from sharing.galleries.services.galleries import change_settings, create_frames_gallery
from sharing.galleries.states import BACK
from sharing.galleries.states import MOVES as GALLERY_MOVES
from sharing.referrals.models import Referral
from sharing.referrals.services.claiming import click_referral, join_referral
from sharing.referrals.services.rewarding import settle_due
from sharing.referrals.states import MOVES as REFERRAL_MOVES
from sharing.votes.models import Vote
from sharing.votes.queries import standing
from sharing.votes.services import cast_vote
from shop.customers.models import User
from shop.customers.roles import ensure_roles
from shop.foundation.errors import LorgnetteError
from shop.foundation.history import can_move
from shop.foundation.invariants import all_invariants, breaches
from shop.orders.models import Order
from shop.orders.services.refunding import given_back, refund_order
from shop.payments.gateway import RefundResult
from shop.payments.models import LedgerEntry, Refund
from shop.payments.services.refunds import settle_refund
from tests.factories.sharing import new_browser
from tests.factories.shop import ManagerFactory, UserFactory, VariantFactory
from tests.sharing.referrals.friends import campaign, euros, ordered
from tests.shop.orders.buying import payment_of

OWNERS, FRIENDS, FRAMES = 2, 4, 3
ACTS: dict[str, Callable[[Gallery], Any]] = {
    "close": lambda gallery: ending.close_gallery(owner=gallery.owner, gallery_id=gallery.pk),
    "reopen": lambda gallery: ending.reopen_gallery(owner=gallery.owner, gallery_id=gallery.pk),
    "archive": lambda gallery: ending.archive_gallery(owner=gallery.owner, gallery_id=gallery.pk),
    "back": lambda gallery: ending.bring_back_gallery(owner=gallery.owner, gallery_id=gallery.pk),
}
LINK_ACTS: dict[str, Callable[["FriendsAndVotes", int], None]] = {
    "revoke the oldest link": lambda friends, which: friends.revoke(2 * which),
    "make a link": lambda friends, which: friends.new_link(which, None),
    "make a link for one": lambda friends, which: friends.new_link(which, 1),
    "set a deadline": lambda friends, which: friends.set_deadline(which, 30),
}
# What the two laws of this floor and the ledger say: design.md, "Always true", 2, 6, 7 and 9.
LAWS = (2, 6, 7, 9)


@pytest.fixture
def _locks_are_taken_in_the_order_of_the_law() -> None:
    """Not here: many acts share one transaction, which is undone before the next example."""


@dataclass
class Poll:
    """What a gallery must hold, by what was done to it: the model.

    Attributes:
        state: open, closed or archived.
        closes_at: when it ends by itself.
        closed_at: when it ended, while it is over.
        picks: the favourite of each browser that has voted.
        let_in: of each link for one person, the browser it let in.
    """

    state: str = "open"
    closes_at: Any = None
    closed_at: Any = None
    picks: dict[str, int] = field(default_factory=dict)
    let_in: dict[Any, str] = field(default_factory=dict)

    def takes_votes(self) -> bool:
        return self.state == "open" and (self.closes_at is None or self.closes_at > timezone.now())

    def is_kept(self) -> bool:
        over = self.closed_at and self.closed_at <= kept_since(timezone.now())
        return self.state != "archived" and not over


class FriendsAndVotes(RuleBasedStateMachine):
    """Two owners, a few friends with a browser and an account each, every act at every moment."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.traveller = self.clock.start()
        ensure_roles()
        campaign(budget=euros(35).amount)
        self.manager = ManagerFactory()
        self.owners = UserFactory.create_batch(OWNERS)
        self.friends: list[User] = UserFactory.create_batch(FRIENDS)
        self.browsers = [new_browser() for _friend in self.friends]
        self.links: list[ShareLink] = []
        self.polls: dict[Any, Poll] = {}
        self.claims: list[Referral] = []
        self.advocates: dict[int, int] = {}
        self.orders: list[Order] = []
        for owner in self.owners:
            variants = VariantFactory.create_batch(FRAMES)
            gallery = create_frames_gallery(owner=owner, variant_ids=[each.pk for each in variants])
            self.polls[gallery.pk] = Poll()
            self._link(gallery, admits=None)
            self._link(gallery, admits=1)

    def teardown(self) -> None:
        self.clock.stop()
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def _link(self, gallery: Gallery, *, admits: int | None) -> None:
        self.links.append(
            links.create_link(owner=gallery.owner, gallery_id=gallery.pk, admits=admits)
        )

    def _opens(self, link: ShareLink, browser: str) -> bool:
        poll = self.polls[link.gallery_id]
        return (
            link.revoked_at is None
            and link.expires_at > timezone.now()
            and poll.is_kept()
            and (link.admits is None or poll.let_in.get(link.pk, browser) == browser)
        )

    def vote(self, which: int, who: int, frame: int) -> None:
        link, browser = self.links[which % len(self.links)], self.browsers[who]
        link.refresh_from_db()
        poll = self.polls[link.gallery_id]
        own = list(link.gallery.items.values_list("pk", flat=True))
        # Now and then one of the other gallery's, which is refused.
        item = own[frame] if frame < FRAMES else 0
        legal = self._opens(link, browser) and poll.takes_votes() and item in own
        try:
            cast_vote(link=link, voter_token=browser, reactions={}, favourite=item)
        except LorgnetteError:
            assert not legal
            return
        assert legal
        poll.picks[browser] = item
        if link.admits:
            poll.let_in[link.pk] = browser

    def vote_on_her_own(self, which: int) -> None:
        link = self.links[which % len(self.links)]
        item = link.gallery.items.first()
        assert item is not None
        with pytest.raises(LorgnetteError):
            cast_vote(
                link=ShareLink.objects.get(pk=link.pk),
                voter_token=new_browser(),
                reactions={},
                favourite=item.pk,
                user=link.gallery.owner,
            )

    def act(self, which: int, act: str) -> None:
        gallery_id, poll = list(self.polls.items())[which]
        before = poll.state
        try:
            ACTS[act](Gallery.objects.get(pk=gallery_id))
        except LorgnetteError:
            assert Gallery.objects.get(pk=gallery_id).state == before
            return
        after = {"close": "closed", "reopen": "open", "archive": "archived", "back": "closed"}
        poll.state = after[act]
        if act == "close" and before == "open":
            poll.closed_at = timezone.now()
        elif act == "reopen":
            poll.closed_at = None
        if act == "reopen" and poll.closes_at and poll.closes_at <= timezone.now():
            poll.closes_at = None

    def set_deadline(self, which: int, hours: int) -> None:
        gallery_id, poll = list(self.polls.items())[which]
        closes_at = timezone.now() + timedelta(hours=hours)
        try:
            change_settings(owner=self.owners[which], gallery_id=gallery_id, closes_at=closes_at)
        except LorgnetteError:
            assert not poll.takes_votes()
            return
        assert poll.takes_votes()
        poll.closes_at = closes_at

    def revoke(self, which: int) -> None:
        link = self.links[which % len(self.links)]
        links.revoke_link(owner=link.gallery.owner, gallery_id=link.gallery_id, link_id=link.pk)

    def new_link(self, which: int, admits: int | None) -> None:
        gallery = Gallery.objects.get(pk=list(self.polls)[which])
        try:
            self._link(gallery, admits=admits)
        except LorgnetteError:
            assert not self.polls[gallery.pk].is_kept() or len(self.links) >= 20

    def claim(self, who: int) -> None:
        votes = list(Vote.objects.order_by("cast_at", "pk"))
        if votes:
            self.claims.append(click_referral(voter_id=votes[who % len(votes)].voter_id))

    def join(self, which: int, who: int) -> None:
        if not self.claims:
            return
        claim, user = self.claims[which % len(self.claims)], [*self.friends, *self.owners][who]
        before = Referral.objects.get(pk=claim.pk)
        joined = join_referral(user=user, referral_id=claim.pk)
        if user.pk in self.advocates:
            assert joined is None or joined.friend_id == user.pk
            assert Referral.objects.filter(friend=user).count() == 1
        elif before.friend_id is not None or before.advocate_id == user.pk:
            assert joined is None
        else:
            assert joined is not None
            self.advocates[user.pk] = before.advocate_id

    def order(self, who: int, price: int) -> None:
        self.orders.append(ordered(self.friends[who], price=price))

    def refund(self, which: int, part: int) -> None:
        if not self.orders:
            return
        order = Order.objects.get(pk=self.orders[which % len(self.orders)].pk)
        try:
            refund_order(
                order_id=order.pk,
                amount=order.total / part,
                seen=given_back(order, payment_of(order)),
                by=self.manager,
                reason="x",
            )
        except LorgnetteError:
            return
        for each in Refund.objects.filter(state=Refund.State.REQUESTED):
            done = RefundResult(id=f"re_{each.pk.hex}", status="succeeded", failure="")
            settle_refund(refund_id=each.pk, result=done)

    @initialize()
    def begin_with_two_friends(self) -> None:
        for who in range(OWNERS):
            self.bring_a_friend(2 * who, who)
        for who in range(OWNERS, FRIENDS):
            self.vote(2 * (who % OWNERS), who, frame=1)
            self.traveller.shift(timedelta(seconds=1))
            self.claim(who)

    def bring_a_friend(self, which: int, who: int) -> None:
        """Walk the whole way at once, so that rewards are reached within few steps."""
        self.vote(which, who, frame=0)
        self.traveller.shift(timedelta(seconds=1))
        self.claim(len(self.claims))
        self.join(len(self.claims) - 1, who)
        self.order(who, price=145)

    @rule(
        votes=st.lists(
            st.tuples(st.integers(0, 9), st.integers(0, FRIENDS - 1), st.integers(0, FRAMES)),
            min_size=1,
            max_size=8,
        )
    )
    def vote_several_times(self, votes: list[tuple[int, int, int]]) -> None:
        for which, who, frame in votes:
            self.vote(which, who, frame)
            self.traveller.shift(timedelta(seconds=1))
        self.vote_on_her_own(votes[0][0])

    @rule(
        acts=st.lists(
            st.tuples(st.integers(0, OWNERS - 1), st.sampled_from([*sorted(ACTS), *LINK_ACTS])),
            min_size=1,
            max_size=4,
        )
    )
    def do_as_owner(self, acts: list[tuple[int, str]]) -> None:
        for which, act in acts:
            if act in ACTS:
                self.act(which, act)
            else:
                LINK_ACTS[act](self, which)
            self.traveller.shift(timedelta(seconds=1))

    @rule(
        comings=st.lists(
            st.tuples(st.integers(0, 9), st.integers(0, FRIENDS + OWNERS - 1)),
            min_size=2,
            max_size=6,
        )
    )
    def come_to_the_shop(self, comings: list[tuple[int, int]]) -> None:
        for which, who in comings:
            self.claim(which)
            self.join(which, who)
            self.traveller.shift(timedelta(seconds=1))

    @rule(who=st.integers(0, FRIENDS - 1), price=st.sampled_from([30, 145]))
    def buy(self, who: int, price: int) -> None:
        self.order(who, price)

    @rule(which=st.integers(0, 9), part=st.sampled_from([1, 2]))
    def give_back(self, which: int, part: int) -> None:
        self.refund(which, part)

    @rule(days=st.sampled_from([1, 5, 20, 31]))
    def let_time_pass(self, days: int) -> None:
        self.traveller.shift(timedelta(days=days))
        ending.close_due()
        for gallery_id, poll in self.polls.items():
            if poll.state == "open" and not poll.takes_votes():
                poll.state, poll.closed_at = "closed", timezone.now()
            assert Gallery.objects.get(pk=gallery_id).state == poll.state
        settle_due()

    @invariant()
    def the_laws_hold(self) -> None:
        # No two acts happen at the same moment.
        self.traveller.shift(timedelta(seconds=1))
        for each in all_invariants():
            if each.number in LAWS:
                assert breaches(each) == [], each.name

    @invariant()
    def each_tally_is_the_votes_that_were_taken(self) -> None:
        for gallery_id, poll in self.polls.items():
            counted = standing(Gallery.objects.get(pk=gallery_id))
            picks = Counter(poll.picks.values())
            assert {row.item_id: row.favourites for row in counted.rows if row.favourites} == picks
            assert counted.total == len(poll.picks)

    @invariant()
    def nobody_is_rewarded_twice_for_one_friend(self) -> None:
        rewarded = Referral.objects.filter(state="rewarded")
        assert rewarded.count() == rewarded.values("friend").distinct().count()
        given = LedgerEntry.objects.filter(account=LedgerEntry.Account.REWARDS)
        assert sum((entry.amount.amount for entry in given), euros(0).amount) <= 35

    @invariant()
    def every_move_was_legal(self) -> None:
        for gallery in Gallery.objects.all():
            for move in gallery.transitions.exclude(from_state=""):
                assert can_move({**GALLERY_MOVES, **BACK}, move.from_state, move.to_state)
        for referral in Referral.objects.all():
            for step in referral.transitions.exclude(from_state=""):
                assert can_move(REFERRAL_MOVES, step.from_state, step.to_state)


def _run(*, examples: int, steps: int) -> None:
    run_state_machine_as_test(
        FriendsAndVotes,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_no_order_of_acts_breaks_votes_or_rewards() -> None:
    _run(examples=10, steps=20)


@pytest.mark.soak
@pytest.mark.django_db
def test_no_long_order_of_acts_breaks_votes_or_rewards() -> None:
    _run(examples=150, steps=60)
