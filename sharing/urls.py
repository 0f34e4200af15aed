"""All addresses of the sharing floor, under one namespace for pages."""

from django.urls import URLPattern, path

from sharing.bookmarks import urls as bookmarks
from sharing.circles import urls as circles
from sharing.galleries import urls as galleries
from sharing.ideas import urls as ideas
from sharing.photos import urls as photos
from sharing.privacy import urls as privacy
from sharing.referrals import urls as referrals
from sharing.stylist import urls as stylist
from sharing.testers import urls as testers
from sharing.today_api import StaffTodayView
from sharing.votes import urls as votes

app_name = "sharing"

urlpatterns: list[URLPattern] = [
    # Friends' pages are asked for most.
    *votes.urlpatterns,
    *photos.urlpatterns,
    *galleries.urlpatterns,
    *referrals.urlpatterns,
    *circles.urlpatterns,
    *bookmarks.urlpatterns,
    *stylist.urlpatterns,
    *ideas.urlpatterns,
    *testers.urlpatterns,
    *privacy.urlpatterns,
]

api_urlpatterns: list[URLPattern] = [
    path("staff/today/", StaffTodayView.as_view(), name="api-staff-today"),
    *photos.api_urlpatterns,
    *galleries.api_urlpatterns,
    *votes.api_urlpatterns,
    *referrals.api_urlpatterns,
    *circles.api_urlpatterns,
    *bookmarks.api_urlpatterns,
    *stylist.api_urlpatterns,
    *ideas.api_urlpatterns,
    *testers.api_urlpatterns,
    *privacy.api_urlpatterns,
]
