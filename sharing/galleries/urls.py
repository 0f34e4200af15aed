"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.galleries import api, friend_views, link_api, link_views, views

GALLERY = "galleries/<uuid:gallery_id>/"
LINK = f"{GALLERY}links/<uuid:link_id>/"

urlpatterns: list[URLPattern] = [
    path("galleries/called/", views.called, name="called"),
    path("galleries/new/", views.gallery_create, name="gallery_create"),
    path("galleries/new/frames/", views.gallery_create_frames, name="gallery_create_frames"),
    path(f"{GALLERY}settings/", views.gallery_settings, name="gallery_settings"),
    path(f"{GALLERY}close/", views.gallery_close, name="gallery_close"),
    path(f"{GALLERY}reopen/", views.gallery_reopen, name="gallery_reopen"),
    path(f"{GALLERY}archive/", views.gallery_archive, name="gallery_archive"),
    path(f"{GALLERY}bring-back/", views.gallery_bring_back, name="gallery_bring_back"),
    path(f"{GALLERY}links/", link_views.link_create, name="link_create"),
    path(f"{LINK}revoke/", link_views.link_revoke, name="link_revoke"),
    path(f"{LINK}label/", link_views.link_label, name="link_label"),
    path(f"{LINK}shared/", link_views.link_shared, name="link_shared"),
    path(f"{LINK}mail/", link_views.link_mail, name="link_mail"),
    path(f"{LINK}qr.svg", link_views.link_qr, name="link_qr"),
    path(f"{LINK}story-<slug:pictures>.jpg", link_views.link_story, name="link_story"),
    path("g/<str:token>/enter/", friend_views.enter, name="enter"),
    path("g/<str:token>/preview.png", friend_views.preview, name="preview"),
    path(
        "g/<str:token>/photos/<uuid:photo_id>/<int:size>.<slug:extension>",
        friend_views.friend_photo,
        name="friend_photo",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path("galleries/frames/", api.FramesGalleriesView.as_view(), name="api-frames-galleries"),
    path(f"{GALLERY}settings/", api.GallerySettingsView.as_view(), name="api-gallery-settings"),
    path(f"{GALLERY}archive/", api.GalleryArchiveView.as_view(), name="api-gallery-archive"),
    path(f"{GALLERY}links/", link_api.GalleryLinksView.as_view(), name="api-links"),
    path(LINK, link_api.GalleryLinkView.as_view(), name="api-link"),
    path(f"{LINK}shared/", link_api.LinkSharedView.as_view(), name="api-link-shared"),
    path(f"{LINK}mail/", link_api.LinkMailView.as_view(), name="api-link-mail"),
    path(f"{LINK}qr.svg", link_api.LinkQrView.as_view(), name="api-link-qr"),
    path(
        f"{LINK}story-<slug:pictures>.jpg",
        link_api.LinkStoryView.as_view(),
        name="api-link-story",
    ),
    path("shared/<str:token>/enter/", api.SharedEnterView.as_view(), name="api-shared-enter"),
]
