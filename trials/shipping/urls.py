"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from trials.shipping import api, views

urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/return-label.pdf", views.return_label, name="return_label"),
    path(
        "webhooks/carriers/<slug:carrier>/",
        api.CarrierWebhookView.as_view(),
        name="carrier_webhook",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "staff/trials/<str:number>/labels/",
        api.StaffLabelsView.as_view(),
        name="api-staff-labels",
    ),
    path("staff/parcels/", api.StaffParcelsView.as_view(), name="api-staff-parcels"),
    path(
        "staff/shipments/<str:tracking_number>/events/",
        api.StaffTrackingView.as_view(),
        name="api-staff-tracking",
    ),
]
