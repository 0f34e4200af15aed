"""Errors in the API: one shape for all, RFC 9457 problem details."""

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler

from shop.foundation.errors import LorgnetteError

CONTENT_TYPE = "application/problem+json"


class ProblemSerializer(serializers.Serializer):
    """A problem as every failing call answers it (RFC 9457)."""

    type = serializers.CharField(help_text="A stable address naming the kind of problem.")
    title = serializers.CharField(help_text="The code of the problem in English words.")
    status = serializers.IntegerField()
    detail = serializers.CharField(
        help_text="What happened and what to do, in the reader's language."
    )
    code = serializers.CharField(help_text="A stable name in snake case, for programs.")
    request_id = serializers.CharField(required=False)
    errors = serializers.DictField(  # type: ignore[assignment]
        required=False, help_text="Messages by field, where the input was at fault."
    )


def problem(*, status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """Return the members of one problem.

    Args:
        status: the HTTP status.
        code: a stable name in snake case.
        detail: what happened and what to do.
        extra: further members.
    """
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return {
        "type": f"/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **extra,
    }


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any error a view raised into a problem; unknown ones are Django's to log.

    Args:
        exc: what was raised.
        context: Django REST framework's context of the call.

    Returns:
        The answer, or nothing where the error is a defect and must become a 500.
    """
    if isinstance(exc, LorgnetteError):
        body = problem(status=exc.status, code=exc.code, detail=str(exc), **exc.extra)
        response = Response(body, status=exc.status, content_type=CONTENT_TYPE)
        if "retry_after" in exc.extra:
            response["Retry-After"] = str(exc.extra["retry_after"])
        return response
    response_or_none = exception_handler(exc, context)
    if response_or_none is None:
        return None
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    extra: dict[str, Any] = {}
    if isinstance(exc, exceptions.ValidationError):
        code, detail = "invalid", _("Some of what was sent cannot be taken: see errors.")
        fields = exc.detail if isinstance(exc.detail, dict) else {"non_field_errors": exc.detail}
        extra["errors"] = fields
    elif isinstance(exc, exceptions.APIException):
        code, detail = str(exc.default_code), str(exc.detail)
    else:
        code, detail = "error", str(exc)
    response_or_none.data = problem(
        status=response_or_none.status_code, code=code, detail=detail, **extra
    )
    response_or_none.content_type = CONTENT_TYPE
    return response_or_none
