"""Proposing ideas, voting for them and reporting them."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from sharing.ideas.errors import (
    IdeaInvalidError,
    IdeaMissingError,
    IdeaSettledError,
    OwnIdeaError,
)
from sharing.ideas.models import (
    REASON_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Idea,
    IdeaReport,
    IdeaTransition,
    IdeaVote,
)
from sharing.ideas.states import VOTED_ON, IdeaState
from shop.analytics.names import EventName
from shop.analytics.queries import event_of
from shop.analytics.services import customer, record
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.limits import count_against
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.plain_text import one_line, several_lines

IDEAS_A_DAY = 10
VOTES_AN_HOUR = 120
DAY, HOUR = 24 * 3600, 3600


def add_idea(*, user: User, title: str, text: str = "") -> Idea:
    """Propose an idea.

    Args:
        user: who proposes it.
        title: one line of up to ``TITLE_LENGTH`` characters.
        text: up to ``TEXT_LENGTH`` characters.

    Raises:
        IdeaInvalidError: the title is empty, or either is too long.
        CardNumberError: one of them holds a card number.
        TooManyError: she has proposed too many today.
    """
    title, text = one_line(title), several_lines(text)
    if not title:
        raise IdeaInvalidError(_("Say your idea in a line first."))
    if len(title) > TITLE_LENGTH or len(text) > TEXT_LENGTH:
        raise IdeaInvalidError(
            _("Please say it in %(title)s characters, and more about it in %(text)s.")
            % {"title": TITLE_LENGTH, "text": TEXT_LENGTH}
        )
    refuse_card_numbers(title, text)
    count_against("idea", str(user.pk), limit=IDEAS_A_DAY, seconds=DAY)
    with transaction.atomic():
        idea = Idea.objects.create(author=user, title=title, text=text)
        IdeaTransition.objects.create(subject=idea, from_state="", to_state=idea.state, actor=user)
        record(
            EventName.IDEA_ADDED,
            key=f"{EventName.IDEA_ADDED}:{idea.pk}",
            subject=("idea", idea.pk),
            person=customer(user),
            occurred_at=idea.created_at,
        )
        return idea


def vote_for(*, user: User, idea_id: uuid.UUID) -> Idea:
    """Vote for an idea; voted twice is one vote.

    Raises:
        IdeaMissingError: there is no such idea, or it is hidden.
        OwnIdeaError: it is her own.
        IdeaSettledError: it is built, declined or merged.
        TooManyError: she has voted too often this hour.
    """
    count_against("idea-vote", str(user.pk), limit=VOTES_AN_HOUR, seconds=HOUR)
    with transaction.atomic():
        idea = _to_vote_on(user, idea_id)
        vote, first = IdeaVote.objects.get_or_create(idea=idea, user=user)
        if first:
            _count(idea)
            record(
                EventName.IDEA_VOTED,
                # By the vote: taken back and cast again she has voted anew.
                key=f"{EventName.IDEA_VOTED}:{vote.pk}",
                subject=("idea", idea.pk),
                person=customer(user),
                caused_by=event_of(f"{EventName.IDEA_ADDED}:{idea.pk}"),
            )
        return idea


def take_vote_back(*, user: User, idea_id: uuid.UUID) -> Idea:
    """Take a vote back; where there is none nothing changes.

    Raises:
        IdeaMissingError: there is no such idea, or it is hidden.
        OwnIdeaError: it is her own.
        IdeaSettledError: it is built, declined or merged: what was asked for stays as it was.
    """
    with transaction.atomic():
        idea = _to_vote_on(user, idea_id)
        deleted, _rows = IdeaVote.objects.filter(idea=idea, user=user).delete()
        if deleted:
            _count(idea)
        return idea


def report_idea(*, user: User, idea_id: uuid.UUID, reason: str = "") -> None:
    """Ask the shop to look at an idea; reported twice is one report.

    Raises:
        IdeaMissingError: there is no such idea, or it is hidden.
        OwnIdeaError: it is her own.
        IdeaInvalidError: the reason is too long.
        CardNumberError: it holds a card number.
        TooManyError: she has reported too often today.
    """
    reason = one_line(reason)
    refuse_card_numbers(reason)
    if len(reason) > REASON_LENGTH:
        raise IdeaInvalidError(
            _("Please say it in %(limit)s characters.") % {"limit": REASON_LENGTH}
        )
    count_against("idea-report", str(user.pk), limit=IDEAS_A_DAY, seconds=DAY)
    with transaction.atomic():
        idea = _shown(idea_id)
        if idea.author_id == user.pk:
            raise OwnIdeaError(_("This is your own idea."))
        IdeaReport.objects.get_or_create(idea=idea, user=user, defaults={"reason": reason})


def erase_from_ideas(*, user: User) -> int:
    """Forget a person: her ideas are nobody's, and blank and hidden where no one else asked.

    An idea others voted for stays, without her; her own votes and reports are gone.

    Returns:
        How many ideas were hers.
    """
    with transaction.atomic():
        voted = IdeaVote.objects.filter(user=user).values_list("idea_id", flat=True)
        hers = Idea.objects.filter(author=user).values_list("pk", flat=True)
        ideas = lock_rows(Idea, [*voted, *hers])
        IdeaVote.objects.filter(user=user).delete()
        IdeaReport.objects.filter(user=user).delete()
        mine = 0
        for idea in ideas:
            _count(idea)
            if idea.author_id == user.pk:
                mine += 1
                _disown(idea)
        return mine


def _disown(idea: Idea) -> None:
    idea.author = None
    if idea.votes_count == 0:
        idea.title, idea.text = "–", ""
        idea.hidden_at = idea.hidden_at or idea.created_at
    idea.save(update_fields=["author", "title", "text", "hidden_at"])


def _shown(idea_id: uuid.UUID) -> Idea:
    try:
        idea = lock_row(Idea, idea_id)
    except Idea.DoesNotExist as error:
        raise idea_missing() from error
    if idea.hidden_at is not None:
        raise idea_missing()
    return idea


def idea_missing() -> IdeaMissingError:
    """Return what to raise where there is no idea to be seen."""
    return IdeaMissingError(_("There is no such idea."))


def _to_vote_on(user: User, idea_id: uuid.UUID) -> Idea:
    idea = _shown(idea_id)
    if idea.author_id == user.pk:
        raise OwnIdeaError(_("This is your own idea: the others vote for it."))
    if idea.state not in VOTED_ON:
        raise IdeaSettledError(
            _("This idea is “%(state)s”; there is nothing to vote on any more.")
            % {"state": IdeaState(idea.state).label}
        )
    return idea


def _count(idea: Idea) -> None:
    idea.votes_count = idea.votes.count()
    idea.save(update_fields=["votes_count"])
