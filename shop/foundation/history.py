"""The one pattern of states: checked under a lock, moved, written down."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.errors import ConflictError
from shop.foundation.plain_text import one_line
from shop.foundation.postgres.inserts import insert_rows
from shop.foundation.postgres.updates import update_row

Moves = Mapping[Any, frozenset[Any]]


class IllegalMoveError(ConflictError):
    """A state does not lead to the one asked for."""

    code = "illegal_move"


class Transition(models.Model):
    """One move of one thing: who, when, from, to, why. Rows are only ever added.

    A room makes it concrete and adds ``subject``, a foreign key to what moves.
    """

    from_state = models.CharField(max_length=20)
    to_state = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
        ordering = ("at", "pk")

    @property
    def note(self) -> str:
        """Why, in the reader's language: the shop's own reasons are kept as ``gettext_noop``."""
        return gettext(self.reason)


def can_move(moves: Moves, from_state: str, to_state: str) -> bool:
    """Tell whether ``moves`` leads from one state to the other in one step."""
    return to_state in moves.get(from_state, frozenset())


def in_words(subject: models.Model, state: str) -> str:
    """Return the name people read for a state of ``subject``."""
    field = subject._meta.get_field("state")
    assert isinstance(field, models.Field)
    return str(dict(field.flatchoices).get(state, state))


def latest_move(history: type[Transition], subject: models.Model) -> Transition | None:
    """Return the last move of a subject, with who made it; nothing of one without a history."""
    of_subject: dict[str, Any] = {"subject": subject}
    moves = history._default_manager.filter(**of_subject).select_related("actor")
    return moves.order_by("-at", "-pk").first()


def told(
    latest: Transition, subject: models.Model, *, zone: tzinfo | None = None
) -> dict[str, str]:
    """Return ``who`` made a move, ``when`` and to ``now``, in words.

    Args:
        latest: the move.
        subject: what was moved.
        zone: the reader's; the page's if not given. The API is in none, and its words are read too.
    """
    return {
        "who": str(latest.actor or gettext("The shop")),
        "when": date_format(timezone.localtime(latest.at, zone), "SHORT_DATETIME_FORMAT"),
        "now": in_words(subject, latest.to_state),
    }


def _refusal(
    subject: models.Model, to_state: str, *, history: type[Transition], by: Any
) -> IllegalMoveError:
    """Return what is in the way; people who work here are told by whom, customers are not."""
    from_state = str(vars(subject)["state"])
    wanted = in_words(subject, to_state)
    latest = latest_move(history, subject) if getattr(by, "is_staff", False) else None
    zone = getattr(by, "zone", None)
    if from_state == to_state and latest is not None:
        return IllegalMoveError(
            _("This is “%(now)s” already: %(who)s did it (%(when)s).")
            % told(latest, subject, zone=zone),
            state=from_state,
            moved_by=str(latest.actor or ""),
            moved_at=latest.at.isoformat(),
        )
    if latest is None:
        return IllegalMoveError(
            _("This is “%(now)s” and cannot become “%(wanted)s”. Reload to see where it stands.")
            % {"now": in_words(subject, from_state), "wanted": wanted},
            state=from_state,
        )
    return IllegalMoveError(
        _("%(who)s made this “%(now)s” (%(when)s), so that it cannot become “%(wanted)s” any more.")
        % {**told(latest, subject, zone=zone), "wanted": wanted},
        state=from_state,
        moved_by=str(latest.actor or ""),
        moved_at=latest.at.isoformat(),
    )


def move(
    subject: Any,
    to_state: str,
    *,
    moves: Moves,
    history: type[Transition],
    by: Any = None,
    reason: str = "",
    fields: Mapping[str, Any] | None = None,
    noted: Mapping[str, Any] | None = None,
) -> None:
    """Move ``subject`` to ``to_state`` and write the move down.

    Args:
        subject: a row with a ``state``, locked by the caller in this transaction.
        to_state: where to.
        moves: every legal step, by the state it leaves.
        history: the concrete ``Transition`` of the subject.
        by: the user who did it; nobody where the shop did.
        reason: why, in plain words, for the timeline; the shop's own in ``gettext_noop``.
        fields: other fields to set in the same write.
        noted: what else this history keeps of a move, such as an amount.

    Raises:
        IllegalMoveError: the subject's state does not lead there.
        CardNumberError: the reason holds a card number.
    """
    reason = one_line(reason)
    refuse_card_numbers(reason)
    from_state = subject.state
    if not can_move(moves, from_state, to_state):
        raise _refusal(subject, to_state, history=history, by=by)
    subject.state = to_state
    for name, value in (fields or {}).items():
        setattr(subject, name, value)
    update_row(subject, ["state", *(fields or {})])
    row: dict[str, Any] = {"subject": subject, "actor": by, "reason": reason[:300]}
    insert_rows([history(from_state=from_state, to_state=to_state, **row, **(noted or {}))])
