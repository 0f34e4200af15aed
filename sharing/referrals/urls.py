"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.referrals import api, console_views, credit_api, views

urlpatterns: list[URLPattern] = [
    path("g/<str:token>/shop/", views.referral_click, name="referral_click"),
    path("r/<str:code>/", views.referral_page, name="referral_page"),
    path("r/<str:code>/claim/", views.referral_claim, name="referral_claim"),
    path("account/friends/", views.friends, name="friends"),
    path("account/friends/invite/", views.friend_invite, name="friend_invite"),
    path("account/friends/code/", views.code_claim, name="code_claim"),
    path("account/friends/qr.svg", views.friends_qr, name="friends_qr"),
    path("console/referrals/", console_views.console_held, name="console_held"),
    path(
        "console/referrals/<uuid:referral_id>/decide/",
        console_views.referral_decide,
        name="referral_decide",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "shared/<str:token>/referral/",
        api.SharedReferralView.as_view(),
        name="api-shared-referral",
    ),
    path("referrals/", api.ReferralsView.as_view(), name="api-referrals"),
    path("referrals/code/", api.ReferralCodeView.as_view(), name="api-referral-code"),
    path("referrals/clicks/", api.ReferralClickView.as_view(), name="api-referral-clicks"),
    path("referrals/claims/", api.ReferralClaimView.as_view(), name="api-referral-claims"),
    path("referrals/invitations/", api.InvitationsView.as_view(), name="api-invitations"),
    path("credit/", credit_api.CreditView.as_view(), name="api-credit"),
    path("credit/entries/", credit_api.CreditEntriesView.as_view(), name="api-credit-entries"),
    path("staff/referrals/", credit_api.HeldReferralsView.as_view(), name="api-staff-referrals"),
    path(
        "staff/referrals/<uuid:referral_id>/release/",
        credit_api.ReferralReleaseView.as_view(),
        name="api-staff-release",
    ),
    path(
        "staff/referrals/<uuid:referral_id>/refuse/",
        credit_api.ReferralRefuseView.as_view(),
        name="api-staff-refuse",
    ),
]
