"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from sharing.referrals import api, views

urlpatterns: list[URLPattern] = [
    path("g/<str:token>/shop/", views.referral_click, name="referral_click"),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "shared/<str:token>/referral/",
        api.SharedReferralView.as_view(),
        name="api-shared-referral",
    ),
]
