"""Rows of sharing as the database takes them, without the services that lead to them."""

from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from django.utils import timezone

from sharing.circles.models import Circle, Membership
from sharing.galleries.models import Gallery, GalleryItem, ShareLink
from sharing.ideas.models import Idea
from sharing.photos.models import Photo, PhotoUpload
from sharing.testers.models import Feedback, Panel, Question, Tester
from sharing.votes.models import Vote, Voter
from tests.factories.shop import FrameFactory, UserFactory, VariantFactory
from tests.trials.laws.rows import item

_numbers = count(1)


def circle() -> Circle:
    """Return a circle of nobody."""
    return Circle.objects.create(name="Sisters")


def member(**fields: Any) -> Membership:
    """Return somebody's membership of a circle without an owner."""
    return Membership.objects.create(circle=circle(), user=UserFactory(), **fields)


def idea() -> Idea:
    """Return a proposed idea."""
    return Idea.objects.create(title=f"Idea {next(_numbers)}")


def gallery() -> Gallery:
    """Return a gallery of chosen frames, without any."""
    return Gallery.objects.create(owner=UserFactory(), kind="frames", question="Which?")


def gallery_item() -> GalleryItem:
    """Return the first frame of a gallery."""
    return GalleryItem.objects.create(gallery=gallery(), variant=VariantFactory(), position=1)


def link() -> ShareLink:
    """Return a link to a gallery."""
    return ShareLink.objects.create(
        gallery=gallery(),
        token_hash=f"hash{next(_numbers)}",
        expires_at=timezone.now() + timedelta(days=30),
    )


def voter() -> Voter:
    """Return a friend who looks at a gallery."""
    shared = link()
    return Voter.objects.create(id=uuid4(), gallery=shared.gallery, link=shared)


def vote() -> Vote:
    """Return a vote that says nothing."""
    friend = voter()
    return Vote.objects.create(gallery=friend.gallery, voter=friend)


def photo() -> Photo:
    """Return a photo of a trial's frame, without a file."""
    frame = item()
    return Photo.objects.create(user=frame.trial.user, trial_item=frame, consent_version="1")


def upload() -> PhotoUpload:
    """Return the upload of ten bytes, of which none is here."""
    frame = item()
    return PhotoUpload.objects.create(
        user=frame.trial.user,
        trial_item=frame,
        consent_version="1",
        length=10,
        expires_at=timezone.now() + timedelta(days=1),
    )


def panel() -> Panel:
    """Return a panel without frames."""
    return Panel.objects.create(title="Spring")


def tester() -> Tester:
    """Return somebody invited to a panel."""
    return Tester.objects.create(panel=panel(), user=UserFactory())


def feedback() -> Feedback:
    """Return what a tester said of a frame, without answers."""
    return Feedback.objects.create(tester=tester(), frame=FrameFactory())


def question() -> Question:
    """Return a panel's question with two answers to choose from."""
    return Question.objects.create(
        panel=panel(), words="How wide?", kind="choice", choices=["Wide", "Narrow"]
    )
