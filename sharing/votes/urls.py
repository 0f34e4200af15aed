"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.votes import (
    api,
    moderation_api,
    moderation_views,
    owner_views,
    shared_api,
    views,
    votes_api,
    votes_views,
)

urlpatterns: list[URLPattern] = [
    path("galleries/", owner_views.gallery_list, name="gallery_list"),
    path("galleries/compare/", votes_views.gallery_compare, name="gallery_compare"),
    path("galleries/<uuid:gallery_id>/", owner_views.gallery, name="gallery"),
    path(
        "galleries/<uuid:gallery_id>/standing/",
        owner_views.gallery_standing,
        name="gallery_standing",
    ),
    path("galleries/<uuid:gallery_id>/buy/", owner_views.gallery_buy, name="gallery_buy"),
    path("galleries/<uuid:gallery_id>/vouch/", votes_views.gallery_vouch, name="gallery_vouch"),
    path(
        "galleries/<uuid:gallery_id>/votes/<uuid:vote_id>/",
        votes_views.gallery_vote,
        name="gallery_vote",
    ),
    path(
        "galleries/<uuid:gallery_id>/votes/<uuid:vote_id>/report/",
        votes_views.vote_report,
        name="vote_report",
    ),
    path("g/<str:token>/", views.friend_gallery, name="friend_gallery"),
    path("g/<str:token>/vote/", views.vote, name="vote"),
    path("g/<str:token>/thanks/", views.thanks, name="thanks"),
    path("g/<str:token>/votes/<uuid:vote_id>/report/", views.report, name="word_report"),
    path("console/reports/", moderation_views.report_list, name="report_list"),
    path("console/reports/<uuid:report_id>/", moderation_views.report_decide, name="report_decide"),
]

api_urlpatterns: list[URLPattern] = [
    path("galleries/", api.GalleriesView.as_view(), name="api-galleries"),
    path(
        "galleries/compare/", votes_api.GalleriesCompareView.as_view(), name="api-galleries-compare"
    ),
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
    path(
        "galleries/<uuid:gallery_id>/votes/",
        votes_api.GalleryVotesView.as_view(),
        name="api-gallery-votes",
    ),
    path("galleries/<uuid:gallery_id>/vouch/", votes_api.VouchView.as_view(), name="api-vouch"),
    path(
        "galleries/<uuid:gallery_id>/votes/<uuid:vote_id>/vouched/",
        votes_api.VoteVouchView.as_view(),
        name="api-vote-vouched",
    ),
    path(
        "galleries/<uuid:gallery_id>/votes/<uuid:vote_id>/blocked/",
        votes_api.VoterBlockView.as_view(),
        name="api-voter-blocked",
    ),
    path(
        "galleries/<uuid:gallery_id>/votes/<uuid:vote_id>/hidden/",
        votes_api.WordsHiddenView.as_view(),
        name="api-words-hidden",
    ),
    path(
        "galleries/<uuid:gallery_id>/votes/<uuid:vote_id>/report/",
        votes_api.WordsReportView.as_view(),
        name="api-words-report",
    ),
    path("shared/<str:token>/", shared_api.SharedGalleryView.as_view(), name="api-shared"),
    path("shared/<str:token>/vote/", shared_api.SharedVoteView.as_view(), name="api-shared-vote"),
    path(
        "shared/<str:token>/standing/",
        shared_api.SharedStandingView.as_view(),
        name="api-shared-standing",
    ),
    path(
        "shared/<str:token>/words/", shared_api.SharedWordsView.as_view(), name="api-shared-words"
    ),
    path(
        "shared/<str:token>/words/<uuid:vote_id>/report/",
        shared_api.SharedReportView.as_view(),
        name="api-shared-report",
    ),
    path("staff/reports/", moderation_api.ReportsView.as_view(), name="api-staff-reports"),
    path(
        "staff/reports/<uuid:report_id>/decide/",
        moderation_api.ReportDecisionView.as_view(),
        name="api-staff-report-decide",
    ),
]
