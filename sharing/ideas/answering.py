"""What the maker does with ideas: answer, merge, hide, and tell those who asked."""

import uuid
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.ideas.errors import IdeaInvalidError, IdeaMissingError, NotStaffError
from sharing.ideas.models import ANSWER_LENGTH, Idea, IdeaReport, IdeaTransition, IdeaVote
from sharing.ideas.states import ANSWERS, MOVES, IdeaState
from shop.analytics.names import EventName
from shop.analytics.queries import event_of
from shop.analytics.services import record, staff
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.history import IllegalMoveError, move
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.outbox import publish
from shop.foundation.plain_text import several_lines
from shop.messages.services.notifying import notify
from shop.messages.topics import Topic

# How many people are told in one transaction.
PORTION = 200


def answer_idea(*, idea_id: uuid.UUID, by: User, state: str, text: str, seen: str) -> Idea:
    """Answer an idea in the maker's name; whoever asked is mailed once when it is built.

    Args:
        idea_id: which idea.
        by: who answers.
        state: where it stands now, one of ``ANSWERS``; the same state changes the words alone.
        text: up to ``ANSWER_LENGTH`` characters, read by everybody.
        seen: the state she has read it in.

    Raises:
        NotStaffError: she does not work here.
        IdeaMissingError: there is no such idea.
        IdeaInvalidError: no such state, or the text is empty or too long.
        IllegalMoveError: the state does not lead there, or has changed since it was ``seen``.
        CardNumberError: the text holds a card number.
    """
    _check_staff(by)
    text = several_lines(text)
    if state not in ANSWERS:
        raise IdeaInvalidError(_("Choose where the idea stands."))
    if not 0 < len(text) <= ANSWER_LENGTH:
        raise IdeaInvalidError(
            _("Please answer in 1 to %(limit)s characters.") % {"limit": ANSWER_LENGTH}
        )
    refuse_card_numbers(text)
    with transaction.atomic():
        idea = _locked(idea_id)
        if idea.state != seen:
            raise IllegalMoveError(
                _("Somebody has answered this idea since you opened it. Read it first."),
                state=idea.state,
            )
        fields = {"answer": text, "answered_by": by, "answered_at": timezone.now()}
        if idea.state == state and idea.state != IdeaState.MERGED:
            for name, value in fields.items():
                setattr(idea, name, value)
            idea.save(update_fields=list(fields))
        else:
            move(idea, state, moves=MOVES, history=IdeaTransition, by=by, fields=fields)
        _record(idea, by)
        return idea


def merge_idea(*, idea_id: uuid.UUID, into_id: uuid.UUID, by: User) -> Idea:
    """Merge a duplicate into another idea, with its votes: each voter counts once there.

    Who proposed the duplicate asked for it too, and becomes a voter of the other; who proposed the
    other is none, even if she voted for the duplicate.

    Args:
        idea_id: the duplicate.
        into_id: the idea that stays.
        by: who decides.

    Returns:
        The idea that stays.

    Raises:
        NotStaffError: she does not work here.
        IdeaMissingError: there is no such idea.
        IdeaInvalidError: the two are one, or the other is merged itself.
        IllegalMoveError: the duplicate is built or merged already.
    """
    _check_staff(by)
    if idea_id == into_id:
        raise IdeaInvalidError(_("Choose another idea to merge this one into."))
    with transaction.atomic():
        locked = {each.pk: each for each in lock_rows(Idea, [idea_id, into_id])}
        if len(locked) != 2:
            raise IdeaMissingError(_("There is no such idea."))
        idea, into = locked[idea_id], locked[into_id]
        if into.state == IdeaState.MERGED or into.hidden_at is not None:
            raise IdeaInvalidError(_("The other idea is merged or hidden itself."))
        fields = {"merged_into": into, "votes_count": 0}
        voters = {*idea.votes.values_list("user_id", flat=True)}
        if idea.author_id is not None:
            voters.add(idea.author_id)
        voters -= {into.author_id or 0}
        move(idea, IdeaState.MERGED, moves=MOVES, history=IdeaTransition, by=by, fields=fields)
        IdeaVote.objects.bulk_create(
            (IdeaVote(idea=into, user_id=user_id) for user_id in sorted(voters)),
            ignore_conflicts=True,
        )
        idea.votes.all().delete()
        into.votes_count = into.votes.count()
        into.save(update_fields=["votes_count"])
        event = _record(idea, by)
        if into.state == IdeaState.BUILT:
            # Built already: those who came with the duplicate have not heard of it.
            publish("ideas.tell_built", {"idea": str(into.pk), "event": str(event)})
        return into


def hide_idea(*, idea_id: uuid.UUID, by: User) -> Idea:
    """Take an idea off the list; what was reported of it is settled. Hidden twice is no error.

    Raises:
        NotStaffError: she does not work here.
        IdeaMissingError: there is no such idea.
    """
    return _show(idea_id, by, hidden=True)


def show_idea(*, idea_id: uuid.UUID, by: User) -> Idea:
    """Put an idea back on the list, or find nothing wrong with one that was reported.

    Raises:
        NotStaffError: she does not work here.
        IdeaMissingError: there is no such idea.
    """
    return _show(idea_id, by, hidden=False)


def tell_built(*, idea_id: uuid.UUID, event: uuid.UUID) -> int:
    """Tell who proposed and who voted that an idea is built: each once, however often called.

    Votes are final by then; a merge that brings more calls again. It goes by portions, each in a
    transaction of its own, so that ten thousand voters hold nothing up.

    Args:
        idea_id: the idea.
        event: that led to it.

    Returns:
        How many people it went through.
    """
    idea = Idea.objects.filter(pk=idea_id, state=IdeaState.BUILT, hidden_at=None).first()
    if idea is None:
        return 0
    asked = set(idea.votes.values_list("user_id", flat=True))
    if idea.author_id is not None:
        asked.add(idea.author_id)
    people = User.objects.filter(pk__in=asked, is_active=True).order_by("pk")
    for portion in _portions(people.iterator(chunk_size=PORTION)):
        with transaction.atomic():
            for person in portion:
                _tell(idea, person, event)
    return len(asked)


def _record(idea: Idea, by: User) -> uuid.UUID:
    event = record(
        EventName.IDEA_ANSWERED,
        key=f"{EventName.IDEA_ANSWERED}:{idea.pk}:{uuid.uuid4()}",
        subject=("idea", idea.pk),
        person=staff(by),
        caused_by=event_of(f"{EventName.IDEA_ADDED}:{idea.pk}"),
        details={"state": str(idea.state), "into": str(idea.merged_into_id or "")},
    )
    if idea.state == IdeaState.BUILT:
        publish("ideas.tell_built", {"idea": str(idea.pk), "event": str(event)})
    return event


def _tell(idea: Idea, person: User, event: uuid.UUID) -> None:
    notify(
        user=person,
        topic=Topic.IDEAS,
        template="idea_built",
        context={
            "title": idea.title,
            "answer": idea.answer,
            "own": person.pk == idea.author_id,
            "path": reverse("sharing:idea", args=[idea.pk]),
        },
        key=f"idea_built:{idea.pk}:{person.pk}",
        about=idea.pk,
        caused_by=event,
    )


def _portions(people: Iterable[User]) -> Iterator[list[User]]:
    rest = iter(people)
    while portion := list(islice(rest, PORTION)):
        yield portion


def _show(idea_id: uuid.UUID, by: User, *, hidden: bool) -> Idea:
    _check_staff(by)
    with transaction.atomic():
        idea = _locked(idea_id)
        if (idea.hidden_at is not None) != hidden:
            idea.hidden_at = timezone.now() if hidden else None
            idea.save(update_fields=["hidden_at"])
        IdeaReport.objects.filter(idea=idea, settled_at=None).update(settled_at=timezone.now())
        return idea


def _check_staff(by: User) -> None:
    if not (by.is_active and by.is_staff):
        raise NotStaffError(_("Only people who work here answer ideas."))


def _locked(idea_id: uuid.UUID) -> Idea:
    try:
        return lock_row(Idea, idea_id)
    except Idea.DoesNotExist as error:
        raise IdeaMissingError(_("There is no such idea.")) from error
