"""Addresses of the room: pages stand in the console, this is the API."""

from django.urls import URLPattern, path

from trials.fulfilment import api

urlpatterns: list[URLPattern] = []

BATCH = "staff/batches/<int:batch_id>/"
MANIFEST = "staff/manifests/<int:manifest_id>/"

api_urlpatterns: list[URLPattern] = [
    path("staff/to-ship/", api.StaffToShipView.as_view(), name="api-staff-to-ship"),
    path("staff/batches/", api.StaffBatchesView.as_view(), name="api-staff-batches"),
    path(BATCH, api.StaffBatchView.as_view(), name="api-staff-batch"),
    path(f"{BATCH}pick-list/", api.StaffPickListView.as_view(), name="api-staff-pick-list"),
    path(f"{BATCH}pick/", api.StaffPickView.as_view(), name="api-staff-pick"),
    path(f"{BATCH}not-found/", api.StaffNotFoundView.as_view(), name="api-staff-not-found"),
    path(f"{BATCH}cancel/", api.StaffCancelBatchView.as_view(), name="api-staff-cancel-batch"),
    path("staff/manifests/", api.StaffManifestsView.as_view(), name="api-staff-manifests"),
    path(MANIFEST, api.StaffManifestView.as_view(), name="api-staff-manifest"),
    path(
        f"{MANIFEST}paper/", api.StaffManifestPaperView.as_view(), name="api-staff-manifest-paper"
    ),
    path(
        f"{MANIFEST}parcels/",
        api.StaffManifestParcelsView.as_view(),
        name="api-staff-manifest-parcels",
    ),
    path(
        f"{MANIFEST}parcels/<str:tracking_number>/",
        api.StaffManifestParcelView.as_view(),
        name="api-staff-manifest-parcel",
    ),
    path(
        f"{MANIFEST}close/", api.StaffCloseManifestView.as_view(), name="api-staff-close-manifest"
    ),
]
