"""The floors: the least work a Django view can do for each kind of figure."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from shop.analytics.models import EventKey
from shop.catalogue.models import Frame


def minimal_json(request: HttpRequest) -> JsonResponse:
    """Answer a constant."""
    return JsonResponse({"ok": True})


def values_list(request: HttpRequest) -> JsonResponse:
    """Answer 20 frames straight from ``.values()``."""
    rows = Frame.objects.filter(published=True).order_by("-pk").values("handle", "name", "shape")
    return JsonResponse({"results": list(rows[:20])})


@csrf_exempt
def one_insert(request: HttpRequest) -> JsonResponse:
    """Insert one row, durably, and answer."""
    key = uuid.uuid4().hex
    EventKey.objects.create(key=key, event_id=uuid.uuid4(), occurred_at=timezone.now())
    return JsonResponse({"key": key})


def bare_page(request: HttpRequest) -> HttpResponse:
    """Answer a page of one template without data."""
    return HttpResponse(render_to_string("500.html"))
