"""Panels as testers and staff see them, read in a fixed number of queries."""

import uuid
from dataclasses import dataclass

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from sharing.testers.errors import PanelMissingError
from sharing.testers.models import Answer, Feedback, Panel, PanelFrame, Question, Tester
from sharing.testers.states import PanelState, TesterState
from shop.catalogue.models import Frame, Variant
from shop.catalogue.queries import image_urls
from shop.customers.models import User


def invitations_of(user: User) -> QuerySet[Tester]:
    """Return a customer's invitations with their panels, the latest first."""
    return (
        Tester.objects.filter(user=user)
        .exclude(state=TesterState.REMOVED)
        .exclude(panel__state=PanelState.DRAFT)
        .select_related("panel")
        .order_by("-invited_at", "-pk")
    )


def invitation_of(*, user: User, panel_id: uuid.UUID) -> Tester:
    """Return a customer's invitation to one panel.

    Raises:
        PanelMissingError: she was not invited, or was removed.
    """
    found = invitations_of(user).filter(panel_id=panel_id).first()
    if found is None:
        raise PanelMissingError(_("There is no such test."))
    return found


@dataclass(frozen=True)
class ShownFrame:
    """A frame of a panel as its tester sees it.

    Attributes:
        frame: the frame.
        variants: those that can be tried.
        image_url: the first one's picture; may be empty.
        feedback: what she has said, if she has.
    """

    frame: Frame
    variants: list[Variant]
    image_url: str
    feedback: Feedback | None


def frames_for(tester: Tester) -> list[ShownFrame]:
    """Return what a tester tests, by name: nothing unless she accepted and the panel is open."""
    if tester.state != TesterState.ACCEPTED or tester.panel.state != PanelState.OPEN:
        return []
    sold = Prefetch("variants", queryset=Variant.objects.filter(active=True).order_by("position"))
    frames = list(
        Frame.objects.filter(pk__in=tester.panel.frames.values("frame"))
        .prefetch_related(sold)
        .order_by("name", "pk")
    )
    pictures = image_urls(each.pk for frame in frames for each in frame.variants.all())
    said = {
        each.frame_id: each
        for each in tester.feedback.prefetch_related(Prefetch("answers", Answer.objects.all()))
    }
    return [
        ShownFrame(
            frame,
            variants := list(frame.variants.all()),
            next((pictures[each.pk] for each in variants if each.pk in pictures), ""),
            said.get(frame.pk),
        )
        for frame in frames
    ]


def questions_of(panel: Panel) -> list[Question]:
    """Return a panel's questions in their order."""
    return list(panel.questions.order_by("position", "pk"))


def panels() -> QuerySet[Panel]:
    """Return all panels with how many were invited, test and answered, the latest first."""
    accepted = Q(testers__state=TesterState.ACCEPTED)
    return Panel.objects.annotate(
        invited=Count("testers", distinct=True),
        accepted=Count("testers", filter=accepted, distinct=True),
        answers=Count("testers__feedback", distinct=True),
    ).order_by("-created_at", "-pk")


def staff_panel(panel_id: uuid.UUID) -> Panel:
    """Return any panel with its frames and questions, for people who work here.

    Raises:
        PanelMissingError: there is none.
    """
    frames = Prefetch("frames", queryset=PanelFrame.objects.select_related("frame"))
    found = panels().filter(pk=panel_id).prefetch_related(frames, "questions").first()
    if found is None:
        raise PanelMissingError(_("There is no such panel."))
    return found


def testers_of(panel: Panel) -> QuerySet[Tester]:
    """Return who was invited to a panel, with how many frames each has answered for."""
    return panel.testers.select_related("user").annotate(given=Count("feedback")).order_by("pk")
