"""Voters and their votes: of each frame a reaction, a place and words; one favourite; a comment."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.galleries.models import Gallery, GalleryItem, ShareLink
from sharing.votes.states import HiddenBy, LeftOut, ReactionValue, ReportState
from shop.foundation.history import Transition

# A friend puts so many frames into an order at most.
LAST_PLACE = 5


class Voter(models.Model):
    """A person behind a link, known by a cookie; without an account.

    The key is made of gallery and cookie (``tokens.browser_person``), so it is what allows one
    voter a browser and gallery.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="voters")
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="voters")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("your name"), max_length=40, blank=True)
    # Where she hears what was bought, if she wants to; the owner never sees it.
    email = models.EmailField(blank=True, default="", db_default="")
    wants_news = models.BooleanField(default=False, db_default=False)
    news_at = models.DateTimeField(null=True, blank=True)
    # What she reads, for that one mail.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    # The order in which she sees the frames: drawn once, then kept.
    item_order = ArrayField(models.BigIntegerField(), default=list)
    address_hash = models.CharField(max_length=32, blank=True)
    # Of network and kind of browser together, under the day's salt (``trust.device_hash``).
    device_hash = models.CharField(max_length=32, blank=True, default="", db_default="")
    # The owner has had enough of her: none of her votes counts, until that is taken back.
    blocked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["gallery", "address_hash"], name="voter_by_network"),
            # Those whose address is kept until she hears what was bought: few beside all.
            models.Index(
                fields=["gallery"], name="voter_with_address", condition=~models.Q(email="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email="") | models.Q(wants_news=True),
                name="no_address_without_a_wish",
            ),
        ]


class Vote(models.Model):
    """A voter's word on a gallery. One for each voter; changed until the gallery closes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="votes")
    voter = models.OneToOneField(Voter, on_delete=models.CASCADE, related_name="vote")
    favourite = models.ForeignKey(
        GalleryItem, null=True, blank=True, on_delete=models.CASCADE, related_name="favourite_of"
    )
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    cast_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True, blank=True)
    counted = models.BooleanField(default=True)
    excluded_because = models.CharField(max_length=20, choices=LeftOut.choices, blank=True)
    # The owner knows this friend: neither burst nor device leaves the vote out again.
    vouched_at = models.DateTimeField(null=True, blank=True)
    # Whoever took her words, comment and those on frames, off the pages.
    hidden_by = models.CharField(
        max_length=8, choices=HiddenBy.choices, blank=True, default="", db_default=""
    )

    class Meta:
        indexes = [models.Index(fields=["gallery", "cast_at"], name="vote_by_gallery")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(counted=True, excluded_because="")
                | (models.Q(counted=False) & ~models.Q(excluded_because="")),
                name="excluded_votes_say_why",
            ),
        ]


class VoteTransition(Transition):
    """One change of whether a vote counts: ``counted``, or why it is left out.

    The books keep no foreign key: where a person's vote is erased, what remains is a number.
    """

    subject = models.ForeignKey(
        Vote, on_delete=models.DO_NOTHING, db_constraint=False, related_name="transitions"
    )


class Reaction(models.Model):
    """What a vote says of one frame: a face, a place in her order, words; at least one of them."""

    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="reactions")
    item = models.ForeignKey(GalleryItem, on_delete=models.CASCADE, related_name="reactions")
    value = models.CharField(max_length=8, choices=ReactionValue.choices, blank=True)
    rank = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.CharField(_("comment"), max_length=500, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["vote", "item"], name="one_reaction_a_frame"),
            models.CheckConstraint(
                condition=~models.Q(value="")
                | models.Q(rank__isnull=False)
                | ~models.Q(comment=""),
                name="a_reaction_says_something",
            ),
            # Looked at once a statement is through, so that two frames may change places in it.
            models.UniqueConstraint(
                fields=["vote", "rank"],
                deferrable=models.Deferrable.IMMEDIATE,
                name="one_frame_a_place",
            ),
            models.CheckConstraint(
                condition=models.Q(rank__isnull=True) | models.Q(rank__range=(1, LAST_PLACE)),
                name="places_are_1_to_5",
            ),
        ]


class CommentReport(models.Model):
    """Somebody's word that what a voter wrote should not stand; staff decide."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    vote = models.ForeignKey(Vote, on_delete=models.CASCADE, related_name="reports")
    # Who said so: "owner", or a friend's number on this gallery.
    reporter = models.CharField(max_length=40)
    reason = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=8, choices=ReportState.choices, default=ReportState.OPEN
    )
    reported_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("reported comment")
        verbose_name_plural = _("reported comments")
        ordering = ("reported_at", "pk")
        permissions = [("decide_commentreport", "Can keep or hide reported comments")]
        indexes = [
            models.Index(
                fields=["reported_at"], condition=models.Q(state="open"), name="report_waiting"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["vote", "reporter"], name="one_report_a_person"),
            models.CheckConstraint(
                condition=models.Q(state="open", decided_at__isnull=True)
                | (~models.Q(state="open") & models.Q(decided_at__isnull=False)),
                name="decided_reports_say_when",
            ),
        ]


class CommentReportTransition(Transition):
    """One move of a report: who kept or hid what was reported, and why."""

    subject = models.ForeignKey(
        CommentReport, on_delete=models.DO_NOTHING, db_constraint=False, related_name="transitions"
    )

    @property
    def state_words(self) -> str:
        """What it became, as people read it."""
        return str(ReportState(self.to_state).label)
