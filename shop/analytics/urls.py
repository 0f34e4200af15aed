"""Addresses of the room: pages and API."""

from django.urls import URLPattern

app_name = "analytics"

urlpatterns: list[URLPattern] = []

api_urlpatterns: list[URLPattern] = []
