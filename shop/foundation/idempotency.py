"""Idempotency-Key: a POST sent twice acts once and is answered alike.

The answer is kept in the transaction of the act itself. A second request with the same key waits
at the unique index until the first has committed, then reads its answer; if the first rolled back,
the second acts. Hence a view so wrapped must call nothing outside.
"""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from shop.foundation.errors import ConflictError, InvalidError
from shop.foundation.models import IdempotencyRecord


class KeyReusedError(ConflictError):
    """The key was sent before with another body."""

    code = "idempotency_key_reused"


def _request_hash(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, cls=JSONEncoder)
    return hashlib.sha256(f"{request.path}\n{body}".encode()).hexdigest()


def idempotent(
    post: Callable[..., Response],
) -> Callable[..., Response]:
    """Wrap a view's ``post`` so that a repeated key gives the first answer again.

    Answers of 2xx are kept; errors are not, for nothing was written.

    Raises:
        InvalidError: the header is missing or too long.
        KeyReusedError: the key came before with another body.
    """

    @wraps(post)
    def answer_once(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not 1 <= len(key) <= 255:
            raise InvalidError(
                _("Send an Idempotency-Key header of 1 to 255 characters."),
                code="idempotency_key_missing",
            )
        who = f"user:{request.user.pk}" if request.user.is_authenticated else "anonymous"
        scope = f"{who} POST {request.path}"[:200]
        digest = _request_hash(request)
        kept = IdempotencyRecord.objects.filter(scope=scope, key=key).first()
        if kept is None:
            try:
                with transaction.atomic():
                    # The savepoint's insert waits here for another request with the same key.
                    with transaction.atomic():
                        kept = IdempotencyRecord.objects.create(
                            scope=scope, key=key, request_hash=digest
                        )
                    response = post(view, request, *args, **kwargs)
                    kept.status = response.status_code
                    kept.body = json.loads(json.dumps(response.data, cls=JSONEncoder))
                    kept.save(update_fields=["status", "body"])
                    return response
            except IntegrityError:
                kept = IdempotencyRecord.objects.filter(scope=scope, key=key).first()
                if kept is None:
                    raise
        if kept.request_hash != digest:
            raise KeyReusedError(
                _("This Idempotency-Key was used for another request. Make a new key.")
            )
        return Response(kept.body, status=kept.status, headers={"Idempotent-Replayed": "true"})

    return answer_once
