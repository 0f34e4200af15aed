"""Addresses of the room: pages and API."""

from django.urls import URLPattern

app_name = "catalogue"

urlpatterns: list[URLPattern] = []

api_urlpatterns: list[URLPattern] = []
