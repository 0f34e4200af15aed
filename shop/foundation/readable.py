"""Requests that cannot be read are refused at the door, before anything trusts what they say."""

import json
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import BadRequest, TooManyFieldsSent
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.request import UnreadablePostError
from django.utils.http import parse_header_parameters

from shop.foundation.problem_pages import API

# PostgreSQL keeps no NUL, and no answer can be written with half of a surrogate pair in it.
UNREADABLE = re.compile("[\0\ud800-\udfff]")
# Sent as it is: a form with files, and pieces of a file (the tus protocol).
NO_JSON = {"multipart/form-data", "application/offset+octet-stream"}
# What the API takes is nested three deep at most.
DEEPEST = 32


class ReadableRequest(WSGIRequest):
    """A request that is made whatever its charset is.

    Django's own reads the query as soon as a charset is named: one that cannot be read would leave
    Django as an exception, for no middleware has begun. ``ReadableMiddleware`` looks at both.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        kind = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        self.content_type, self.content_params = kind


class ReadableMiddleware:
    """Answer 400 to whatever no part of the shop could read, store or write back.

    That is: another encoding than UTF-8, more fields than allowed, a NUL in address, cookies or
    form, and JSON that is nested too deep or holds what is no text. JSON with a mistake in it is
    left to the view, which can say where it is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass ``request`` on if it can be read."""
        _read_query(request)
        _refuse_nul(request.path_info, *request.COOKIES.values(), *_texts(request.GET))
        takes_json = request.path.startswith(API) and request.method != "GET"
        if takes_json and request.content_type not in NO_JSON:
            _read_json(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> None:
        """Look at the form of a page; its token is looked for in it next."""
        # Programs send what they sign as it is, and an upload only once it is known who they are.
        if not getattr(view, "csrf_exempt", False):
            _refuse_nul(*_texts(_read_form(request)))


def _refuse_nul(*texts: str) -> None:
    if any(UNREADABLE.search(text) for text in texts):
        raise BadRequest("There is a NUL in it.")


def _texts(fields: QueryDict) -> list[str]:
    return [text for name, values in fields.lists() for text in (name, *map(str, values))]


def _read_query(request: HttpRequest) -> None:
    charset = (request.content_params or {}).get("charset", "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        # The page that tells of it looks at both, and must not try to read them.
        request.GET = request.POST = QueryDict()
        raise BadRequest("It is not in UTF-8.")
    try:
        _read_now = request.GET
    except TooManyFieldsSent:
        request.GET = QueryDict()
        raise


def _read_form(request: HttpRequest) -> QueryDict:
    try:
        return request.POST
    except UnreadablePostError as error:
        request.POST = QueryDict()
        raise BadRequest("It broke off.") from error
    except Exception:
        # Whatever is wrong with the form, the page that tells of it must not read it again.
        request.POST = QueryDict()
        raise


def _read_json(request: HttpRequest) -> None:
    try:
        sent = json.loads(request.body.decode())
    except (json.JSONDecodeError, UnicodeDecodeError):
        return
    except (RecursionError, ValueError, UnreadablePostError) as error:
        raise BadRequest("No JSON that can be read.") from error
    if not _is_readable(sent):
        raise BadRequest("No JSON that can be used.")


def _is_readable(sent: Any) -> bool:
    """Tell whether what was sent is nested no deeper than ``DEEPEST`` and all text is text."""
    level = [sent]
    for _depth in range(DEEPEST):
        if any(isinstance(each, str) and UNREADABLE.search(each) for each in level):
            return False
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return True
    return False


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    return value if isinstance(value, list) else []
