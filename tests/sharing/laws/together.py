"""Laws of circles, of frames that are saved and loved, and of ideas."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from sharing.bookmarks.models import Bookmark, Follow
from sharing.circles.models import Block, CircleInvitation, Membership
from sharing.ideas.models import IdeaReport, IdeaVote
from sharing.loved.models import LovedFrame
from tests.factories.shop import FrameFactory, UserFactory
from tests.house.laws import check, once
from tests.sharing.laws.rows import circle, gallery, idea, member
from tests.trials.laws.rows import trial

NOW = timezone.now


def _owner() -> Membership:
    return member(state="owner")


def _invitation() -> CircleInvitation:
    return CircleInvitation.objects.create(
        circle=circle(),
        invited_by=UserFactory(),
        token_hash="hash",
        most_uses=3,
        expires_at=NOW() + timedelta(days=1),
    )


def _block() -> Block:
    return Block.objects.create(blocker=UserFactory(), blocked=UserFactory())


def _saved() -> Bookmark:
    return Bookmark.objects.create(owner=UserFactory(), frame=FrameFactory())


def _follows_a_tag() -> Follow:
    return Follow.objects.create(follower=UserFactory(), tag="round")


def _idea_vote() -> IdeaVote:
    return IdeaVote.objects.create(idea=idea(), user=UserFactory())


def _idea_report() -> IdeaReport:
    return IdeaReport.objects.create(idea=idea(), user=UserFactory())


def _loved() -> LovedFrame:
    return LovedFrame.objects.create(
        kind="width", value="narrow", frame=FrameFactory(), customers=5, counted_at=NOW()
    )


CIRCLE = {"audience": "circle", "circle": circle}
ABOUT: dict[str, Any] = {"trial": trial, "gallery": gallery, "customer": UserFactory}
PAIRS = (("trial", "gallery"), ("trial", "customer"), ("gallery", "customer"))


def _work(*about: str) -> dict[str, Any]:
    return {"frame": None, "of_staff": True, **CIRCLE, **{each: ABOUT[each] for each in about}}


LAWS = (
    once(
        "one_membership_a_circle",
        member,
        *({}, {"state": "editor"}, {"state": "owner"}),
        lawful=({"state": "left", "left_at": NOW}, {"circle": circle}, {"user": UserFactory}),
    ),
    once(
        "one_owner_a_circle",
        _owner,
        {"user": UserFactory},
        lawful=({"user": UserFactory, "state": "editor"}, {"circle": circle}),
    ),
    check(
        "who_has_left_says_when",
        member,
        *({"left_at": NOW}, {"state": "left"}),
        lawful=({"state": "left", "left_at": NOW},),
    ),
    check(
        "invitation_used_within_its_limit",
        _invitation,
        *({"most_uses": 0}, {"uses": 4}),
        lawful=({"uses": 3}, {"most_uses": 1}),
    ),
    once("one_block_a_pair", _block, lawful=({"blocker": UserFactory}, {"blocked": UserFactory})),
    check("nobody_blocks_herself", _block, {"blocked": F("blocker")}),
    once(
        "saved_once_for_an_audience",
        _saved,
        *({}, {"note": "Again"}),
        lawful=(
            *({"owner": UserFactory}, {"frame": FrameFactory}),
            *({"audience": "public"}, CIRCLE),
        ),
    ),
    check(
        "a_circles_bookmark_names_it",
        _saved,
        *({"audience": "circle"}, {"circle": circle}, {"audience": "public", "circle": circle}),
        lawful=(CIRCLE,),
    ),
    check(
        "a_bookmark_is_about_one_thing",
        _saved,
        *({each: value} for each, value in ABOUT.items()),
        *({**_work(each), "frame": FrameFactory} for each in ABOUT),
        *({**_work(each), "of_staff": False} for each in ABOUT),
        *(_work(*each) for each in ((), *PAIRS, ABOUT)),
        lawful=tuple(_work(each) for each in ABOUT),
    ),
    check(
        "work_is_for_circles_alone",
        _saved,
        *({"of_staff": True}, {"of_staff": True, "audience": "public"}),
        lawful=({"of_staff": True, **CIRCLE},),
    ),
    check(
        "ten_tags_a_bookmark",
        _saved,
        {"tags": [f"tag{place}" for place in range(11)]},
        lawful=({"tags": [f"tag{place}" for place in range(10)]}, {"tags": []}),
    ),
    once(
        "followed_once",
        _follows_a_tag,
        lawful=(
            *({"tag": "square"}, {"follower": UserFactory}),
            {"tag": "", "person": UserFactory},
        ),
    ),
    check(
        "a_tag_or_a_person",
        _follows_a_tag,
        *({"tag": ""}, {"person": UserFactory}),
        lawful=({"tag": "", "person": UserFactory},),
    ),
    check(
        "nobody_follows_herself",
        _follows_a_tag,
        {"tag": "", "person": F("follower")},
        lawful=({"tag": "", "person": UserFactory},),
    ),
    check(
        "merged_idea_names_the_other",
        idea,
        *({"state": "merged"}, {"merged_into": idea}),
        lawful=({"state": "merged", "merged_into": idea},),
    ),
    check("idea_not_merged_into_itself", idea, {"state": "merged", "merged_into": F("pk")}),
    once(
        "one_vote_an_idea_and_customer",
        _idea_vote,
        lawful=({"idea": idea}, {"user": UserFactory}),
    ),
    once(
        "one_report_a_customer",
        _idea_report,
        {"reason": "Again"},
        lawful=({"idea": idea}, {"user": UserFactory}),
    ),
    once(
        "loved_once",
        _loved,
        {"customers": 6},
        lawful=({"kind": "shape"}, {"value": "wide"}, {"frame": FrameFactory}),
    ),
    check("loved_by_the_friends_of_five", _loved, {"customers": 4}),
)
