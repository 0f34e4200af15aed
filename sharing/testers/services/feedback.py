"""What testers say of frames: once each, changeable until the panel closes."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.testers.errors import FeedbackInvalidError, NotATesterError, PanelClosedError
from sharing.testers.models import ANSWER_LENGTH, Answer, Feedback, Kind, Panel, Question, Tester
from sharing.testers.services.panels import locked_panel, panel_missing
from sharing.testers.states import PanelState, TesterState
from shop.analytics.names import EventName
from shop.analytics.queries import event_of
from shop.analytics.services import customer, record
from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import several_lines
from trials.home_trials.models import TrialItem

RATINGS = range(1, 6)


def give_feedback(
    *, user: User, panel_id: uuid.UUID, handle: str, answers: Mapping[int, object]
) -> Feedback:
    """Answer a panel's questions about one of its frames, or put new answers in their place.

    Args:
        user: the tester.
        panel_id: the panel.
        handle: the frame's.
        answers: by the question's id: 1 to 5, one of its choices, or up to ``ANSWER_LENGTH``
            characters. Words may be left out, the others may not.

    Raises:
        PanelMissingError: she was not invited, or the frame is none of the panel's.
        NotATesterError: she has not accepted.
        PanelClosedError: the panel is not open.
        FeedbackInvalidError: an answer is missing, unknown, or none its question takes.
        CardNumberError: a text holds a card number.
    """
    with transaction.atomic():
        mine = Tester.objects.filter(panel_id=panel_id, user=user).first()
        if mine is None:
            raise panel_missing()
        panel = locked_panel(panel_id)
        tester = lock_row(Tester, mine.pk)
        _check(panel, tester)
        frame_id = panel.frames.filter(frame__handle=handle).values_list("frame", flat=True).first()
        if frame_id is None:
            raise panel_missing()
        written = _written(list(panel.questions.all()), answers)
        feedback, is_first = Feedback.objects.get_or_create(tester=tester, frame_id=frame_id)
        feedback.answers.all().delete()
        Answer.objects.bulk_create(
            Answer(feedback=feedback, question=question, **values) for question, values in written
        )
        if is_first:
            _record(feedback, panel, user)
        else:
            feedback.changed_at = timezone.now()
            feedback.save(update_fields=["changed_at"])
        return feedback


def erase_feedback(*, user: User) -> int:
    """Blank the words a tester wrote; her ratings and choices are counted on, without a name.

    Returns:
        How many answers were blanked.
    """
    words = Answer.objects.filter(feedback__tester__user=user).exclude(text="")
    return words.update(text="")


def _check(panel: Panel, tester: Tester) -> None:
    if tester.state == TesterState.REMOVED:
        raise panel_missing()
    if panel.state != PanelState.OPEN:
        raise PanelClosedError(_("This test is over; your answers stay as they are."))
    if tester.state != TesterState.ACCEPTED:
        raise NotATesterError(_("Accept the invitation first."))


def _written(
    questions: list[Question], answers: Mapping[int, object]
) -> list[tuple[Question, dict[str, Any]]]:
    if set(answers) - {question.pk for question in questions}:
        raise FeedbackInvalidError(_("One of these questions is not asked any more."))
    found = []
    for question in questions:
        values = _answer(question, answers.get(question.pk))
        if values:
            found.append((question, values))
    return found


def _answer(question: Question, given: object) -> dict[str, Any]:
    text = several_lines(str(given)) if given is not None else ""
    wrong = FeedbackInvalidError(
        _("Please answer: %(question)s") % {"question": question.words}, question=question.pk
    )
    if question.kind == Kind.RATING:
        if text not in {str(each) for each in RATINGS}:
            raise wrong
        return {"rating": int(text)}
    if question.kind == Kind.CHOICE:
        if text not in question.choices:
            raise wrong
        return {"choice": text}
    if len(text) > ANSWER_LENGTH:
        raise FeedbackInvalidError(
            _("Please say it in %(limit)s characters.") % {"limit": ANSWER_LENGTH}
        )
    refuse_card_numbers(text)
    return {"text": text} if text else {}


def _record(feedback: Feedback, panel: Panel, user: User) -> None:
    worn = (
        TrialItem.objects.filter(
            trial__user=user, variant__frame=feedback.frame_id, trial__delivered_at__isnull=False
        )
        .order_by("-trial__delivered_at")
        .values_list("trial_id", flat=True)
        .first()
    )
    record(
        EventName.FEEDBACK_GIVEN,
        key=f"{EventName.FEEDBACK_GIVEN}:{feedback.pk}",
        subject=("panel", panel.pk),
        person=customer(user),
        caused_by=event_of(f"{EventName.TRIAL_DELIVERED}:{worn}") if worn else None,
        details={"frame": feedback.frame_id, "trial": str(worn or "")},
    )
