"""Addresses of the room: the console's pages and the API."""

from django.urls import URLPattern, path

from trials.programme import api, views

urlpatterns: list[URLPattern] = [
    path("programmes/", views.programme_list, name="programme_list"),
    path("programmes/<slug:slug>/", views.programme, name="programme"),
    path("programmes/<slug:slug>/next/", views.programme_next, name="programme_next"),
    path("programmes/<slug:slug>/<int:number>/", views.programme_version, name="programme_version"),
    path(
        "programmes/<slug:slug>/<int:number>/withdraw/",
        views.version_withdraw,
        name="version_withdraw",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path("terms/", api.TermsView.as_view(), name="api-terms"),
    path("staff/programmes/", api.StaffProgrammesView.as_view(), name="api-staff-programmes"),
    path(
        "staff/programmes/<slug:slug>/",
        api.StaffProgrammeView.as_view(),
        name="api-staff-programme",
    ),
    path(
        "staff/programmes/<slug:slug>/versions/",
        api.StaffVersionsView.as_view(),
        name="api-staff-versions",
    ),
    path(
        "staff/programmes/<slug:slug>/versions/publish/",
        api.StaffVersionPublishView.as_view(),
        name="api-staff-version-publish",
    ),
    path(
        "staff/programmes/<slug:slug>/versions/preview/",
        api.StaffVersionPreviewView.as_view(),
        name="api-staff-version-preview",
    ),
    path(
        "staff/programmes/<slug:slug>/versions/<int:number>/withdraw/",
        api.StaffVersionWithdrawView.as_view(),
        name="api-staff-version-withdraw",
    ),
]
