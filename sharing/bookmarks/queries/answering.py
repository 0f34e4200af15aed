"""Who in my circle tried narrow bridges? Answered with names, frames and notes."""

from dataclasses import dataclass, field

from django.db.models import Q

from sharing.bookmarks.models import Bookmark
from sharing.bookmarks.queries.finding import found
from sharing.bookmarks.tags import NARROW_BRIDGE_MM, WIDE_BRIDGE_MM
from sharing.circles.models import Block, Circle, Membership
from shop.customers.models import User
from trials.home_trials.models import TrialItem
from trials.home_trials.states import ItemOutcome

# People of a circle are few; what each of them tried is not.
MOST = 300
BRIDGES: dict[str, dict[str, int]] = {
    "narrow": {"bridge_mm__lte": NARROW_BRIDGE_MM},
    "medium": {"bridge_mm__gt": NARROW_BRIDGE_MM, "bridge_mm__lt": WIDE_BRIDGE_MM},
    "wide": {"bridge_mm__gte": WIDE_BRIDGE_MM},
}


@dataclass(frozen=True)
class Asked:
    """What the frames must be like; an empty word asks for nothing.

    Attributes:
        bridge: one of ``BRIDGES``.
        shape: one of ``Shape``; ``width`` one of ``Width``; ``colour`` a family of colours.
    """

    bridge: str = ""
    shape: str = ""
    width: str = ""
    colour: str = ""

    @property
    def anything(self) -> bool:
        """Whether a question was asked at all."""
        return bool(self.bridge or self.shape or self.width or self.colour)


@dataclass
class Tried:
    """A frame somebody of the circle knows.

    Attributes:
        name: the frame's, with the colour where she said it.
        handle: of its page.
        how: ``kept``, ``tried`` or ``saved``: the most telling.
        note: her words; ``tags`` hers, too.
    """

    name: str
    handle: str
    how: str
    note: str = ""
    tags: list[str] = field(default_factory=list)


@dataclass
class Answer:
    """Somebody of the circle, and the frames asked for that she knows."""

    person: User
    frames: list[Tried]


def who_tried(*, viewer: User, circle: Circle, asked: Asked) -> list[Answer]:
    """Answer a question from what the circle's people share with it, and from nothing else.

    That is what they saved for the circle, and their trials where they allowed it there.

    Args:
        viewer: who asks, and is in the circle.
        circle: whose people are asked.
        asked: what the frames must be like.
    """
    if not asked.anything:
        return []
    answers: dict[int, Answer] = {}
    for item in _items(viewer, circle, asked):
        how = "kept" if item.outcome == ItemOutcome.KEPT else "tried"
        frame = item.variant.frame
        _add(answers, item.trial.user, Tried(str(item.variant), frame.handle, how))
    for bookmark in _saved(viewer, circle, asked):
        name = str(bookmark.variant or bookmark.frame)
        assert bookmark.frame is not None
        handle = bookmark.frame.handle
        tried = Tried(name, handle, "saved", bookmark.note, bookmark.tags)
        _add(answers, bookmark.owner, tried)
    return list(answers.values())


def _saved(viewer: User, circle: Circle, asked: Asked) -> list[Bookmark]:
    bookmarks = found(viewer, circle=circle).filter(_fits(asked, "frame__"))
    if asked.colour:
        no_colour = Q(variant=None, frame__colour_families__contains=[asked.colour])
        bookmarks = bookmarks.filter(Q(variant__colour_family=asked.colour) | no_colour)
    rows = bookmarks.select_related("owner__shelf", "frame", "variant__frame").newest()
    return list(rows[:MOST])


def _items(viewer: User, circle: Circle, asked: Asked) -> list[TrialItem]:
    blocked = Block.objects.filter(blocked=viewer).values("blocker")
    allowed = Membership.objects.present().filter(circle=circle, shows_trials=True)
    items = TrialItem.objects.filter(
        _fits(asked, "variant__frame__"),
        trial__user__in=allowed.exclude(user__in=blocked).values("user"),
        trial__delivered_at__isnull=False,
        variant__frame__published=True,
    )
    if asked.colour:
        items = items.filter(variant__colour_family=asked.colour)
    rows = items.select_related("trial__user__shelf", "variant__frame")
    return list(rows.order_by("-trial__delivered_at", "pk")[:MOST])


def _fits(asked: Asked, frame: str) -> Q:
    fits = Q(**{f"{frame}shape": asked.shape}) if asked.shape else Q()
    if asked.width:
        fits &= Q(**{f"{frame}width": asked.width})
    if asked.bridge in BRIDGES:
        limits = BRIDGES[asked.bridge]
        fits &= Q(**{f"{frame}{name}": value for name, value in limits.items()})
    return fits


def _add(answers: dict[int, Answer], person: User, tried: Tried) -> None:
    answer = answers.setdefault(person.pk, Answer(person, []))
    for known in answer.frames:
        if known.handle == tried.handle and (
            known.name == tried.name or tried.name in known.name or known.name in tried.name
        ):
            known.note, known.tags = known.note or tried.note, known.tags or tried.tags
            return
    answer.frames.append(tried)
