"""Addresses of the room: pages and API."""

from django.urls import path

from shop.customers import api, views

app_name = "customers"

urlpatterns = [
    path("account/", views.account, name="account"),
    path("account/addresses/add/", views.address_add, name="address_add"),
    path("account/addresses/<int:address_id>/remove/", views.address_retire, name="address_retire"),
]

api_urlpatterns = [
    path("addresses/", api.AddressListApi.as_view(), name="api-address-list"),
    path("addresses/<int:address_id>/", api.AddressApi.as_view(), name="api-address"),
]
