"""Addresses of the room: pages and API."""

from django.urls import URLPattern, path

from trials.home_trials import api, views

urlpatterns: list[URLPattern] = [
    path("box/", views.box, name="box"),
    path("box/add/", views.box_add, name="box_add"),
    path("box/remove/", views.box_remove, name="box_remove"),
    path("box/place/", views.place, name="place"),
    path("trials/", views.trial_list, name="trial_list"),
    path("trials/<str:number>/", views.trial, name="trial"),
    path("trials/<str:number>/card/", views.trial_card, name="trial_card"),
    path("trials/<str:number>/cancel/", views.trial_cancel, name="trial_cancel"),
]

api_urlpatterns: list[URLPattern] = [
    path(
        "frames/<slug:handle>/availability/",
        api.FrameAvailabilityView.as_view(),
        name="api-frame-availability",
    ),
    path("box/", api.BoxView.as_view(), name="api-box"),
    path("box/suggestions/", api.BoxSuggestionsView.as_view(), name="api-box-suggestions"),
    path("box/items/", api.BoxItemsView.as_view(), name="api-box-items"),
    path("box/items/<int:variant_id>/", api.BoxItemView.as_view(), name="api-box-item"),
    path("trials/", api.TrialsView.as_view(), name="api-trials"),
    path("trials/<str:number>/", api.TrialView.as_view(), name="api-trial"),
    path("trials/<str:number>/payment/", api.TrialPaymentView.as_view(), name="api-trial-payment"),
    path(
        "trials/<str:number>/payment/refresh/",
        api.TrialPaymentRefreshView.as_view(),
        name="api-trial-payment-refresh",
    ),
    path("trials/<str:number>/hold/", api.TrialHoldView.as_view(), name="api-trial-hold"),
    path("trials/<str:number>/cancel/", api.TrialCancelView.as_view(), name="api-trial-cancel"),
]
