"""Addresses of the room: pages, console and API."""

from django.urls import URLPattern, path

from sharing.testers import api, console_views, views

urlpatterns: list[URLPattern] = [
    path("tests/", views.test_list, name="test_list"),
    path("tests/<uuid:panel_id>/", views.test, name="test"),
    path("tests/<uuid:panel_id>/answer/", views.test_answer, name="test_answer"),
    path("tests/<uuid:panel_id>/frames/<slug:handle>/", views.test_feedback, name="test_feedback"),
    path("console/panels/", console_views.panel_list, name="panel_list"),
    path("console/panels/<uuid:panel_id>/", console_views.panel, name="panel"),
    path("console/panels/<uuid:panel_id>/open/", console_views.panel_open, name="panel_open"),
    path("console/panels/<uuid:panel_id>/close/", console_views.panel_close, name="panel_close"),
    path("console/panels/<uuid:panel_id>/invite/", console_views.panel_invite, name="panel_invite"),
    path(
        "console/panels/<uuid:panel_id>/testers/<int:tester_id>/remove/",
        console_views.panel_remove,
        name="panel_remove",
    ),
    path("console/panels/<uuid:panel_id>/results/", console_views.results, name="panel_results"),
    path("console/panels/<uuid:panel_id>/results.csv", console_views.results_csv, name="panel_csv"),
]

api_urlpatterns: list[URLPattern] = [
    path("tests/", api.TestsView.as_view(), name="api-tests"),
    path("tests/<uuid:panel_id>/", api.TestView.as_view(), name="api-test"),
    path(
        "tests/<uuid:panel_id>/frames/<slug:handle>/",
        api.TestFeedbackView.as_view(),
        name="api-test-feedback",
    ),
    path("staff/panels/", api.StaffPanelsView.as_view(), name="api-staff-panels"),
    path(
        "staff/panels/<uuid:panel_id>/invite/",
        api.StaffInviteView.as_view(),
        name="api-staff-panel-invite",
    ),
    path(
        "staff/panels/<uuid:panel_id>/open/",
        api.StaffOpenPanelView.as_view(),
        name="api-staff-panel-open",
    ),
    path(
        "staff/panels/<uuid:panel_id>/close/",
        api.StaffClosePanelView.as_view(),
        name="api-staff-panel-close",
    ),
    path(
        "staff/panels/<uuid:panel_id>/results/",
        api.StaffResultsView.as_view(),
        name="api-staff-panel-results",
    ),
]
