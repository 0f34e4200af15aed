"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from trials.at_home import api, views

urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/extend/", views.trial_extend, name="trial_extend"),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "trials/<str:number>/extension/",
        api.TrialExtensionView.as_view(),
        name="api-trial-extension",
    ),
]
