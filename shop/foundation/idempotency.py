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

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from shop.foundation.errors import ConflictError, InvalidError
from shop.foundation.models import IdempotencyRecord
from shop.foundation.postgres import prepared_cursor

CLAIM = """
INSERT INTO shop_idempotencyrecord (scope, key, request_hash, created_at)
VALUES (%s, %s, %s, %s) ON CONFLICT (scope, key) DO NOTHING RETURNING id
"""
KEEP = "UPDATE shop_idempotencyrecord SET status = %s, body = %s::jsonb WHERE id = %s"


class KeyReusedError(ConflictError):
    """The key was sent before with another body."""

    code = "idempotency_key_reused"


def _request_hash(request: Request) -> str:
    body = json.dumps(request.data, sort_keys=True, cls=JSONEncoder)
    return hashlib.sha256(f"{request.path}\n{body}".encode()).hexdigest()


def _claim(scope: str, key: str, digest: str) -> int | None:
    """Write the key down and return the row's id, or nothing where it was written before.

    Waits for another request that has just written it to commit or to give up.
    """
    with prepared_cursor() as cursor:
        cursor.execute(CLAIM, [scope, key, digest, timezone.now()])
        claimed = cursor.fetchone()
    return None if claimed is None else int(claimed[0])


def _keep(record_id: int, response: Response) -> None:
    body = json.dumps(response.data, cls=JSONEncoder)
    with prepared_cursor() as cursor:
        cursor.execute(KEEP, [response.status_code, body, record_id])


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
        with transaction.atomic():
            claimed = _claim(scope, key, digest)
            if claimed is not None:
                response = post(view, request, *args, **kwargs)
                _keep(claimed, response)
                return response
        kept = IdempotencyRecord.objects.get(scope=scope, key=key)
        if kept.request_hash != digest:
            raise KeyReusedError(
                _("This Idempotency-Key was used for another request. Make a new key.")
            )
        return Response(kept.body, status=kept.status, headers={"Idempotent-Replayed": "true"})

    return answer_once


def forget_answers(scope: str) -> int:
    """Delete the answers that were given to whoever a scope begins with, and return how many."""
    return IdempotencyRecord.objects.filter(scope__startswith=scope).delete()[0]
