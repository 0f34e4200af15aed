"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.votes import api, owner_views, views

urlpatterns: list[URLPattern] = [
    path("galleries/", owner_views.gallery_list, name="gallery_list"),
    path("galleries/<uuid:gallery_id>/", owner_views.gallery, name="gallery"),
    path(
        "galleries/<uuid:gallery_id>/standing/",
        owner_views.gallery_standing,
        name="gallery_standing",
    ),
    path("galleries/<uuid:gallery_id>/buy/", owner_views.gallery_buy, name="gallery_buy"),
    path("g/<str:token>/", views.friend_gallery, name="friend_gallery"),
    path("g/<str:token>/vote/", views.vote, name="vote"),
    path("g/<str:token>/thanks/", views.thanks, name="thanks"),
]

api_urlpatterns: list[URLPattern] = [
    path("galleries/", api.GalleriesView.as_view(), name="api-galleries"),
    path("galleries/<uuid:gallery_id>/", api.GalleryView.as_view(), name="api-gallery"),
    path(
        "galleries/<uuid:gallery_id>/buy/",
        api.GalleryPurchaseView.as_view(),
        name="api-gallery-buy",
    ),
    path(
        "galleries/<uuid:gallery_id>/close/",
        api.GalleryCloseView.as_view(),
        name="api-gallery-close",
    ),
    path(
        "galleries/<uuid:gallery_id>/reopen/",
        api.GalleryReopenView.as_view(),
        name="api-gallery-reopen",
    ),
    path("shared/<str:token>/", api.SharedGalleryView.as_view(), name="api-shared"),
    path("shared/<str:token>/vote/", api.SharedVoteView.as_view(), name="api-shared-vote"),
    path(
        "shared/<str:token>/standing/",
        api.SharedStandingView.as_view(),
        name="api-shared-standing",
    ),
]
