"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from trials.evidence import api, views

urlpatterns: list[URLPattern] = [
    path("evidence/<uuid:photo_id>/<int:size>.jpg", views.evidence_photo, name="evidence_photo"),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "staff/trials/<str:number>/evidence/",
        api.StaffEvidenceView.as_view(),
        name="api-staff-evidence",
    ),
    path(
        "evidence/<uuid:photo_id>/<int:size>/",
        api.EvidenceFileView.as_view(),
        name="api-evidence-file",
    ),
]
