"""The shop's addresses, with the floors beside them."""

from django.urls import path

from config.urls import urlpatterns as shop_urlpatterns
from tests.benchmarks import floors

urlpatterns = [
    path("floor/json/", floors.minimal_json),
    path("floor/values/", floors.values_list),
    path("floor/insert/", floors.one_insert),
    path("floor/page/", floors.bare_page),
    *shop_urlpatterns,
]
