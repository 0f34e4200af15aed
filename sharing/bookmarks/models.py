"""Bookmarks and who may see them; what people follow; feeds; merged tags."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.circles.models import Block, Circle, Membership
from sharing.galleries.models import Gallery
from shop.catalogue.models import Frame, Variant
from shop.customers.models import User
from trials.home_trials.models import Trial

Viewer = User | AnonymousUser | None
# What a bookmark may be about. Customers save frames; colleagues note things on the others, too.
SUBJECTS = ("frame", "trial", "gallery", "customer")


class Audience(models.TextChoices):
    """Who may see a bookmark."""

    PRIVATE = "private", _("Only me")
    CIRCLE = "circle", _("A circle")
    PUBLIC = "public", _("Everybody")


class BookmarkQuerySet(models.QuerySet["Bookmark"]):
    """Bookmarks, by who may see them."""

    def visible_to(self, viewer: Viewer) -> "BookmarkQuerySet":
        """Return what somebody may see now. Every list, count, feed and answer begins here.

        That is: what is public, what is her own, and what was saved for a circle she is in;
        without that of people who have blocked her. Whoever left a circle, or works here no more,
        is out at once, because membership is asked anew each time.

        Args:
            viewer: who looks; nobody, or Django's anonymous user, where nobody is logged in.
        """
        public = Q(audience=Audience.PUBLIC)
        if not isinstance(viewer, User) or not viewer.is_active:
            return self.filter(public)
        circles = Membership.objects.seen_by(viewer).values("circle")
        blocked = Block.objects.filter(blocked=viewer).values("blocker")
        of_circles = Q(audience=Audience.CIRCLE, circle__in=circles)
        return self.filter(public | Q(owner=viewer, of_staff=False) | of_circles).exclude(
            owner__in=blocked
        )

    def of_frames(self) -> "BookmarkQuerySet":
        """Return those about frames that are still sold."""
        return self.filter(frame__published=True)

    def tagged(self, tag: str) -> "BookmarkQuerySet":
        """Return those with a tag."""
        return self.filter(tags__contains=[tag])

    def newest(self) -> "BookmarkQuerySet":
        """Return them latest first."""
        return self.order_by("-saved_at", "-pk")


class Bookmark(models.Model):
    """A saved frame with tags, a note and an audience.

    In a circle of colleagues it may be about a trial, a gallery or a customer instead.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmarks"
    )
    frame = models.ForeignKey(Frame, null=True, on_delete=models.CASCADE, related_name="+")
    # The colour she meant, where she said which.
    variant = models.ForeignKey(
        Variant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    trial = models.ForeignKey(Trial, null=True, on_delete=models.CASCADE, related_name="+")
    gallery = models.ForeignKey(Gallery, null=True, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    audience = models.CharField(
        _("who sees it"), max_length=8, choices=Audience.choices, default=Audience.PRIVATE
    )
    circle = models.ForeignKey(
        Circle, null=True, blank=True, on_delete=models.PROTECT, related_name="bookmarks"
    )
    # Whether it was written at work: such a one is never a customer's own, whoever wrote it.
    of_staff = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = BookmarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        ordering = ("-saved_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "frame", "trial", "gallery", "customer", "audience", "circle"],
                nulls_distinct=False,
                name="saved_once_for_an_audience",
            ),
            models.CheckConstraint(
                condition=Q(audience="circle", circle__isnull=False)
                | (~Q(audience="circle") & Q(circle=None)),
                name="a_circles_bookmark_names_it",
            ),
            models.CheckConstraint(
                condition=Q(frame__isnull=False, trial=None, gallery=None, customer=None)
                | Q(frame=None, trial__isnull=False, gallery=None, customer=None, of_staff=True)
                | Q(frame=None, trial=None, gallery__isnull=False, customer=None, of_staff=True)
                | Q(frame=None, trial=None, gallery=None, customer__isnull=False, of_staff=True),
                name="a_bookmark_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(of_staff=False) | Q(audience="circle"),
                name="work_is_for_circles_alone",
            ),
            models.CheckConstraint(
                condition=Q(tags__len__lte=10) | Q(tags=[]), name="ten_tags_a_bookmark"
            ),
        ]
        indexes = [
            # A person's shelf, and with a tag: her rows are few beside all.
            models.Index(fields=["owner", "-saved_at"], name="bookmark_by_owner"),
            models.Index(
                fields=["circle", "-saved_at"],
                name="bookmark_by_circle",
                condition=Q(circle__isnull=False),
            ),
            models.Index(fields=["-saved_at", "-id"], name="bookmark_by_time"),
            GinIndex(fields=["tags"], name="bookmark_by_tags"),
            models.Index(fields=["frame", "-saved_at"], name="bookmark_by_frame"),
        ]

    @property
    def subject(self) -> Any:
        """The thing it is about."""
        return next(thing for name in SUBJECTS if (thing := getattr(self, name)) is not None)

    @property
    def kind(self) -> str:
        """What it is about: one of ``SUBJECTS``."""
        return next(name for name in SUBJECTS if getattr(self, f"{name}_id") is not None)


class Shelf(models.Model):
    """A person's saved frames as others find them: an address that says nothing of her number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="shelf"
    )
    # The key of her private feeds; only its hash is here, and a new one ends the old one.
    feed_key = models.UUIDField(null=True, blank=True)
    feed_token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    feed_made_at = models.DateTimeField(null=True, blank=True)


class Follow(models.Model):
    """A tag or a person somebody wants to hear of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    follower = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    tag = models.CharField(max_length=30, blank=True)
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("tag", "since", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["follower", "person", "tag"],
                nulls_distinct=False,
                name="followed_once",
            ),
            models.CheckConstraint(
                condition=Q(person=None) & ~Q(tag="") | Q(person__isnull=False, tag=""),
                name="a_tag_or_a_person",
            ),
            models.CheckConstraint(
                condition=Q(person=None) | ~Q(person=models.F("follower")),
                name="nobody_follows_herself",
            ),
        ]


class TagMerge(models.Model):
    """One tag that was made another: who, where, when, and in how many bookmarks. Only added."""

    circle = models.ForeignKey(
        Circle, null=True, on_delete=models.CASCADE, related_name="tag_merges"
    )
    from_tag = models.CharField(max_length=30)
    to_tag = models.CharField(max_length=30)
    bookmarks = models.PositiveIntegerField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
