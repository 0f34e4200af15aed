"""Addresses of the room: pages, console and API."""

from django.urls import URLPattern, path

from sharing.stylist import api, console_views, staff_api, views

urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/stylist/", views.ask_about_trial, name="stylist_ask_trial"),
    path(
        "galleries/<uuid:gallery_id>/stylist/",
        views.ask_about_gallery,
        name="stylist_ask_gallery",
    ),
    path("galleries/<uuid:gallery_id>/stylist/friends/", views.friends, name="stylist_friends"),
    path(
        "stylist/<int:message_id>/<int:size>.<slug:extension>",
        views.picture,
        name="stylist_picture",
    ),
    path(
        "g/<str:token>/stylist/<int:message_id>/<int:size>.<slug:extension>",
        views.friend_picture,
        name="stylist_friend_picture",
    ),
    path("console/stylist/", console_views.queue, name="stylist_queue"),
    path("console/stylist/times/", console_views.times, name="stylist_times"),
    path("console/stylist/<uuid:thread_id>/", console_views.thread, name="stylist_thread"),
    path(
        "console/stylist/<uuid:thread_id>/photos/<uuid:photo_id>/<int:size>.<slug:extension>",
        console_views.photo,
        name="stylist_photo",
    ),
    path("console/stylist/<uuid:thread_id>/close/", console_views.close, name="stylist_close"),
    path("console/stylist/<uuid:thread_id>/reopen/", console_views.reopen, name="stylist_reopen"),
]

api_urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/stylist/", api.TrialThreadView.as_view(), name="api-trial-thread"),
    path(
        "galleries/<uuid:gallery_id>/stylist/",
        api.GalleryThreadView.as_view(),
        name="api-gallery-thread",
    ),
    path(
        "stylist/<int:message_id>/<int:size>/",
        api.AnswerPictureView.as_view(),
        name="api-stylist-picture",
    ),
    path("shared/<str:token>/stylist/", api.SharedAnswersView.as_view(), name="api-shared-stylist"),
    path("staff/threads/", staff_api.StaffThreadsView.as_view(), name="api-staff-threads"),
    path(
        "staff/threads/<uuid:thread_id>/",
        staff_api.StaffThreadView.as_view(),
        name="api-staff-thread",
    ),
    path(
        "staff/threads/<uuid:thread_id>/answer/",
        staff_api.StaffAnswerView.as_view(),
        name="api-staff-thread-answer",
    ),
    path(
        "staff/threads/<uuid:thread_id>/close/",
        staff_api.StaffCloseThreadView.as_view(),
        name="api-staff-thread-close",
    ),
    path(
        "staff/threads/<uuid:thread_id>/reopen/",
        staff_api.StaffReopenThreadView.as_view(),
        name="api-staff-thread-reopen",
    ),
    path("staff/answer-times/", staff_api.AnswerTimesView.as_view(), name="api-staff-answer-times"),
]
