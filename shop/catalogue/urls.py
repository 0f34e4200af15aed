"""Addresses of the room: pages and API."""

from django.urls import path

from shop.catalogue import api, views

app_name = "catalogue"

urlpatterns = [
    path("", views.home, name="home"),
    path("frames/", views.frame_list, name="frame_list"),
    path("frames/<slug:handle>/", views.frame, name="frame"),
]

api_urlpatterns = [
    path("frames/", api.FrameListApi.as_view(), name="api-frame-list"),
    path("frames/<slug:handle>/", api.FrameApi.as_view(), name="api-frame"),
]
