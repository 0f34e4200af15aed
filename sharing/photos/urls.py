"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.photos import api, crop_views, upload_api, views

urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/photos/", views.photo_upload, name="photo_upload"),
    path("trials/<str:number>/photos/shelves/", views.photo_shelves, name="photo_shelves"),
    path("photos/<uuid:photo_id>/erase/", views.photo_erase, name="photo_erase"),
    path("photos/<uuid:photo_id>/crop/", crop_views.photo_crop, name="photo_crop"),
    path("photos/<uuid:photo_id>/whole.jpg", crop_views.photo_whole, name="photo_whole"),
    path("photos/<uuid:photo_id>/<int:size>.<slug:extension>", views.photo, name="photo"),
]

api_urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/photos/", api.TrialPhotosView.as_view(), name="api-trial-photos"),
    path(
        "trials/<str:number>/photo-uploads/",
        upload_api.UploadsView.as_view(),
        name="api-photo-uploads",
    ),
    path(
        "photo-uploads/<uuid:upload_id>/",
        upload_api.UploadView.as_view(),
        name="api-photo-upload",
    ),
    path("photos/<uuid:photo_id>/", api.PhotoView.as_view(), name="api-photo"),
    path("photos/<uuid:photo_id>/crop/", api.PhotoCropView.as_view(), name="api-photo-crop"),
    path("photos/<uuid:photo_id>/whole.jpg", api.PhotoWholeView.as_view(), name="api-photo-whole"),
    path(
        "photos/<uuid:photo_id>/<int:size>.jpg",
        api.PhotoFileView.as_view(),
        name="api-photo-file",
    ),
]
