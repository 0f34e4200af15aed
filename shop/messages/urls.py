"""Addresses of the room: pages and API."""

from django.urls import path

from shop.messages import api, views

app_name = "messages"

urlpatterns = [
    path("account/messages/", views.choices, name="choices"),
    path("push-worker.js", views.push_worker, name="push_worker"),
    path("m/u/<str:token>/", views.unsubscribe_page, name="unsubscribe"),
]

api_urlpatterns = [
    path("message-choices/", api.MessageChoicesApi.as_view(), name="api-message-choices"),
    path("push-browsers/", api.PushBrowsersApi.as_view(), name="api-push-browsers"),
    path("push-browsers/<int:browser_id>/", api.PushBrowserApi.as_view(), name="api-push-browser"),
]
