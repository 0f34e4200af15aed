"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from trials.console import api, counts_api, units_api
from trials.console.views import (
    charges,
    check_in,
    claims,
    counts,
    home,
    overdue,
    packing,
    proposals,
    told,
    trials,
    units,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    # trials/
    path("trials/", trials.trial_list, name="trial_list"),
    path("trials.csv", trials.trials_export, name="trials_csv"),
    path("trials/<str:number>/", trials.trial, name="trial"),
    path("trials/<str:number>/approve/", trials.trial_approve, name="trial_approve"),
    path("trials/<str:number>/decline/", trials.trial_decline, name="trial_decline"),
    path("trials/<str:number>/cancel/", trials.trial_cancel, name="trial_cancel"),
    path("trials/<str:number>/labels/", trials.labels_make, name="labels_make"),
    path("trials/<str:number>/labels.pdf", trials.labels, name="labels"),
    path("trials/<str:number>/ship/", trials.trial_ship, name="trial_ship"),
    path("trials/<str:number>/tracking/", trials.trial_tracking, name="trial_tracking"),
    path("trials/<str:number>/charge/", trials.trial_charge, name="trial_charge"),
    # pack/ and check-in/
    path("pack/", packing.pack, name="pack"),
    path("pack/<str:number>/", packing.pack_trial, name="pack_trial"),
    path("pack/<str:number>/finish/", packing.pack_finish, name="pack_finish"),
    path("check-in/", check_in.check_in, name="check_in"),
    path("check-in/codes.pdf", check_in.check_in_codes, name="check_in_codes"),
    path("check-in/<str:number>/", check_in.check_in_trial, name="check_in_trial"),
    path("check-in/<str:number>/finish/", check_in.check_in_finish, name="check_in_finish"),
    path("check-in/<str:number>/note/", check_in.check_in_note, name="check_in_note"),
    path("check-in/<str:number>/photo/", check_in.check_in_photo, name="check_in_photo"),
    # overdue/
    path("overdue/", overdue.overdue_list, name="overdue"),
    path("overdue.csv", overdue.overdue_export, name="overdue_csv"),
    path("overdue/<str:number>/remind/", overdue.overdue_remind, name="overdue_remind"),
    path("overdue/<str:number>/lost/", overdue.overdue_lost, name="overdue_lost"),
    # units/ and charges/
    path("units/", units.unit_list, name="unit_list"),
    path("units/new/", units.unit_new, name="unit_new"),
    path("units/labels.pdf", units.unit_labels, name="unit_labels"),
    path("units/counts/", counts.count_list, name="count_list"),
    path("units/counts/<uuid:count_id>/", counts.count, name="count"),
    path("units/counts/<uuid:count_id>/finish/", counts.count_finish, name="count_finish"),
    path("units/counts/<uuid:count_id>/abandon/", counts.count_abandon, name="count_abandon"),
    path("units/counts/<uuid:count_id>/decide/", counts.count_decide, name="count_decide"),
    path("units/counts/<uuid:count_id>/report.csv", counts.count_csv, name="count_csv"),
    path("units/<str:barcode>/", units.unit, name="unit"),
    path("units/<str:barcode>/<slug:act>/", units.unit_act, name="unit_act"),
    path("charges/", charges.charge_list, name="charge_list"),
    path("charges/<uuid:charge_id>/ask/", overdue.charge_ask, name="charge_ask"),
    path("charges/<uuid:charge_id>/refund/", overdue.charge_refund, name="charge_refund"),
    path("charges/<uuid:charge_id>/let-go/", charges.charge_let_go, name="charge_let_go"),
    # what follows a return
    path("proposals/", proposals.proposal_list, name="proposal_list"),
    path("proposals/<uuid:proposal_id>/", proposals.proposal_decide, name="proposal_decide"),
    path("claims/", claims.claim_list, name="claim_list"),
    path("claims/<uuid:claim_id>/", claims.claim_act, name="claim_act"),
    path("parcels/<str:tracking_number>/lose/", claims.parcel_lose, name="parcel_lose"),
    path("broken/", told.broken_list, name="broken_list"),
    path("broken/<uuid:report_id>/", told.broken_decide, name="broken_decide"),
    path("left-in-boxes/", told.left_list, name="left_list"),
    path("left-in-boxes/<int:note_id>/", told.left_done, name="left_done"),
]

api_urlpatterns: list[URLPattern] = [
    path("staff/trials/", api.StaffTrialsView.as_view(), name="api-staff-trials"),
    path("staff/overdue/", api.StaffOverdueView.as_view(), name="api-staff-overdue"),
    path("staff/trials/<str:number>/", api.StaffTrialView.as_view(), name="api-staff-trial"),
    path(
        "staff/trials/<str:number>/approve/",
        api.StaffApproveView.as_view(),
        name="api-staff-approve",
    ),
    path(
        "staff/trials/<str:number>/decline/",
        api.StaffDeclineView.as_view(),
        name="api-staff-decline",
    ),
    path("staff/trials/<str:number>/pack/", api.StaffPackView.as_view(), name="api-staff-pack"),
    path(
        "staff/trials/<str:number>/finish-packing/",
        api.StaffFinishPackingView.as_view(),
        name="api-staff-finish-packing",
    ),
    path("staff/trials/<str:number>/ship/", api.StaffShipView.as_view(), name="api-staff-ship"),
    path(
        "staff/units/",
        units_api.StaffUnitsView.as_view(),
        name="api-staff-units",
    ),
    path(
        "staff/units/labels/",
        units_api.StaffUnitLabelsView.as_view(),
        name="api-staff-unit-labels",
    ),
    path(
        "staff/units/counts/",
        counts_api.StaffCountsView.as_view(),
        name="api-staff-counts",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/",
        counts_api.StaffCountView.as_view(),
        name="api-staff-count",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/scan/",
        counts_api.StaffCountScanView.as_view(),
        name="api-staff-count-scan",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/finish/",
        counts_api.StaffCountFinishView.as_view(),
        name="api-staff-count-finish",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/abandon/",
        counts_api.StaffCountAbandonView.as_view(),
        name="api-staff-count-abandon",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/findings/",
        counts_api.StaffCountFindingsView.as_view(),
        name="api-staff-count-findings",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/accept-all/",
        counts_api.StaffCountAcceptAllView.as_view(),
        name="api-staff-count-accept-all",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/findings/<int:line>/accept/",
        counts_api.StaffFindingAcceptView.as_view(),
        name="api-staff-finding-accept",
    ),
    path(
        "staff/units/counts/<uuid:count_id>/findings/<int:line>/dismiss/",
        counts_api.StaffFindingDismissView.as_view(),
        name="api-staff-finding-dismiss",
    ),
    path(
        "staff/units/<str:barcode>/",
        units_api.StaffUnitView.as_view(),
        name="api-staff-unit",
    ),
    path(
        "staff/units/<str:barcode>/repair/",
        units_api.StaffUnitRepairView.as_view(),
        name="api-staff-unit-repair",
    ),
    path(
        "staff/units/<str:barcode>/back/",
        units_api.StaffUnitBackView.as_view(),
        name="api-staff-unit-back",
    ),
    path(
        "staff/units/<str:barcode>/retire/",
        units_api.StaffUnitRetireView.as_view(),
        name="api-staff-unit-retire",
    ),
    path(
        "staff/units/<str:barcode>/write-off/",
        units_api.StaffUnitWriteOffView.as_view(),
        name="api-staff-unit-write-off",
    ),
]
