"""The floors: the least work a Django view can do for each kind of figure.

Rows are read and written by Django as ``startproject`` sets it up, with its seven middlewares and
none of the shop's sixteen, served by a Granian of its own with as many workers and threads. What
the shop's middlewares cost is thus part of each figure and never of these floors.

The bare view is another matter: a constant answered in a shop, behind all that the shop does with
every request (a name for it, its line in the log, the security headers, the language, the zone).
It is what docs/performance.md calls the minimal JSON view. The same view of the plain Django is
measured beside it, so that what the middlewares cost is to be seen.
"""

import uuid

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from shop.analytics.models import EventKey
from shop.catalogue.models import Frame

# Where the bare view is: on the shop itself.
MINIMAL = "/floor/json/"
BARE = "bare view in the shop"
PLAIN = "bare view in a plain Django"
READ = "Django + one ORM read"
INSERT = "Django + one ORM insert"
VALUES = "Django + .values() of 20 rows"

# As many columns as a row of the API's list has members, each plain: the colours, pictures and
# earlier prices that the API sends besides would take a second table.
COLUMNS = (
    "id",
    "handle",
    "name",
    "brand",
    "shape",
    "material",
    "width",
    "lens_width_mm",
    "bridge_mm",
    "temple_mm",
    "price_from",
    "price_from_currency",
)


def minimal_json(request: HttpRequest) -> JsonResponse:
    """Answer a constant."""
    return JsonResponse({"ok": True})


def one_read(request: HttpRequest, handle: str) -> JsonResponse:
    """Read one row by a unique column and answer some of it."""
    frame = Frame.objects.get(handle=handle)
    return JsonResponse({"handle": frame.handle, "name": frame.name, "shape": frame.shape})


def values_list(request: HttpRequest) -> JsonResponse:
    """Answer the 20 frames that the API's first page has, straight from ``.values()``."""
    rows = Frame.objects.filter(published=True).order_by("-id").values(*COLUMNS)
    return JsonResponse({"results": list(rows[:20])})


@csrf_exempt
def one_insert(request: HttpRequest) -> JsonResponse:
    """Insert one row in a transaction, durably, and answer."""
    key = uuid.uuid4().hex
    with transaction.atomic():
        EventKey.objects.create(key=key, event_id=uuid.uuid4(), occurred_at=timezone.now())
    return JsonResponse({"key": key})


urlpatterns = [
    path("json/", minimal_json),
    path("read/<slug:handle>/", one_read),
    path("values/", values_list),
    path("insert/", one_insert),
]
