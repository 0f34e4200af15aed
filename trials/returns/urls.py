"""Addresses of the room: pages stand in the console, this is the API."""

from django.urls import URLPattern, path

from trials.returns import api, api_damage, api_owed, views

urlpatterns: list[URLPattern] = []

customer_urlpatterns: list[URLPattern] = [
    path("proposals/<uuid:proposal_id>/object/", views.damage_object, name="damage_object"),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "staff/trials/<str:number>/check-in/",
        api.StaffCheckInView.as_view(),
        name="api-staff-check-in",
    ),
    path(
        "staff/trials/<str:number>/correct-verdict/",
        api.StaffCorrectVerdictView.as_view(),
        name="api-staff-correct-verdict",
    ),
    path(
        "staff/trials/<str:number>/finish-check-in/",
        api.StaffFinishCheckInView.as_view(),
        name="api-staff-finish-check-in",
    ),
    path(
        "staff/trials/<str:number>/extension/",
        api.StaffExtensionView.as_view(),
        name="api-staff-extension",
    ),
    path(
        "staff/trials/<str:number>/charge/",
        api.StaffChargeView.as_view(),
        name="api-staff-charge",
    ),
    path(
        "staff/trials/<str:number>/remind/",
        api.StaffRemindView.as_view(),
        name="api-staff-remind",
    ),
    path(
        "staff/trials/<str:number>/lost/",
        api.StaffMarkLostView.as_view(),
        name="api-staff-lost",
    ),
    path(
        "staff/charges/<uuid:charge_id>/ask/",
        api.StaffAskCardView.as_view(),
        name="api-staff-ask-card",
    ),
    path(
        "staff/charges/<uuid:charge_id>/refund/",
        api.StaffRefundChargeView.as_view(),
        name="api-staff-refund-charge",
    ),
    path(
        "staff/charges/<uuid:charge_id>/waive/",
        api.StaffWaiveView.as_view(),
        name="api-staff-waive",
    ),
    path(
        "staff/charges/<uuid:charge_id>/write-off/",
        api.StaffWriteOffView.as_view(),
        name="api-staff-write-off",
    ),
    path("staff/proposals/", api_damage.StaffProposalsView.as_view(), name="api-staff-proposals"),
    path(
        "staff/proposals/<uuid:proposal_id>/accept/",
        api_damage.StaffAcceptProposalView.as_view(),
        name="api-staff-proposal-accept",
    ),
    path(
        "staff/proposals/<uuid:proposal_id>/change/",
        api_damage.StaffChangeProposalView.as_view(),
        name="api-staff-proposal-change",
    ),
    path(
        "staff/proposals/<uuid:proposal_id>/waive/",
        api_damage.StaffWaiveProposalView.as_view(),
        name="api-staff-proposal-waive",
    ),
    path(
        "trials/<str:number>/charges/",
        api_owed.TrialChargesView.as_view(),
        name="api-trial-charges",
    ),
    path(
        "trials/<str:number>/proposals/",
        api_damage.TrialProposalsView.as_view(),
        name="api-trial-proposals",
    ),
    path(
        "proposals/<uuid:proposal_id>/object/",
        api_damage.ObjectView.as_view(),
        name="api-proposal-object",
    ),
    path(
        "staff/trials/<str:number>/box-notes/",
        api_damage.StaffBoxNotesView.as_view(),
        name="api-staff-box-notes",
    ),
    path("staff/things-left/", api_damage.StaffThingsLeftView.as_view(), name="api-staff-left"),
    path(
        "staff/things-left/<int:note_id>/sent/",
        api_damage.StaffSentHomeView.as_view(),
        name="api-staff-left-sent",
    ),
    path(
        "staff/shipments/<str:tracking_number>/lose/",
        api_damage.StaffLoseParcelView.as_view(),
        name="api-staff-lose-parcel",
    ),
]
