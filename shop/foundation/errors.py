"""Errors people may see: what happened and what to do, with a code programs can rely on.

Raised by services, shown by one place: as RFC 9457 problems in the API
(``foundation.problems``) and as messages on pages (``foundation.problem_pages``).
"""

from typing import Any


class LorgnetteError(Exception):
    """Something the caller can understand and act upon.

    Attributes:
        status: the HTTP status it answers with.
        code: a stable name in snake case, for programs.
        message: one or two sentences in the reader's language.
        extra: further members of the problem, such as the frames that are gone.
    """

    status = 409
    code = "conflict"

    def __init__(self, message: Any, *, code: str | None = None, **extra: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.extra = extra

    def __str__(self) -> str:
        return str(self.message)


class ConflictError(LorgnetteError):
    """The thing is no longer, or not yet, in a state that allows it."""


class InvalidError(LorgnetteError):
    """What was sent cannot be taken as it stands."""

    status = 422
    code = "invalid"


class MissingError(LorgnetteError):
    """There is no such thing, or not for this person."""

    status = 404
    code = "not_found"


class ForbiddenError(LorgnetteError):
    """This person may see the thing and may not do this to it."""

    status = 403
    code = "forbidden"


class TooManyError(LorgnetteError):
    """A limit on how often something may be done was reached."""

    status = 429
    code = "too_many"

    def __init__(self, message: Any, *, retry_after: int, **extra: Any) -> None:
        super().__init__(message, retry_after=retry_after, **extra)
        self.retry_after = retry_after


class GatewayError(LorgnetteError):
    """An outside service did not answer as it should; nothing was decided."""

    status = 503
    code = "try_again"
