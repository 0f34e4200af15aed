"""What testers said, counted: one definition, for page, API and CSV alike.

Ratings are shown as they were given, and as the share of those who gave ``GOOD`` or more, with its
interval; their mean is told too, though the steps from 1 to 5 need not be equal. Who was removed or
declined later had said it all the same, and stays counted.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count

from sharing.testers.models import Answer, Kind, Panel, Question
from shop.analytics.figures import FEWEST, Rate
from shop.catalogue.models import Frame

GOOD = 4
TEXTS_SHOWN = 100


@dataclass(frozen=True)
class QuestionResult:
    """What was answered to one question about one frame.

    Attributes:
        question: it.
        total: how many answered.
        counts: how often each rating or choice was given, in their order, each of the total.
        good: ratings of ``GOOD`` or more, of all; nothing for other questions.
        mean: of the ratings; nothing below ``FEWEST`` of them.
        texts: the latest ``TEXTS_SHOWN`` words.
    """

    question: Question
    total: int
    counts: list[tuple[str, Rate]]
    good: Rate | None
    mean: float | None
    texts: list[str]


@dataclass(frozen=True)
class FrameResult:
    """All that was said of one frame."""

    frame: Frame
    questions: list[QuestionResult]


Key = tuple[int, int]


def panel_results(panel: Panel) -> list[FrameResult]:
    """Return what a panel's testers said, frame by frame: five queries, however many answered."""
    questions = list(panel.questions.order_by("position", "pk"))
    frames = Frame.objects.filter(pk__in=panel.frames.values("frame")).order_by("name", "pk")
    given = Answer.objects.filter(question__panel=panel)
    counted: dict[Key, Counter[str]] = defaultdict(Counter)
    rows = (
        given.exclude(rating=None, choice="")
        .values_list("feedback__frame_id", "question_id", "rating", "choice")
        .annotate(count=Count("pk"))
        .order_by()
    )
    for frame_id, question_id, rating, choice, count in rows:
        counted[frame_id, question_id][str(rating) if rating is not None else choice] += count
    texts: dict[Key, list[str]] = defaultdict(list)
    written = given.exclude(text="").order_by("-feedback__changed_at", "-pk")
    for frame_id, question_id, text in written.values_list(
        "feedback__frame_id", "question_id", "text"
    ).iterator():
        texts[frame_id, question_id].append(text)
    return [
        FrameResult(
            frame,
            [
                _result(each, counted[frame.pk, each.pk], texts[frame.pk, each.pk])
                for each in questions
            ],
        )
        for frame in frames
    ]


def _result(question: Question, counted: Counter[str], texts: list[str]) -> QuestionResult:
    if question.kind == Kind.TEXT:
        return QuestionResult(question, len(texts), [], None, None, texts[:TEXTS_SHOWN])
    total = counted.total()
    steps = [str(each) for each in range(1, 6)]
    choices = steps if question.kind == Kind.RATING else list(question.choices)
    counts = [(each, Rate(counted[each], total)) for each in choices]
    if question.kind == Kind.CHOICE:
        return QuestionResult(question, total, counts, None, None, [])
    good = Rate(sum(counted[each] for each in steps if int(each) >= GOOD), total)
    mean = sum(int(each) * counted[each] for each in steps) / total if total >= FEWEST else None
    return QuestionResult(question, total, counts, good, mean, [])


HEAD = ("frame", "tester", "question", "answered by", "answer", "given at", "changed at")


def answer_rows(panel_id: uuid.UUID) -> Iterator[tuple[object, ...]]:
    """Yield every answer of a panel as a row under ``HEAD``; testers by number, not by name."""
    answers = (
        Answer.objects.filter(question__panel=panel_id)
        .select_related("question", "feedback__frame")
        .order_by("feedback__frame__name", "feedback__tester_id", "question__position", "pk")
    )
    for answer in answers.iterator(chunk_size=500):
        feedback = answer.feedback
        yield (
            feedback.frame.name,
            feedback.tester_id,
            answer.question.words,
            answer.question.kind,
            answer.rating if answer.rating is not None else answer.choice or answer.text,
            feedback.given_at.isoformat(timespec="seconds"),
            feedback.changed_at.isoformat(timespec="seconds"),
        )
