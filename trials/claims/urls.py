"""Addresses of the room: pages stand in the console, this is the API."""

from django.urls import URLPattern, path

from trials.claims import api

api_urlpatterns: list[URLPattern] = [
    path("staff/claims/", api.StaffClaimsView.as_view(), name="api-staff-claims"),
    path(
        "staff/claims/<uuid:claim_id>/file/",
        api.StaffFileClaimView.as_view(),
        name="api-staff-claim-file",
    ),
    path(
        "staff/claims/<uuid:claim_id>/paid/",
        api.StaffClaimPaidView.as_view(),
        name="api-staff-claim-paid",
    ),
    path(
        "staff/claims/<uuid:claim_id>/correct/",
        api.StaffClaimCorrectView.as_view(),
        name="api-staff-claim-correct",
    ),
    path(
        "staff/claims/<uuid:claim_id>/given-back/",
        api.StaffClaimGivenBackView.as_view(),
        name="api-staff-claim-given-back",
    ),
    path(
        "staff/claims/<uuid:claim_id>/refused/",
        api.StaffClaimRefusedView.as_view(),
        name="api-staff-claim-refused",
    ),
    path(
        "staff/claims/<uuid:claim_id>/withdraw/",
        api.StaffWithdrawClaimView.as_view(),
        name="api-staff-claim-withdraw",
    ),
]
