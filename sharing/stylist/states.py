"""The states of a thread and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ThreadState(models.TextChoices):
    """Whose turn it is."""

    WAITING = "waiting", _("Waits for an answer")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


MOVES = {
    ThreadState.WAITING: frozenset({ThreadState.ANSWERED, ThreadState.CLOSED}),
    ThreadState.ANSWERED: frozenset({ThreadState.WAITING, ThreadState.CLOSED}),
    # Reopened as whose turn it was; a customer who asks again reopens it as well.
    ThreadState.CLOSED: frozenset({ThreadState.WAITING, ThreadState.ANSWERED}),
}
