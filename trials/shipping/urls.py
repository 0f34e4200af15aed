"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from trials.shipping import api, return_labels_api, views

urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/return-label.pdf", views.return_label, name="return_label"),
    path("trials/<str:number>/return-label/", views.return_label_more, name="return_label_more"),
    path(
        "webhooks/carriers/<slug:carrier>/",
        api.CarrierWebhookView.as_view(),
        name="carrier_webhook",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "trials/<str:number>/return-labels/",
        return_labels_api.ReturnLabelsView.as_view(),
        name="api-return-labels",
    ),
    path(
        "trials/<str:number>/return-label.pdf",
        return_labels_api.ReturnLabelFileView.as_view(),
        name="api-return-label-file",
    ),
    path(
        "staff/trials/<str:number>/return-labels/",
        return_labels_api.StaffReturnLabelsView.as_view(),
        name="api-staff-return-labels",
    ),
    path(
        "staff/shipments/<str:tracking_number>/label.pdf",
        return_labels_api.StaffLabelFileView.as_view(),
        name="api-staff-label-file",
    ),
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
