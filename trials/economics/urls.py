"""Addresses of the room: a page of the console, and its API."""

from django.urls import URLPattern, path

from trials.economics import api, views

console_urlpatterns: list[URLPattern] = [
    path("economics/", views.economics_page, name="economics"),
]

api_urlpatterns: list[URLPattern] = [
    path("economics/", api.EconomicsView.as_view(), name="api-economics"),
]
