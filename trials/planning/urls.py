"""Addresses of the room: a page of the console, and its API."""

from django.urls import URLPattern, path

from trials.planning import api, views

console_urlpatterns: list[URLPattern] = [
    path("planning/", views.planning_page, name="planning"),
]

api_urlpatterns: list[URLPattern] = [
    path("planning/", api.PlanningView.as_view(), name="api-planning"),
]
