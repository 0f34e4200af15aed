"""Addresses of the room: pages, feeds, the console's pages, API."""

from django.urls import URLPattern, path

from sharing.bookmarks.api import circles as circles_api
from sharing.bookmarks.api import finding as finding_api
from sharing.bookmarks.api import following as following_api
from sharing.bookmarks.api import saving as saving_api
from sharing.bookmarks.views import circles, colleagues, feeds, finding, saving

CIRCLE, FEED = "circles/<uuid:circle_id>", "feeds/mine/<str:token>"

urlpatterns: list[URLPattern] = [
    path("saved/", finding.saved, name="saved"),
    path("saved/new/", saving.saved_new, name="saved_new"),
    path("saved/suggest/", saving.saved_suggest, name="saved_suggest"),
    path("saved/news/", finding.saved_news, name="saved_news"),
    path("saved/feeds/", feeds.feed_settings, name="feed_settings"),
    path("saved/to-box/", saving.saved_to_box, name="saved_to_box"),
    path("saved/to-gallery/", saving.saved_to_gallery, name="saved_to_gallery"),
    path("saved/follow/", finding.saved_follow, name="saved_follow"),
    path("saved/follow/<uuid:follow_id>/end/", finding.saved_unfollow, name="saved_unfollow"),
    path("saved/tags/<str:tag>/", finding.saved_tag, name="saved_tag"),
    path("saved/people/<uuid:shelf_id>/", finding.saved_person, name="saved_person"),
    path("saved/people/<uuid:shelf_id>/block/", finding.person_block, name="person_block"),
    path("saved/people/<uuid:shelf_id>/unblock/", finding.person_unblock, name="person_unblock"),
    path("saved/<uuid:bookmark_id>/", saving.saved_edit, name="saved_edit"),
    path("saved/<uuid:bookmark_id>/remove/", saving.saved_remove, name="saved_remove"),
    # circles/
    path(f"{CIRCLE}/", circles.circle, name="circle"),
    path(f"{CIRCLE}/who/", circles.circle_who, name="circle_who"),
    path(f"{CIRCLE}/tags/", circles.circle_tags, name="circle_tags"),
    path(f"{CIRCLE}/leave/", circles.circle_leave, name="circle_leave"),
    path(f"{CIRCLE}/people/<uuid:member_id>/remove/", circles.circle_remove, name="circle_remove"),
    # feeds/
    path("feeds/tags/<str:tag>.<slug:kind>", feeds.tag_feed, name="tag_feed"),
    path("feeds/people/<uuid:shelf_id>.<slug:kind>", feeds.person_feed, name="person_feed"),
    path(f"{FEED}/tags/<str:tag>.<slug:kind>", feeds.tag_feed, name="private_tag_feed"),
    path(
        f"{FEED}/people/<uuid:shelf_id>.<slug:kind>", feeds.person_feed, name="private_person_feed"
    ),
    path(
        f"{FEED}/circles/<uuid:circle_id>.<slug:kind>",
        feeds.circle_feed,
        name="private_circle_feed",
    ),
    # console/
    path("console/circles/", colleagues.staff_circles, name="staff_circles"),
    path("console/circles/<uuid:circle_id>/", colleagues.staff_circle, name="staff_circle"),
    path("console/notes/", colleagues.staff_note, name="staff_note"),
    path(
        "console/notes/<uuid:bookmark_id>/remove/",
        colleagues.staff_note_remove,
        name="staff_note_remove",
    ),
]

api_urlpatterns: list[URLPattern] = [
    path("bookmarks/", saving_api.BookmarksView.as_view(), name="api-bookmarks"),
    path("bookmarks/news/", finding_api.NewsView.as_view(), name="api-bookmarks-news"),
    path("bookmarks/tags/", finding_api.TagsView.as_view(), name="api-bookmark-tags"),
    path("bookmarks/tags/merge/", finding_api.MergeView.as_view(), name="api-tags-merge"),
    path("bookmarks/to-box/", saving_api.ToBoxView.as_view(), name="api-bookmarks-box"),
    path("bookmarks/to-gallery/", saving_api.ToGalleryView.as_view(), name="api-bookmarks-gallery"),
    path("bookmarks/feed-token/", following_api.FeedTokenView.as_view(), name="api-feed-token"),
    path("bookmarks/<uuid:bookmark_id>/", saving_api.BookmarkView.as_view(), name="api-bookmark"),
    path("follows/", following_api.FollowsView.as_view(), name="api-follows"),
    path("follows/<uuid:follow_id>/", following_api.FollowView.as_view(), name="api-follow"),
    path("people/<uuid:shelf_id>/block/", following_api.BlockView.as_view(), name="api-block"),
    path(f"{CIRCLE}/who/", circles_api.CircleWhoView.as_view(), name="api-circle-who"),
    path(f"{CIRCLE}/leave/", circles_api.CircleLeaveView.as_view(), name="api-circle-leave"),
    path(
        f"{CIRCLE}/members/<uuid:member_id>/",
        circles_api.CircleMemberView.as_view(),
        name="api-circle-member",
    ),
    path("staff/notes/", saving_api.StaffNotesView.as_view(), name="api-staff-notes"),
]
