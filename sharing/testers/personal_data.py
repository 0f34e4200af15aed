"""Testers: to what somebody was invited, and what she said of frames."""

from typing import Any

from sharing.testers.models import Answer, Tester
from sharing.testers.services.feedback import erase_feedback
from sharing.testers.services.panels import leave_panels
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)


def export_tests(user: Any) -> dict[str, Any]:
    """Return her invitations and all she answered."""
    invited = Tester.objects.filter(user=user).order_by("invited_at", "pk")
    answers = Answer.objects.filter(feedback__tester__user=user).order_by("pk")
    return {
        "invitations": list(invited.values("panel__title", "state", "invited_at")),
        "answers": list(
            answers.values("feedback__frame__name", "question__words", "rating", "choice", "text")
        ),
    }


def erase_words(user: Any) -> int:
    """Blank the words she wrote; what she rated and chose stays a number."""
    return erase_feedback(user=user)


def erase_tests(user: Any) -> int:
    """Take her out of every panel; she sees no frame early any more."""
    return leave_panels(user=user)


register_personal_data(
    "sharing.testers",
    holds={"sharing.Answer": ["text"]},
    export=export_tests,
    erase={Scope.COMMENTS: erase_words, Scope.ACCOUNT: erase_tests},
)
not_personal("sharing.Answer", "choice", why="Words of the shop's, one of which was chosen.")
not_personal("sharing.Panel", why="Words of the shop's.")
not_personal("sharing.Question", why="Words of the shop's.")
keep_personal_data(
    "sharing.Tester",
    "user",
    why="Ratings are one tester's, once a frame; by number, of an account without a name.",
)
