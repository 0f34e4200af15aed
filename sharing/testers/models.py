"""Panels, their frames and questions, who is invited, and what testers answer."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sharing.testers.states import PanelState, TesterState
from shop.catalogue.models import Frame
from shop.foundation.history import Transition

ANSWER_LENGTH = 500


class Panel(models.Model):
    """A group of customers who try frames before they are released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=80)
    words = models.CharField(
        _("what testers read"), max_length=600, blank=True, help_text=_("On the invitation.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=PanelState.choices, default=PanelState.DRAFT
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)

    class Meta:
        verbose_name = _("panel")
        verbose_name_plural = _("panels")
        ordering = ("-created_at", "-pk")

    def __str__(self) -> str:
        return self.title


class PanelTransition(Transition):
    """One move of a panel."""

    subject = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="transitions")


class PanelFrame(models.Model):
    """One frame that a panel tests."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="frames")
    frame = models.ForeignKey(
        Frame, verbose_name=_("frame"), on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("frame of the panel")
        verbose_name_plural = _("frames of the panel")
        constraints = [
            models.UniqueConstraint(fields=["panel", "frame"], name="frame_once_a_panel"),
        ]


class Kind(models.TextChoices):
    """How a question is answered."""

    RATING = "rating", _("1 to 5")
    CHOICE = "choice", _("One of several")
    TEXT = "text", _("Short text")


class Question(models.Model):
    """One question of a panel, asked of each of its frames."""

    panel = models.ForeignKey(Panel, on_delete=models.CASCADE, related_name="questions")
    words = models.CharField(_("question"), max_length=140)
    kind = models.CharField(_("answered by"), max_length=10, choices=Kind.choices)
    choices = ArrayField(
        models.CharField(max_length=60, validators=[MinLengthValidator(1)]),
        verbose_name=_("choices"),
        default=list,
        blank=True,
        size=8,
        help_text=_("Separated by commas; for “One of several” only."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("position", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="choice", choices__len__gte=2)
                | (~models.Q(kind="choice") & models.Q(choices=[])),
                name="choices_where_chosen",
            ),
        ]


class Tester(models.Model):
    """Somebody invited to a panel."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="testers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panels"
    )
    state = models.CharField(
        max_length=10, choices=TesterState.choices, default=TesterState.INVITED
    )
    invited_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("tester")
        verbose_name_plural = _("testers")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["panel", "user"], name="tester_once_a_panel"),
        ]


class TesterTransition(Transition):
    """One move of a tester."""

    subject = models.ForeignKey(Tester, on_delete=models.CASCADE, related_name="transitions")


class Feedback(models.Model):
    """What one tester says of one frame."""

    tester = models.ForeignKey(Tester, on_delete=models.CASCADE, related_name="feedback")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tester", "frame"], name="feedback_once_a_frame"),
        ]


class Answer(models.Model):
    """The answer to one question: a number, a choice or words, as the question wants it."""

    feedback = models.ForeignKey(Feedback, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    rating = models.PositiveSmallIntegerField(null=True)
    choice = models.CharField(max_length=60, blank=True)
    text = models.CharField(max_length=ANSWER_LENGTH, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feedback", "question"], name="one_answer_a_question"),
            models.CheckConstraint(
                condition=models.Q(rating__isnull=True) | models.Q(rating__range=(1, 5)),
                name="rating_1_to_5",
            ),
        ]
