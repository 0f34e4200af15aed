"""The shop's addresses, and beside them the least a view behind the shop's middleware can do."""

from django.urls import path

from config.urls import urlpatterns as shop_urlpatterns
from tests.benchmarks.floors import MINIMAL, minimal_json

urlpatterns = [path(MINIMAL.removeprefix("/"), minimal_json), *shop_urlpatterns]
