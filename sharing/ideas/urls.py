"""Addresses of the room: pages, console and API."""

from django.urls import URLPattern, path

from sharing.ideas import api, console_views, views

urlpatterns: list[URLPattern] = [
    path("ideas/", views.idea_list, name="idea_list"),
    path("ideas/new/", views.idea_add, name="idea_add"),
    path("ideas/<uuid:idea_id>/", views.idea, name="idea"),
    path("ideas/<uuid:idea_id>/vote/", views.idea_vote, name="idea_vote"),
    path("ideas/<uuid:idea_id>/unvote/", views.idea_unvote, name="idea_unvote"),
    path("ideas/<uuid:idea_id>/report/", views.idea_report, name="idea_report"),
    path("console/ideas/", console_views.console_ideas, name="console_ideas"),
    path("console/ideas/<uuid:idea_id>/", console_views.console_idea, name="console_idea"),
    path(
        "console/ideas/<uuid:idea_id>/answer/",
        console_views.console_answer,
        name="console_idea_answer",
    ),
    path(
        "console/ideas/<uuid:idea_id>/merge/",
        console_views.console_merge,
        name="console_idea_merge",
    ),
    path(
        "console/ideas/<uuid:idea_id>/hide/", console_views.console_hide, name="console_idea_hide"
    ),
    path(
        "console/ideas/<uuid:idea_id>/show/", console_views.console_show, name="console_idea_show"
    ),
]

api_urlpatterns: list[URLPattern] = [
    path("ideas/", api.IdeasView.as_view(), name="api-ideas"),
    path("ideas/<uuid:idea_id>/", api.IdeaView.as_view(), name="api-idea"),
    path("ideas/<uuid:idea_id>/vote/", api.IdeaVoteView.as_view(), name="api-idea-vote"),
    path("ideas/<uuid:idea_id>/report/", api.IdeaReportView.as_view(), name="api-idea-report"),
    path("staff/ideas/", api.StaffIdeasView.as_view(), name="api-staff-ideas"),
    path(
        "staff/ideas/<uuid:idea_id>/answer/",
        api.StaffAnswerIdeaView.as_view(),
        name="api-staff-idea-answer",
    ),
    path(
        "staff/ideas/<uuid:idea_id>/merge/",
        api.StaffMergeIdeaView.as_view(),
        name="api-staff-idea-merge",
    ),
    path(
        "staff/ideas/<uuid:idea_id>/hide/",
        api.StaffHideIdeaView.as_view(),
        name="api-staff-idea-hide",
    ),
    path(
        "staff/ideas/<uuid:idea_id>/show/",
        api.StaffShowIdeaView.as_view(),
        name="api-staff-idea-show",
    ),
]
