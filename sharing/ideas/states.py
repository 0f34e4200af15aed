"""The states of an idea and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdeaState(models.TextChoices):
    """What the maker makes of it."""

    PROPOSED = "proposed", _("Proposed")
    PLANNED = "planned", _("Planned")
    BUILT = "built", _("Built")
    DECLINED = "declined", _("Will not be built")
    MERGED = "merged", _("Merged")


MOVES = {
    IdeaState.PROPOSED: frozenset(
        {IdeaState.PLANNED, IdeaState.BUILT, IdeaState.DECLINED, IdeaState.MERGED}
    ),
    IdeaState.PLANNED: frozenset({IdeaState.BUILT, IdeaState.DECLINED, IdeaState.MERGED}),
    IdeaState.DECLINED: frozenset({IdeaState.PLANNED, IdeaState.BUILT, IdeaState.MERGED}),
}
# Votes may be cast and taken back.
VOTED_ON = frozenset({IdeaState.PROPOSED, IdeaState.PLANNED})
# What an answer can leave an idea at; merging needs the other idea.
ANSWERS = (IdeaState.PROPOSED, IdeaState.PLANNED, IdeaState.BUILT, IdeaState.DECLINED)
ANSWER_CHOICES = [(each.value, each.label) for each in ANSWERS]
