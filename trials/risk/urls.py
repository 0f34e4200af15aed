"""Addresses of the room: a page of the console, and the API."""

from django.urls import URLPattern, path

from trials.risk import api, views

urlpatterns: list[URLPattern] = [path("risk/", views.risk_queue, name="risk_queue")]

api_urlpatterns: list[URLPattern] = [
    path("staff/risk/", api.StaffRiskQueueView.as_view(), name="api-staff-risk"),
    path(
        "staff/trials/<str:number>/risk/",
        api.StaffTrialRiskView.as_view(),
        name="api-staff-trial-risk",
    ),
]
