"""Addresses of the room: pages stand in the console, this is the API."""

from django.urls import URLPattern, path

from trials.returns import api

urlpatterns: list[URLPattern] = []

api_urlpatterns: list[URLPattern] = [
    path(
        "staff/trials/<str:number>/check-in/",
        api.StaffCheckInView.as_view(),
        name="api-staff-check-in",
    ),
    path(
        "staff/trials/<str:number>/finish-check-in/",
        api.StaffFinishCheckInView.as_view(),
        name="api-staff-finish-check-in",
    ),
    path(
        "staff/trials/<str:number>/charge/",
        api.StaffChargeView.as_view(),
        name="api-staff-charge",
    ),
    path(
        "staff/charges/<uuid:charge_id>/waive/",
        api.StaffWaiveView.as_view(),
        name="api-staff-waive",
    ),
    path(
        "staff/charges/<uuid:charge_id>/write-off/",
        api.StaffWriteOffView.as_view(),
        name="api-staff-write-off",
    ),
]
