"""Ideas, votes for them, and reports."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.ideas.states import IdeaState
from shop.foundation.history import Transition

TITLE_LENGTH, TEXT_LENGTH, ANSWER_LENGTH, REASON_LENGTH = 100, 1000, 600, 200


class Idea(models.Model):
    """What a customer would like the shop to have."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Nobody where the person was erased.
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="ideas"
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    text = models.CharField(_("text"), max_length=TEXT_LENGTH, blank=True)
    state = models.CharField(max_length=10, choices=IdeaState.choices, default=IdeaState.PROPOSED)
    created_at = models.DateTimeField(default=timezone.now)
    # How many votes there are, kept beside them so that lists are sorted by an index.
    votes_count = models.PositiveIntegerField(default=0)
    answer = models.CharField(max_length=ANSWER_LENGTH, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )
    hidden_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="merged_idea_names_the_other",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="idea_not_merged_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["-votes_count", "-created_at"], name="idea_by_votes"),
            models.Index(fields=["-created_at", "-id"], name="idea_by_newest"),
        ]

    def __str__(self) -> str:
        return self.title


class IdeaTransition(Transition):
    """One move of an idea."""

    subject = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="transitions")


class IdeaVote(models.Model):
    """One customer's vote for an idea."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="votes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="idea_votes"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "user"], name="one_vote_an_idea_and_customer"),
        ]


class IdeaReport(models.Model):
    """One customer's word that an idea should not be shown."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="reports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "user"], name="one_report_a_customer"),
        ]
