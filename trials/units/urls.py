"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from trials.units import api, views

urlpatterns: list[URLPattern] = [
    path("waitlist/", views.waitlist, name="waitlist"),
    path("waitlist/join/", views.waitlist_join, name="waitlist_join"),
    path("waitlist/leave/", views.waitlist_leave, name="waitlist_leave"),
]

api_urlpatterns: list[URLPattern] = [
    path("waitlist/", api.WaitlistView.as_view(), name="api-waitlist"),
    path("waitlist/<int:variant_id>/", api.WaitView.as_view(), name="api-wait"),
]
