"""What lower pages' slots need to know of bookmarks."""

from typing import Any

from django import template
from django.template import Context

from sharing.bookmarks.models import Bookmark
from sharing.bookmarks.queries.colleagues import notes_on
from sharing.bookmarks.queries.finding import found
from sharing.bookmarks.views.notes import shown_note
from sharing.circles.queries import open_circles_of
from sharing.circles.states import CircleKind
from shop.catalogue.models import Frame
from shop.customers.models import User

register = template.Library()


@register.simple_tag(takes_context=True)
def saved_already(context: Context, frame: Frame) -> Bookmark | None:
    """Return how the reader saved a frame, if she did: her latest bookmark of it."""
    user = context["request"].user
    if not isinstance(user, User):
        return None
    return found(user, person=user, frame=frame).newest().first()


@register.simple_tag(takes_context=True)
def colleagues_notes(context: Context, kind: str, thing: Any) -> dict[str, Any]:
    """Return what colleagues noted on a thing, and the reader's circles to note more for."""
    request = context["request"]
    user = request.user
    if not isinstance(user, User) or not user.is_staff:
        return {"circles": [], "notes": []}
    # A page asks of several things, of the same reader.
    if not hasattr(request, "staff_circles"):
        request.staff_circles = open_circles_of(user, kind=CircleKind.STAFF)
    circles = request.staff_circles
    notes = notes_on(user, **{kind: thing}) if circles else []
    return {"circles": circles, "notes": [shown_note(each, user) for each in notes]}
