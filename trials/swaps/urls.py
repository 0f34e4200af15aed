"""Addresses of the room: the page on which a frame is chosen, and the API."""

from django.urls import URLPattern, path

from trials.swaps import api, views

SWAP = "trials/<str:number>/items/<uuid:item_id>/swap/"

urlpatterns: list[URLPattern] = [path(SWAP, views.frame_swap, name="frame_swap")]

api_urlpatterns: list[URLPattern] = [
    path(SWAP, api.FrameSwapView.as_view(), name="api-frame-swap"),
    path(f"staff/{SWAP}", api.StaffFrameSwapView.as_view(), name="api-staff-frame-swap"),
]
