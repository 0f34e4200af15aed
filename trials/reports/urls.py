"""Addresses of the room: what is posted from a trial's page, and the API."""

from django.urls import URLPattern, path

from trials.reports import api, missed_api, views

urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/items/<uuid:item_id>/keep/", views.frame_keep, name="frame_keep"),
    path(
        "trials/<str:number>/items/<uuid:item_id>/broken/", views.frame_broken, name="frame_broken"
    ),
    path("trials/<str:number>/sent-back/", views.box_sent_back, name="box_sent_back"),
    path("trials/<str:number>/never-came/", views.box_missed, name="box_missed"),
]

api_urlpatterns: list[URLPattern] = [
    path("trials/<str:number>/reports/", api.TrialReportsView.as_view(), name="api-trial-reports"),
    path(
        "trials/<str:number>/items/<uuid:item_id>/keep/",
        api.KeepFrameView.as_view(),
        name="api-frame-keep",
    ),
    path(
        "trials/<str:number>/items/<uuid:item_id>/broken/",
        api.BrokenFrameView.as_view(),
        name="api-frame-broken",
    ),
    path(
        "trials/<str:number>/items/<uuid:item_id>/broken/photos/",
        api.BrokenPhotosView.as_view(),
        name="api-frame-broken-photos",
    ),
    path("trials/<str:number>/sent-back/", api.SentBackView.as_view(), name="api-sent-back"),
    path(
        "trials/<str:number>/never-came/", missed_api.NeverCameView.as_view(), name="api-never-came"
    ),
    path("staff/missed-boxes/", missed_api.StaffMissedView.as_view(), name="api-staff-missed"),
    path(
        "staff/missed-boxes/<uuid:report_id>/answer/",
        missed_api.StaffAnswerMissedView.as_view(),
        name="api-staff-missed-answer",
    ),
    path("staff/broken-frames/", api.StaffBrokenView.as_view(), name="api-staff-broken"),
    path(
        "staff/broken-frames/<uuid:report_id>/decide/",
        api.StaffDecideBrokenView.as_view(),
        name="api-staff-broken-decide",
    ),
]
