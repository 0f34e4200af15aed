"""Saving frames: tags, audiences; leaving a circle; merging tags; into box and gallery."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from sharing.bookmarks.errors import (
    BookmarkInvalidError,
    BookmarkMissingError,
    BookmarkTwiceError,
    MayNotMergeError,
    NothingChosenError,
    SubjectMissingError,
)
from sharing.bookmarks.models import Audience, Bookmark, TagMerge
from sharing.bookmarks.queries.finding import count_up_to, found, latest, page_of, tags_among
from sharing.bookmarks.queries.suggesting import suggested_tags
from sharing.bookmarks.services.following import follow_tag
from sharing.bookmarks.services.leaving import leave_circle
from sharing.bookmarks.services.merging import merge_tags
from sharing.bookmarks.services.saving import (
    change_bookmark,
    remove_bookmark,
    save_frame,
    usual_audience,
)
from sharing.bookmarks.services.using import ask_about, put_into_box
from sharing.bookmarks.tags import LONGEST, MOST, SHORTEST, normal_tag, normal_tags
from sharing.circles.errors import CircleMissingError, NotAllowedInCircleError
from sharing.circles.services.keeping import give_role
from sharing.circles.states import Role
from shop.analytics.models import Event
from shop.catalogue.models import Width
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.circles import circle_of, saved
from tests.factories.shop import FrameFactory, StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory
from trials.home_trials.errors import BoxFullError
from trials.home_trials.models import Box
from trials.units.errors import NothingFreeError

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (["Narrow  Bridge, for WORK"], ["narrow bridge", "for work"]),
        (["#Round", "round"], ["round"]),
        (["Ｆｕｌｌ"], ["full"]),
        (["a/b"], ["a b"]),
        (["..", " , ;"], []),
    ],
)
def test_tags_are_kept_in_one_way_of_writing(typed, kept):
    assert normal_tags(typed) == kept


@pytest.mark.parametrize("typed", [["x"], ["x" * 31], [",".join(f"tag {n}" for n in range(11))]])
def test_tags_that_are_too_short_too_long_or_too_many_are_refused(typed):
    with pytest.raises(BookmarkInvalidError):
        normal_tags(typed)


@given(st.text(max_size=60))
def test_a_tag_normalised_twice_is_the_same_and_fits_into_an_address(text):
    once = normal_tag(text)
    assert normal_tag(once) == once
    assert not set(once) & set("/?#%,\n") or "," in once
    try:
        tags = normal_tags([text])
    except (BookmarkInvalidError, CardNumberError):
        return
    assert len(tags) <= MOST
    assert all(SHORTEST <= len(tag) <= LONGEST and normal_tag(tag) == tag for tag in tags)


def test_the_usual_audience_is_her_circle_and_she_alone_where_she_has_none():
    ada = UserFactory()
    assert usual_audience(ada) == (Audience.PRIVATE, None)
    circle = circle_of(ada)
    assert usual_audience(ada) == (Audience.CIRCLE, circle.pk)
    assert save_frame(owner=ada, variant_id=VariantFactory().pk).circle == circle


def test_a_frame_saved_again_for_the_same_people_is_one_bookmark_with_the_new_words():
    ada, variant = UserFactory(), VariantFactory()
    first = saved(ada, variant=variant, tags=["one"], note="old")
    second = saved(ada, variant=variant, tags=["two"], note="new")
    assert first == second
    assert (second.tags, second.note) == (["two"], "new")
    assert Event.objects.filter(name="bookmark_added").count() == 1
    assert saved(ada, circle_of(ada), variant=variant) != first


def test_the_database_itself_refuses_a_second_bookmark_for_the_same_people():
    ada, variant = UserFactory(), VariantFactory()
    saved(ada, variant=variant)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bookmark.objects.create(owner=ada, frame=variant.frame, audience="private")


def test_nobody_saves_for_a_circle_she_is_not_in():
    circle = circle_of(UserFactory())
    with pytest.raises(CircleMissingError):
        saved(UserFactory(), circle)


def test_a_frame_that_is_not_sold_is_not_saved():
    variant = VariantFactory(frame=FrameFactory(published=False))
    with pytest.raises(SubjectMissingError):
        saved(UserFactory(), variant=variant)


def test_a_card_number_is_kept_in_no_note_and_no_tag():
    for said in ({"note": "4242 4242 4242 4242"}, {"tags": ["4242 4242 4242 4242"]}):
        with pytest.raises(CardNumberError):
            saved(UserFactory(), **said)


def test_a_bookmark_is_changed_and_removed_by_its_owner_alone():
    ada, bea = UserFactory(), UserFactory()
    bookmark = saved(ada, circle_of(ada, bea), tags=["one"])
    for act in (
        lambda: change_bookmark(owner=bea, bookmark_id=bookmark.pk, note="mine"),
        lambda: remove_bookmark(owner=bea, bookmark_id=bookmark.pk),
    ):
        with pytest.raises(BookmarkMissingError):
            act()
    changed = change_bookmark(owner=ada, bookmark_id=bookmark.pk, audience="public")
    assert (changed.audience, changed.circle, changed.tags) == ("public", None, ["one"])
    remove_bookmark(owner=ada, bookmark_id=bookmark.pk)
    removed, added = (Event.objects.get(name=f"bookmark_{act}") for act in ("removed", "added"))
    assert removed.caused_by == added.pk


def test_a_change_into_a_bookmark_there_is_already_is_refused():
    ada, variant = UserFactory(), VariantFactory()
    saved(ada, variant=variant)
    second = saved(ada, circle_of(ada), variant=variant)
    with pytest.raises(BookmarkTwiceError):
        change_bookmark(owner=ada, bookmark_id=second.pk, audience="private")


def test_what_somebody_saved_is_hers_alone_once_she_left_the_circle():
    ada, bea, variant = UserFactory(), UserFactory(), VariantFactory()
    circle = circle_of(ada, bea)
    saved(bea, variant=variant, tags=["mine"], note="First")
    saved(bea, circle, variant=variant, tags=["ours"], note="Second")
    other = saved(bea, circle, tags=["light"])
    assert found(ada).count() == 2
    leave_circle(user=bea, circle_id=circle.pk)
    assert not found(ada).exists()
    other.refresh_from_db()
    assert (other.audience, other.circle) == ("private", None)
    joined = Bookmark.objects.get(owner=bea, frame=variant.frame)
    assert (joined.tags, joined.note) == (["mine", "ours"], "First\nSecond")
    assert_invariants_hold()


def assert_invariants_hold():
    assert [each.name for each in all_invariants() if each.number == 6 and breaches(each)] == []


def test_the_invariants_find_a_bookmark_left_in_a_circle():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    saved(bea, circle)
    circle.memberships.filter(user=bea).update(state="left", left_at="2026-01-01T00:00Z")
    broken = {each.name for each in all_invariants() if each.number == 6 and breaches(each)}
    assert "What is saved for a circle of friends is of somebody who is in it" in broken


def test_an_editor_makes_one_tag_another_within_the_circle_and_nowhere_else():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    both = saved(ada, circle, tags=["narow", "narrow", "light"])
    one = saved(bea, circle, tags=["narow"])
    elsewhere = saved(bea, audience="public", tags=["narow"])
    with pytest.raises(NotAllowedInCircleError):
        merge_tags(by=bea, circle_id=circle.pk, from_tag="narow", to_tag="narrow")
    member = circle.memberships.get(user=bea)
    give_role(by=ada, circle_id=circle.pk, member_id=member.pk, role=Role.EDITOR)
    merge = merge_tags(by=bea, circle_id=circle.pk, from_tag="Narow", to_tag="narrow")
    assert (merge.bookmarks, merge.actor) == (2, bea)
    for row in (both, one, elsewhere):
        row.refresh_from_db()
    assert (both.tags, one.tags) == (["narrow", "light"], ["narrow"])
    assert elsewhere.tags == ["narow"]


def test_staff_make_one_tag_another_everywhere_with_those_who_follow_it():
    ola, ada = StaffFactory(), UserFactory()
    row = saved(ada, tags=["narow"])
    follow = follow_tag(follower=ada, tag="narow")
    with pytest.raises(MayNotMergeError):
        merge_tags(by=ada, from_tag="narow", to_tag="narrow")
    merge_tags(by=ola, from_tag="narow", to_tag="narrow")
    row.refresh_from_db()
    follow.refresh_from_db()
    assert (row.tags, follow.tag) == (["narrow"], "narrow")
    with pytest.raises(IntegrityError), transaction.atomic():
        TagMerge.objects.update(to_tag="wide")


def test_suggestions_are_the_frames_facts_and_what_she_may_see():
    ada = UserFactory()
    frame = FrameFactory(shape="round", width=Width.NARROW, bridge_mm=16)
    variant = VariantFactory(frame=frame, colour_family="black")
    circle = circle_of(ada, UserFactory())
    saved(ada, circle, variant=variant, tags=["for work"])
    saved(UserFactory(), variant=variant, tags=["secret"])
    tags = suggested_tags(ada, frame=frame, variant=variant)
    assert tags == ["for work", "round", "black", "narrow", "narrow bridge"]
    assert suggested_tags(ada, typed="fo") == ["for work"]
    assert suggested_tags(ada, typed="sec") == []


def test_what_was_chosen_goes_into_the_box_in_one_act_with_its_cause():
    ProgrammeVersionFactory()
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    rows = [saved(bea, circle, variant=TrialUnitFactory().variant) for _each in range(2)]
    box = put_into_box(user=ada, bookmark_ids=[row.pk for row in rows])
    assert {item.variant_id for item in box.items.all()} == {row.variant_id for row in rows}
    cause = Event.objects.get(name="bookmark_added", subject_id=str(rows[0].pk))
    assert Event.objects.get(name="box_filled").caused_by == cause.pk


def test_a_bookmark_without_a_colour_gives_one_that_is_free():
    ProgrammeVersionFactory()
    ada, frame = UserFactory(), FrameFactory()
    VariantFactory(frame=frame, position=1)
    free = TrialUnitFactory(variant=VariantFactory(frame=frame, position=2)).variant
    row = save_frame(owner=ada, frame_id=frame.pk)
    assert put_into_box(user=ada, bookmark_ids=[row.pk]).items.get().variant == free


def test_all_go_into_the_box_or_none():
    ProgrammeVersionFactory()
    ada = UserFactory()
    rows = [saved(ada, variant=TrialUnitFactory().variant), saved(ada)]
    with pytest.raises(NothingFreeError):
        put_into_box(user=ada, bookmark_ids=[row.pk for row in rows])
    assert not Box.objects.get(user=ada).items.exists()
    more = [saved(ada, variant=TrialUnitFactory().variant) for _each in range(5)]
    put_into_box(user=ada, bookmark_ids=[row.pk for row in more])
    with pytest.raises(BoxFullError):
        put_into_box(user=ada, bookmark_ids=[rows[0].pk])


def test_nothing_she_may_not_see_is_chosen_and_no_more_than_five():
    ada, hidden = UserFactory(), saved(UserFactory())
    with pytest.raises(NothingChosenError):
        put_into_box(user=ada, bookmark_ids=[hidden.pk])
    with pytest.raises(NothingChosenError):
        put_into_box(user=ada, bookmark_ids=[saved(ada).pk for _each in range(6)])


def test_what_was_chosen_becomes_a_gallery_with_its_cause():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    rows = [saved(bea, circle) for _each in range(2)]
    gallery = ask_about(user=ada, bookmark_ids=[row.pk for row in rows])
    assert [item.variant_id for item in gallery.items.all()] == [row.variant_id for row in rows]
    cause = Event.objects.get(name="bookmark_added", subject_id=str(rows[0].pk))
    assert Event.objects.get(name="gallery_created").caused_by == cause.pk


def test_a_frame_saved_too_is_caused_by_the_bookmark_it_was_found_in():
    ada, bea = UserFactory(), UserFactory()
    row = saved(bea, circle_of(ada, bea))
    mine = save_frame(owner=ada, variant_id=row.variant_id, found_in=row.pk)
    events = {each.subject_id: each for each in Event.objects.filter(name="bookmark_added")}
    assert events[str(mine.pk)].caused_by == events[str(row.pk)].pk
    hidden = saved(bea)
    other = save_frame(owner=ada, variant_id=hidden.variant_id, found_in=hidden.pk)
    assert Event.objects.get(subject_id=str(other.pk)).caused_by is None


def test_a_list_goes_on_where_it_ended_and_counts_no_further_than_a_thousand(monkeypatch):
    ada, variant = UserFactory(), VariantFactory()
    circle = circle_of(ada)
    rows = [saved(ada, circle, tags=["round"]) for _each in range(23)]
    saved(ada, variant=variant, tags=["round"])
    first = page_of(found(ada), ada)
    second = page_of(found(ada), ada, before=first.older)
    seen = [row.bookmark.pk for row in (*first.rows, *second.rows)]
    assert len(seen) == len(set(seen)) == 24
    assert (len(first.rows), second.older) == (20, "")
    assert seen[-1] == rows[0].pk
    assert page_of(found(ada), ada, before="nonsense").rows
    monkeypatch.setattr("sharing.bookmarks.queries.finding.FAR", 10)
    assert count_up_to(found(ada)) == "10+"
    assert tags_among(found(ada), ada) == [("round", 10)]


def test_the_latest_are_the_same_whichever_way_they_are_read():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    for owner in (ada, bea, UserFactory()):
        saved(owner)
        saved(owner, audience="public")
        if owner in (ada, bea):
            saved(owner, circle)
    for viewer in (None, ada, bea):
        by_ways = [row.pk for row in latest(found(viewer), viewer, limit=100)]
        assert by_ways == [row.pk for row in found(viewer).newest()]


def test_an_erased_bookmark_is_gone():
    row = saved(UserFactory())
    remove_bookmark(owner=row.owner, bookmark_id=row.pk)
    with pytest.raises(ObjectDoesNotExist):
        row.refresh_from_db()
