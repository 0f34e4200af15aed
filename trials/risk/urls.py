"""Addresses of the room: what is posted from a trial's page, the console, and the API."""

from django.urls import URLPattern, path

from trials.risk import api, views

urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/look/", views.trial_look, name="trial_look"),
]

console_urlpatterns: list[URLPattern] = [
    path("risk/", views.risk_queue, name="risk_queue"),
    path("risk/<str:number>/", views.look_decide, name="look_decide"),
]

api_urlpatterns: list[URLPattern] = [
    path("box/costs/", api.BoxCostsView.as_view(), name="api-box-costs"),
    path("trials/<str:number>/look/", api.TrialLookView.as_view(), name="api-trial-look"),
    path(
        "staff/trials/<str:number>/look/",
        api.StaffTrialLookView.as_view(),
        name="api-staff-trial-look",
    ),
    path("staff/risk/", api.StaffRiskQueueView.as_view(), name="api-staff-risk"),
    path(
        "staff/trials/<str:number>/risk/",
        api.StaffTrialRiskView.as_view(),
        name="api-staff-trial-risk",
    ),
]
