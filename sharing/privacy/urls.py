"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.privacy import api, console_views, friend_views, open_api, views

urlpatterns: list[URLPattern] = [
    path("account/privacy/", views.privacy, name="privacy"),
    path("account/privacy/erase/", views.erase, name="privacy_erase"),
    path("account/privacy/export/", views.export_request, name="export_request"),
    path("account/privacy/export/<uuid:export_id>.zip", views.export_file, name="export_file"),
    path("account/delete/", views.close_account, name="close_account"),
    path("account/objections/<uuid:objection_id>/", views.objection, name="objection"),
    path(
        "g/<str:token>/photos/<uuid:photo_id>/object/",
        friend_views.photo_object,
        name="photo_object",
    ),
    path("g/<str:token>/object/", friend_views.photos_object, name="photos_object"),
    path("g/<str:token>/erase/", friend_views.vote_erase, name="vote_erase"),
    path("console/objections/", console_views.objection_list, name="objection_list"),
    path(
        "console/objections/<uuid:objection_id>/photo.jpg",
        console_views.objection_photo,
        name="objection_photo",
    ),
    path("console/objections/decide/", console_views.objection_decide, name="objection_decide"),
]

api_urlpatterns: list[URLPattern] = [
    path("erasures/", api.ErasuresView.as_view(), name="api-erasures"),
    path("exports/", api.ExportsView.as_view(), name="api-exports"),
    path("exports/<uuid:export_id>.zip", api.ExportFileView.as_view(), name="api-export-file"),
    path("objections/", api.ObjectionsView.as_view(), name="api-objections"),
    path(
        "objections/<uuid:objection_id>/answer/",
        api.ObjectionAnswerView.as_view(),
        name="api-objection-answer",
    ),
    path(
        "shared/<str:token>/photos/<uuid:photo_id>/objection/",
        open_api.SharedObjectionView.as_view(),
        name="api-shared-objection",
    ),
    path(
        "shared/<str:token>/erase/",
        open_api.SharedVoteErasureView.as_view(),
        name="api-shared-erase",
    ),
    path("staff/objections/", open_api.StaffObjectionsView.as_view(), name="api-staff-objections"),
    path(
        "staff/objections/<uuid:objection_id>/decide/",
        open_api.StaffDecideView.as_view(),
        name="api-staff-objection-decide",
    ),
    path(
        "staff/objections/decide/",
        open_api.StaffDecideTogetherView.as_view(),
        name="api-staff-objections-decide",
    ),
    path(
        "staff/objections/<uuid:objection_id>/photo.jpg",
        open_api.StaffObjectionPhotoView.as_view(),
        name="api-staff-objection-photo",
    ),
    path("staff/erasures/", open_api.StaffErasuresView.as_view(), name="api-staff-erasures"),
]
