"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.galleries import api, views

urlpatterns: list[URLPattern] = [
    path("galleries/new/", views.gallery_create, name="gallery_create"),
    path("galleries/<uuid:gallery_id>/close/", views.gallery_close, name="gallery_close"),
    path("galleries/<uuid:gallery_id>/reopen/", views.gallery_reopen, name="gallery_reopen"),
    path("galleries/<uuid:gallery_id>/links/", views.link_create, name="link_create"),
    path(
        "galleries/<uuid:gallery_id>/links/<uuid:link_id>/revoke/",
        views.link_revoke,
        name="link_revoke",
    ),
    path("galleries/<uuid:gallery_id>/links/<uuid:link_id>/qr.svg", views.link_qr, name="link_qr"),
    path("g/<str:token>/preview.png", views.preview, name="preview"),
    path(
        "g/<str:token>/photos/<uuid:photo_id>/<int:size>.<slug:extension>",
        views.friend_photo,
        name="friend_photo",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path("galleries/<uuid:gallery_id>/links/", api.GalleryLinksView.as_view(), name="api-links"),
    path(
        "galleries/<uuid:gallery_id>/links/<uuid:link_id>/",
        api.GalleryLinkView.as_view(),
        name="api-link",
    ),
]
