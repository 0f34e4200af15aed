"""What a vote may say, why one is left out, and how a reported comment is decided."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReactionValue(models.TextChoices):
    """What a friend makes of a frame."""

    LOVE = "love", _("Love it")
    LIKE = "like", _("Like it")
    NOT_YOU = "not_you", _("Not you")


class LeftOut(models.TextChoices):
    """Why a vote is kept but not counted, as its gallery's owner reads it."""

    OWNER = "owner", _("from your own browser")
    BURST = "burst", _("too many at once from one network")
    SAME_DEVICE = "same_device", _("too many from one device")
    BOT = "bot", _("from a program")
    SCRIPTED = "scripted", _("sent faster than a person can look")
    BLOCKED = "blocked", _("blocked by you")
    ERASED = "erased", _("erased by whoever cast it")


# What the shop guesses from the network alone; an owner who knows her friends may say otherwise.
GUESSED = frozenset({LeftOut.BURST, LeftOut.SAME_DEVICE})


class HiddenBy(models.TextChoices):
    """Who took a voter's words off the pages."""

    OWNER = "owner", _("Hidden by the owner")
    STAFF = "staff", _("Hidden by the shop")


class ReportState(models.TextChoices):
    """Where a reported comment stands."""

    OPEN = "open", _("To be decided")
    KEPT = "kept", _("Kept")
    HIDDEN = "hidden", _("Hidden")


REPORT_MOVES = {
    ReportState.OPEN: frozenset({ReportState.KEPT, ReportState.HIDDEN}),
    # Whoever decided may think better of it.
    ReportState.KEPT: frozenset({ReportState.HIDDEN}),
    ReportState.HIDDEN: frozenset({ReportState.KEPT}),
}


class ResultKind(models.TextChoices):
    """What the votes of a gallery decide (``sharing.votes.result``)."""

    NONE = "none", _("Nobody has picked")
    TIE = "tie", _("A tie")
    SPLIT = "split", _("Of two minds")
    UNDECIDED = "undecided", _("Undecided")
    DECIDED = "decided", _("Decided")
