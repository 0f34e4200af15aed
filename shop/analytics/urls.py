"""Addresses of the room: the scorecard in the console, and its API."""

from django.urls import URLPattern, path

from shop.analytics import api, views

app_name = "analytics"

urlpatterns: list[URLPattern] = [
    path("scorecard/", views.scorecard_page, name="scorecard"),
]

api_urlpatterns: list[URLPattern] = [
    path("scorecard/", api.ScorecardView.as_view(), name="api-scorecard"),
]
