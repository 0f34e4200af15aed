"""What friends loved, told to customers alike: of five galleries at least, of counted votes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sharing.bookmarks.models import Bookmark
from sharing.bookmarks.personal_data import erase_bookmarks
from sharing.circles.models import Block, Membership
from sharing.circles.services.keeping import create_circle
from sharing.galleries.services import create_frames_gallery
from sharing.loved.models import LovedFrame
from sharing.loved.queries import loved_for
from sharing.loved.services import count_loved
from sharing.votes.judging import judge
from sharing.votes.models import Vote
from sharing.votes.personal_data import forget_voter
from sharing.votes.states import LeftOut
from shop.catalogue.models import Frame, Variant
from shop.customers.models import User
from tests.factories.circles import circle_of, join, saved
from tests.factories.sharing import SharedGallery, vote_on, with_link
from tests.factories.shop import StockRecordFactory, UserFactory
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory, filled_box
from trials.home_trials.models import Box
from trials.home_trials.suggesting import Ground, Suggestion, box_suggestions

pytestmark = pytest.mark.django_db

Gallery = Callable[..., SharedGallery]


@pytest.fixture
def loved() -> Variant:
    """Return a narrow and round frame that can be tried now."""
    variant = TrialUnitFactory().variant
    StockRecordFactory(variant=variant)
    Frame.objects.filter(pk=variant.frame_id).update(width="narrow", shape="round")
    return variant


def _wears(user: User, *, width: str = "narrow", shape: str = "square", frames: int = 2) -> None:
    """Let somebody have saved frames of one width."""
    for _each in range(frames):
        frame = saved(user).frame
        assert frame is not None
        Frame.objects.filter(pk=frame.pk).update(width=width, shape=shape)


def _alike(**worn: str) -> User:
    user = UserFactory()
    _wears(user, **worn)
    return user


def _asks(owner: User, *variants: Variant) -> SharedGallery:
    other = StockRecordFactory().variant
    gallery = create_frames_gallery(
        owner=owner, variant_ids=[*(each.pk for each in variants), other.pk]
    )
    return with_link(gallery)


def _loved_by_friends_of(people: list[User], variant: Variant) -> list[SharedGallery]:
    galleries = [_asks(each, variant) for each in people]
    for each in galleries:
        vote_on(each)
    return galleries


def _five() -> list[User]:
    return [_alike() for _each in range(5)]


def _box(user: User) -> Box:
    return filled_box(user=user, variants=[TrialUnitFactory().variant])


def _told(user: User) -> list[Suggestion]:
    return [each for each in box_suggestions(_box(user), user) if each.ground == Ground.FRIENDS]


def test_a_frame_that_friends_of_five_alike_loved_is_suggested(loved: Variant) -> None:
    _loved_by_friends_of(_five(), loved)
    count_loved()
    (told,) = _told(_alike())
    assert told.variant == loved
    assert told.reason == "Friends of people with your width loved it"
    # Nobody is named, and how many they were is not told.
    assert told.customers == 0
    assert LovedFrame.objects.get(kind="width").customers == 5


def test_four_are_too_few_to_be_told_of_and_none_are_kept(loved: Variant) -> None:
    people = _five()
    _loved_by_friends_of(people[:4], loved)
    # One customer is one, however many galleries are hers.
    _loved_by_friends_of(people[:1], loved)
    assert count_loved() == 0
    assert _told(_alike()) == []


def test_the_database_keeps_nothing_of_fewer_than_five(loved: Variant) -> None:
    with pytest.raises(IntegrityError):
        LovedFrame.objects.create(
            kind="width",
            value="narrow",
            frame=loved.frame,
            customers=4,
            counted_at=timezone.now(),
        )


def test_votes_that_are_left_out_count_for_nothing(loved: Variant) -> None:
    *_others, last = _loved_by_friends_of(_five(), loved)
    count_loved()
    user = _alike()
    assert _told(user)

    judge(list(Vote.objects.filter(gallery=last.gallery)), LeftOut.BURST)
    count_loved()

    assert _told(user) == []


def test_a_vote_that_was_erased_counts_for_nothing(loved: Variant) -> None:
    *_others, last = _loved_by_friends_of(_five(), loved)
    forget_voter(Vote.objects.get(gallery=last.gallery).voter_id)
    assert count_loved() == 0


def test_galleries_of_closed_accounts_count_for_nothing(loved: Variant) -> None:
    people = _five()
    _loved_by_friends_of(people, loved)
    User.objects.filter(pk=people[0].pk).update(is_active=False)
    assert count_loved() == 0


def test_what_most_friends_do_not_see_on_her_is_not_called_loved(loved: Variant) -> None:
    galleries = _loved_by_friends_of(_five(), loved)
    for each in galleries:
        item, other = each.items
        for _friend in range(2):
            vote_on(each, favourite=other, reactions={item.pk: "not_you"})
    assert not LovedFrame.objects.filter(frame=loved.frame).exists()
    count_loved()
    assert not LovedFrame.objects.filter(frame=loved.frame).exists()


def test_a_frame_that_most_galleries_do_not_love_is_not_suggested(loved: Variant) -> None:
    _loved_by_friends_of(_five(), loved)
    for each in _five():
        gallery = _asks(each, loved)
        vote_on(gallery, favourite=gallery.items[1])
    assert count_loved() == 0


def test_other_people_are_not_alike_and_other_widths_do_not_fit(loved: Variant) -> None:
    _loved_by_friends_of(_five(), loved)
    count_loved()
    assert _told(_alike(width="wide", shape="oval")) == []
    # She likes the shapes they like, but the frame is not as wide as what she wears.
    assert _told(_alike(width="wide")) == []
    assert _told(UserFactory()) == []


def test_who_has_no_width_of_her_own_is_told_by_shape(loved: Variant) -> None:
    _loved_by_friends_of(_five(), loved)
    count_loved()
    user = _alike(frames=1)
    _wears(user, width="wide", frames=1)
    (told,) = _told(user)
    assert told.reason == "Friends of people who like your shapes loved it"


def test_what_she_erased_decides_nothing_any_more(loved: Variant) -> None:
    _loved_by_friends_of(_five(), loved)
    count_loved()
    user = _alike()
    assert _told(user)
    erase_bookmarks(user)
    assert not Bookmark.objects.filter(owner=user).exists()
    assert _told(user) == []


def test_what_she_showed_her_own_friends_is_not_told_again(loved: Variant) -> None:
    user = _alike()
    _loved_by_friends_of([user, *_five()], loved)
    count_loved()
    assert _told(user) == []


def test_friends_of_her_circle_count_where_their_people_let_trials_be_found(
    loved: Variant,
) -> None:
    people = [UserFactory() for _each in range(5)]
    circle = circle_of(*people)
    user = UserFactory()
    join(circle, user)
    _loved_by_friends_of(people, loved)
    assert count_loved() == 0

    Membership.objects.filter(user__in=people).update(shows_trials=True)
    count_loved()

    (told,) = _told(user)
    assert told.reason == "Friends of people in your circles loved it"
    assert _told(UserFactory()) == []
    Block.objects.create(blocker=people[0], blocked=user)
    assert _told(user) == []


def test_a_circle_of_colleagues_tells_customers_nothing(loved: Variant) -> None:
    people = [UserFactory(is_staff=True) for _each in range(5)]
    circle = create_circle(owner=people[0], name="Team", kind="staff")
    for each in people[1:]:
        join(circle, each)
    Membership.objects.filter(user__in=people).update(shows_trials=True)
    _loved_by_friends_of(people, loved)
    assert count_loved() == 0


def test_counted_anew_what_does_not_count_any_more_is_gone(loved: Variant) -> None:
    _loved_by_friends_of(_five(), loved)
    count_loved()
    count_loved()
    assert LovedFrame.objects.count() == 2
    user = _alike()
    count_loved(now=timezone.now() + timedelta(days=366))
    assert LovedFrame.objects.count() == 0
    assert loved_for(user, since=timezone.now() - timedelta(hours=2)) == []


def test_figures_of_yesterday_are_not_told(loved: Variant) -> None:
    _loved_by_friends_of(_five(), loved)
    count_loved(now=timezone.now() + timedelta(minutes=1))
    LovedFrame.objects.update(counted_at=timezone.now() - timedelta(hours=3))
    assert _told(_alike()) == []


def test_page_and_api_say_why_at_a_constant_cost(client: Client, loved: Variant) -> None:
    ProgrammeVersionFactory()
    people = _five()
    _loved_by_friends_of(people, loved)
    count_loved()
    user = _alike()
    _box(user)
    client.force_login(user)
    page = client.get(reverse("trials:box")).content.decode()
    assert "Friends of people with your width loved it" in page
    answer = client.get(reverse("api-box-suggestions")).json()["suggestions"]
    assert answer[0]["variant_id"] == loved.pk
    assert answer[0]["ground"] == "friends"
    assert answer[0]["customers"] == 0
    assert answer[0]["reason"] == "Friends of people with your width loved it"
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("trials:box"))
    for _each in range(2):
        another = TrialUnitFactory().variant
        StockRecordFactory(variant=another)
        Frame.objects.filter(pk=another.frame_id).update(width="narrow")
        _loved_by_friends_of(people, another)
    _wears(user, frames=5)
    count_loved()
    with CaptureQueriesContext(connection) as many:
        page = client.get(reverse("trials:box")).content.decode()
    assert page.count("Friends of people with your width loved it") == 3
    assert len(few) == len(many)
    # What friends said is read where it was counted, and not reckoned for the page.
    assert not any("sharing_vote" in each["sql"] for each in many.captured_queries)
