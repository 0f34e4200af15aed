"""Addresses of the room: pages, Stripe's webhook, API."""

from django.urls import URLPattern, path

from shop.payments import api, console_views, views

app_name = "payments"

urlpatterns: list[URLPattern] = [
    path("account/cards/", views.card_list, name="card_list"),
    path("account/cards/new/", views.card_setup, name="card_setup"),
    path("account/cards/saved/", views.card_return, name="card_return"),
    path("account/cards/<int:card_id>/remove/", views.card_remove, name="card_remove"),
    path("payments/<uuid:payment_id>/", views.payment, name="payment"),
    path("payments/<uuid:payment_id>/done/", views.payment_return, name="payment_return"),
    path(
        "payments/<uuid:payment_id>/card/<int:card_id>/",
        views.payment_with_card,
        name="payment_with_card",
    ),
    path("pay/<str:token>/", views.payment_by_link, name="payment_by_link"),
    path("pay/<str:token>/opened/", views.payment_link_opened, name="payment_link_opened"),
    path("pay/<str:token>/done/", views.payment_by_link_return, name="payment_by_link_return"),
    path("console/disputes/", console_views.dispute_list, name="dispute_list"),
    path("webhooks/stripe/", views.stripe_webhook, name="stripe_webhook"),
]

api_urlpatterns: list[URLPattern] = [
    path("staff/disputes/", api.StaffDisputesView.as_view(), name="api-staff-disputes"),
    path("cards/", api.CardsView.as_view(), name="api-cards"),
    path("cards/setup/", api.CardSetupView.as_view(), name="api-card-setup"),
    path(
        "cards/setup/<str:intent_id>/finish/",
        api.CardSetupFinishView.as_view(),
        name="api-card-setup-finish",
    ),
    path("cards/<int:card_id>/", api.CardView.as_view(), name="api-card"),
]
