"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.circles import api, views

urlpatterns: list[URLPattern] = [
    path("circles/", views.circle_list, name="circle_list"),
    path("circles/join/<str:token>/", views.circle_join, name="circle_join"),
    path("circles/<uuid:circle_id>/people/", views.circle_people, name="circle_people"),
    path("circles/<uuid:circle_id>/rename/", views.circle_rename, name="circle_rename"),
    path("circles/<uuid:circle_id>/archive/", views.circle_archive, name="circle_archive"),
    path("circles/<uuid:circle_id>/reopen/", views.circle_reopen, name="circle_reopen"),
    path("circles/<uuid:circle_id>/invitations/", views.circle_invite, name="circle_invite"),
    path(
        "circles/<uuid:circle_id>/invitations/<uuid:invitation_id>/withdraw/",
        views.circle_uninvite,
        name="circle_uninvite",
    ),
    path(
        "circles/<uuid:circle_id>/people/<uuid:member_id>/role/",
        views.circle_role,
        name="circle_role",
    ),
    path(
        "circles/<uuid:circle_id>/people/<uuid:member_id>/hand-over/",
        views.circle_hand_over,
        name="circle_hand_over",
    ),
    path("circles/<uuid:circle_id>/trials/", views.circle_trials_shown, name="circle_trials_shown"),
]

api_urlpatterns: list[URLPattern] = [
    path("circles/", api.CirclesView.as_view(), name="api-circles"),
    path("circles/join/", api.CircleJoinView.as_view(), name="api-circle-join"),
    path("circles/<uuid:circle_id>/", api.CircleView.as_view(), name="api-circle"),
    path(
        "circles/<uuid:circle_id>/archive/",
        api.CircleArchiveView.as_view(),
        name="api-circle-archive",
    ),
    path(
        "circles/<uuid:circle_id>/reopen/", api.CircleReopenView.as_view(), name="api-circle-reopen"
    ),
    path(
        "circles/<uuid:circle_id>/members/",
        api.CircleMembersView.as_view(),
        name="api-circle-members",
    ),
    path(
        "circles/<uuid:circle_id>/members/<uuid:member_id>/role/",
        api.CircleRoleView.as_view(),
        name="api-circle-role",
    ),
    path(
        "circles/<uuid:circle_id>/my-trials/",
        api.CircleTrialsView.as_view(),
        name="api-circle-trials",
    ),
    path(
        "circles/<uuid:circle_id>/invitations/",
        api.CircleInvitationsView.as_view(),
        name="api-circle-invitations",
    ),
    path(
        "circles/<uuid:circle_id>/invitations/<uuid:invitation_id>/",
        api.CircleInvitationView.as_view(),
        name="api-circle-invitation",
    ),
]
