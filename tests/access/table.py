"""The table: every named route, who may use it, and which of the owner's things it names.

``Route.who`` is one of

* ``everybody``: no account is needed;
* ``customers``: whoever is logged in, about her own things;
* ``owner``: she whose thing the address names; for all others, staff too, it is not there;
* ``owner_and_staff``: likewise, but people who work here see it too;
* ``staff``: ops and managers; for customers the pages are not there, and the API says 403;
* ``managers``: as ``staff``, but ops are refused too;
* ``signed``: programs that sign what they send.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Route:
    """One row.

    Attributes:
        who: see above.
        things: names of ``World.things`` that the address takes, in its order.
        also: statuses besides success that are right here for who may use it.
    """

    who: str
    things: tuple[str, ...] = ()
    also: tuple[int, ...] = ()


def everybody(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("everybody", things, also)


def customers(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("customers", things, also)


def owner(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("owner", things, also)


def staff(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("staff", things, also)


def managers(*things: str, also: tuple[int, ...] = ()) -> Route:
    return Route("managers", things, also)


SIGNED = Route("signed")
# Something named in the body that is not there; a vote not cast yet.
NOTHING_NAMED, NOT_VOTED = (404,), (403,)
ASKED_TO_LOG_IN = (302,)
# Nobody votes for an idea of her own.
OWN_IDEA = (403,)
# Stripe is never called in a transaction, and this test is one: who gets so far was let in.
AT_STRIPES_DOOR = (500,)

PAGES = {
    "public_file": everybody("picture"),
    "set_language": everybody(),
    "favicon": everybody(),
    "robots": everybody(),
    "styleguide": everybody(),
    "catalogue:home": everybody(),
    "catalogue:frame_list": everybody(),
    "catalogue:frame": everybody("frame"),
    "customers:account": customers(),
    "customers:address_add": customers(),
    "customers:address_retire": owner("address"),
    "messages:choices": customers(),
    "messages:push_worker": everybody(),
    "messages:unsubscribe": everybody("unsubscribing"),
    "payments:card_list": customers(),
    "payments:card_setup": customers(also=AT_STRIPES_DOOR),
    "payments:card_return": customers(also=NOTHING_NAMED),
    "payments:card_remove": owner("card"),
    "payments:payment": owner("payment", also=AT_STRIPES_DOOR),
    "payments:payment_return": owner("payment"),
    "payments:payment_with_card": owner("payment", "card", also=AT_STRIPES_DOOR),
    "payments:stripe_webhook": SIGNED,
    "orders:cart": everybody(),
    "orders:cart_add": everybody(also=NOTHING_NAMED),
    "orders:cart_update": everybody(also=NOTHING_NAMED),
    "orders:checkout": customers(),
    "orders:order_list": customers(),
    "orders:order": owner("order"),
    "orders:pay": owner("order"),
    "orders:console_list": staff(),
    "orders:console_order": staff("order"),
    "orders:console_act": staff("order", "act"),
    "analytics:scorecard": managers(),
    "trials:box": everybody(),
    "trials:box_add": everybody(also=NOTHING_NAMED),
    "trials:box_remove": everybody(also=NOTHING_NAMED),
    "trials:place": customers(),
    "trials:trial_list": customers(),
    "trials:trial": owner("trial"),
    "trials:trial_cancel": owner("trial"),
    "trials:return_label": owner("trial"),
    "trials:carrier_webhook": Route("signed", ("carrier",)),
    "sharing:photo_upload": owner("trial"),
    "sharing:photo_shelves": owner("trial"),
    "sharing:photo_erase": owner("photo"),
    "sharing:photo_crop": owner("photo"),
    "sharing:photo_whole": owner("photo"),
    "sharing:photo": owner("photo", "size", "extension"),
    "sharing:gallery_create": customers(also=NOTHING_NAMED),
    "sharing:gallery_list": customers(),
    "sharing:gallery_compare": customers(),
    "sharing:gallery_vouch": owner("gallery"),
    "sharing:gallery_vote": owner("gallery", "vote"),
    "sharing:gallery": owner("gallery"),
    "sharing:gallery_close": owner("gallery"),
    "sharing:gallery_reopen": owner("gallery"),
    "sharing:gallery_standing": owner("gallery"),
    "sharing:gallery_buy": owner("gallery"),
    "sharing:link_create": owner("gallery"),
    "sharing:link_revoke": owner("gallery", "link"),
    "sharing:link_qr": owner("gallery", "link"),
    "sharing:friend_gallery": everybody("token"),
    "sharing:friend_photo": everybody("token", "photo", "size", "extension"),
    "sharing:preview": everybody("token"),
    "sharing:vote": everybody("token", also=NOT_VOTED),
    "sharing:thanks": everybody("token", also=NOT_VOTED),
    "sharing:word_report": everybody("token", "vote", also=NOT_VOTED),
    "sharing:report_list": staff(),
    "sharing:report_decide": staff("report"),
    "sharing:referral_click": everybody("token", also=NOT_VOTED),
    "sharing:circle_list": customers(),
    "sharing:circle_join": everybody("invitation_token", also=ASKED_TO_LOG_IN),
    "sharing:circle": owner("circle"),
    "sharing:circle_people": owner("circle"),
    "sharing:circle_rename": owner("circle"),
    "sharing:circle_archive": owner("circle"),
    "sharing:circle_reopen": owner("circle"),
    "sharing:circle_invite": owner("circle"),
    "sharing:circle_uninvite": owner("circle", "invitation"),
    "sharing:circle_role": owner("circle", "member"),
    "sharing:circle_remove": owner("circle", "member"),
    "sharing:circle_trials_shown": owner("circle"),
    "sharing:circle_who": owner("circle"),
    "sharing:circle_tags": owner("circle"),
    "sharing:circle_leave": owner("circle"),
    "sharing:saved": customers(),
    "sharing:saved_new": customers(also=NOTHING_NAMED),
    "sharing:saved_suggest": customers(),
    "sharing:saved_news": customers(),
    "sharing:saved_to_box": customers(),
    "sharing:saved_to_gallery": customers(),
    "sharing:saved_follow": customers(),
    "sharing:saved_unfollow": owner("follow"),
    "sharing:saved_tag": everybody("tag"),
    "sharing:saved_person": everybody("public_shelf"),
    "sharing:person_block": owner("near_shelf"),
    "sharing:person_unblock": owner("near_shelf"),
    "sharing:saved_edit": owner("bookmark"),
    "sharing:saved_remove": owner("bookmark"),
    "sharing:feed_settings": customers(),
    "sharing:tag_feed": everybody("tag", "atom"),
    "sharing:person_feed": everybody("public_shelf", "atom"),
    "sharing:private_tag_feed": everybody("feed_token", "tag", "atom"),
    "sharing:private_person_feed": everybody("feed_token", "public_shelf", "atom"),
    "sharing:private_circle_feed": everybody("feed_token", "open_circle", "atom"),
    "sharing:staff_circles": staff(),
    "sharing:staff_circle": staff("staff_circle"),
    "sharing:staff_note": staff(),
    "sharing:staff_note_remove": staff("staff_note", also=NOTHING_NAMED),
    "sharing:stylist_ask_trial": owner("trial"),
    "sharing:stylist_ask_gallery": owner("gallery"),
    "sharing:stylist_friends": owner("gallery"),
    "sharing:stylist_picture": Route("owner_and_staff", ("answer", "size", "extension")),
    "sharing:stylist_friend_picture": everybody("token", "answer", "size", "extension"),
    "sharing:stylist_queue": staff(),
    "sharing:stylist_times": staff(),
    "sharing:stylist_thread": staff("thread"),
    "sharing:stylist_photo": staff("thread", "photo", "size", "extension"),
    "sharing:stylist_close": staff("thread"),
    "sharing:stylist_reopen": staff("thread"),
    "sharing:idea_list": customers(),
    "sharing:idea_add": customers(),
    "sharing:idea": customers("idea"),
    "sharing:idea_vote": customers("idea", also=OWN_IDEA),
    "sharing:idea_unvote": customers("idea", also=OWN_IDEA),
    "sharing:idea_report": customers("idea", also=OWN_IDEA),
    "sharing:console_ideas": staff(),
    "sharing:console_idea": staff("idea"),
    "sharing:console_idea_answer": staff("idea"),
    "sharing:console_idea_merge": staff("idea"),
    "sharing:console_idea_hide": staff("idea"),
    "sharing:console_idea_show": staff("idea"),
    "sharing:test_list": customers(),
    "sharing:test": owner("panel"),
    "sharing:test_answer": owner("panel"),
    "sharing:test_feedback": owner("panel", "tested"),
    "sharing:panel_list": staff(),
    "sharing:panel": staff("panel"),
    "sharing:panel_open": staff("panel"),
    "sharing:panel_close": staff("panel"),
    "sharing:panel_invite": staff("panel"),
    "sharing:panel_remove": staff("panel", "tester"),
    "sharing:panel_results": staff("panel"),
    "sharing:panel_csv": staff("panel"),
    "console:home": staff(),
    "console:trial_list": staff(),
    "console:trials_csv": staff(),
    "console:trial": staff("trial"),
    "console:trial_approve": staff("trial"),
    "console:trial_decline": staff("trial"),
    "console:trial_cancel": staff("trial"),
    "console:labels_make": staff("trial"),
    "console:labels": staff("trial"),
    "console:trial_ship": staff("trial"),
    "console:trial_tracking": staff("trial"),
    "console:trial_charge": staff("trial"),
    "console:pack": staff(also=NOTHING_NAMED),
    "console:pack_trial": staff("trial"),
    "console:pack_finish": staff("trial"),
    "console:check_in": staff(also=NOTHING_NAMED),
    "console:check_in_trial": staff("trial"),
    "console:check_in_finish": staff("trial"),
    "console:unit_list": staff(),
    "console:unit": staff("barcode"),
    "console:charge_list": staff(),
    "console:charge_let_go": managers("charge"),
}

API = {
    "api-docs": everybody(),
    "api-frame-list": everybody(),
    "api-frame": everybody("frame"),
    "api-address-list": customers(),
    "api-address": owner("address"),
    "api-message-choices": customers(),
    "api-push-browsers": customers(),
    "api-push-browser": owner("browser"),
    "api-cards": customers(),
    "api-card": owner("card"),
    "api-card-setup": customers(also=AT_STRIPES_DOOR),
    "api-card-setup-finish": owner("setup", also=NOTHING_NAMED),
    "api-cart": customers(),
    "api-cart-lines": customers(),
    "api-cart-line": customers("variant"),
    "api-orders": customers(),
    "api-order": owner("order"),
    "api-order-payment": owner("order", also=AT_STRIPES_DOOR),
    "api-order-payment-refresh": owner("order"),
    "api-scorecard": managers(),
    "api-box": customers(),
    "api-box-items": customers(),
    "api-box-item": customers("variant"),
    "api-trials": customers(),
    "api-trial": owner("trial"),
    "api-trial-cancel": owner("trial"),
    "api-trial-photos": owner("trial"),
    "api-photo-uploads": owner("trial"),
    "api-photo-upload": owner("upload"),
    "api-photo": owner("photo"),
    "api-photo-crop": owner("photo"),
    "api-photo-whole": owner("photo"),
    "api-photo-file": owner("photo", "size"),
    "api-galleries": customers(),
    "api-gallery": owner("gallery"),
    "api-gallery-buy": owner("gallery"),
    "api-galleries-compare": customers(),
    "api-gallery-votes": owner("gallery"),
    "api-vouch": owner("gallery"),
    "api-voter-blocked": owner("gallery", "vote"),
    "api-words-hidden": owner("gallery", "vote"),
    "api-words-report": owner("gallery", "vote"),
    "api-gallery-close": owner("gallery"),
    "api-gallery-reopen": owner("gallery"),
    "api-links": owner("gallery"),
    "api-link": owner("gallery", "link"),
    "api-shared": everybody("token"),
    "api-shared-vote": everybody("token", also=NOT_VOTED),
    "api-shared-standing": everybody("token", also=NOT_VOTED),
    "api-shared-words": everybody("token", also=NOT_VOTED),
    "api-shared-report": everybody("token", "vote", also=NOT_VOTED),
    "api-staff-reports": staff(),
    "api-staff-report-decide": staff("report"),
    "api-shared-referral": everybody("token", also=NOT_VOTED),
    "api-circles": customers(),
    "api-circle": owner("circle"),
    "api-circle-join": customers(also=NOTHING_NAMED),
    "api-circle-archive": owner("circle"),
    "api-circle-reopen": owner("circle"),
    "api-circle-members": owner("circle"),
    "api-circle-member": owner("circle", "member"),
    "api-circle-role": owner("circle", "member"),
    "api-circle-trials": owner("circle"),
    "api-circle-invitations": owner("circle"),
    "api-circle-invitation": owner("circle", "invitation"),
    "api-circle-who": owner("circle"),
    "api-circle-leave": owner("circle"),
    "api-bookmarks": customers(also=NOTHING_NAMED),
    "api-bookmarks-news": customers(),
    "api-bookmarks-box": customers(),
    "api-bookmarks-gallery": customers(),
    "api-bookmark": owner("bookmark"),
    "api-bookmark-tags": customers(),
    # Everywhere, tags are merged by staff.
    "api-tags-merge": customers(also=(403,)),
    "api-feed-token": customers(),
    "api-follows": customers(),
    "api-follow": owner("follow"),
    "api-block": owner("near_shelf"),
    "api-staff-notes": staff(),
    "api-trial-thread": owner("trial"),
    "api-gallery-thread": owner("gallery"),
    "api-stylist-picture": Route("owner_and_staff", ("answer", "size")),
    "api-shared-stylist": everybody("token", also=NOT_VOTED),
    "api-staff-threads": staff(),
    "api-staff-thread": staff("thread"),
    "api-staff-thread-answer": staff("thread"),
    "api-staff-thread-close": staff("thread"),
    "api-staff-thread-reopen": staff("thread"),
    "api-staff-answer-times": staff(),
    "api-ideas": customers(),
    "api-idea": customers("idea"),
    "api-idea-vote": customers("idea", also=OWN_IDEA),
    "api-idea-report": customers("idea", also=OWN_IDEA),
    "api-staff-ideas": staff(),
    "api-staff-idea-answer": staff("idea"),
    "api-staff-idea-merge": staff("idea"),
    "api-staff-idea-hide": staff("idea"),
    "api-staff-idea-show": staff("idea"),
    "api-tests": customers(),
    "api-test": owner("panel"),
    "api-test-feedback": owner("panel", "tested"),
    "api-staff-panels": staff(),
    "api-staff-panel-invite": staff("panel"),
    "api-staff-panel-open": staff("panel"),
    "api-staff-panel-close": staff("panel"),
    "api-staff-panel-results": staff("panel"),
    "api-staff-trials": staff(),
    "api-staff-trial": staff("trial"),
    "api-staff-approve": staff("trial"),
    "api-staff-decline": staff("trial"),
    "api-staff-pack": staff("trial"),
    "api-staff-finish-packing": staff("trial"),
    "api-staff-ship": staff("trial"),
    "api-staff-labels": staff("trial"),
    "api-staff-tracking": staff("parcel"),
    "api-staff-check-in": staff("trial"),
    "api-staff-finish-check-in": staff("trial"),
    "api-staff-charge": staff("trial"),
    "api-staff-waive": managers("charge"),
    "api-staff-write-off": managers("charge"),
}

MULTIPART = {"api-trial-photos"}
ROUTES = {**PAGES, **API}
# Made by libraries; ``test_library_routes`` asks them, and the schema has tests of its own.
LIBRARIES = ("admin:", "account_", "headless:", "api-schema")
