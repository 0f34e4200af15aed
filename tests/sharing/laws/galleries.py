"""Laws of galleries and votes, of photos, and of what is erased or objected to."""

from django.utils import timezone

from sharing.galleries.models import LinkAdmission, LinkView
from sharing.photos.models import PhotoUploadPart
from sharing.privacy.models import DataExport, Erasure, PhotoObjection
from sharing.privacy.states import OPEN_OBJECTIONS
from sharing.votes.models import CommentReport, Reaction
from tests.factories.shop import UserFactory, VariantFactory
from tests.house.laws import check, once
from tests.sharing.laws.rows import gallery, gallery_item, link, photo, upload, vote, voter
from tests.trials.laws.rows import trial

NOW = timezone.now


def _admission() -> LinkAdmission:
    return LinkAdmission.objects.create(link=link(), viewer="a", place=1)


def _view() -> LinkView:
    return LinkView.objects.create(link=link(), viewer="a")


def _part() -> PhotoUploadPart:
    return PhotoUploadPart.objects.create(upload=upload(), start=0, size=10, name="part")


def _erasure() -> Erasure:
    return Erasure.objects.create(user=UserFactory(), scopes=["photos"])


def _export() -> DataExport:
    return DataExport.objects.create(user=UserFactory(), file="export.zip")


def _objection() -> PhotoObjection:
    return PhotoObjection.objects.create(photo=photo(), gallery=gallery(), state="hidden")


def _reaction() -> Reaction:
    return Reaction.objects.create(vote=vote(), item=gallery_item(), value="love")


def _first_place() -> Reaction:
    return Reaction.objects.create(vote=vote(), item=gallery_item(), rank=1)


def _report() -> CommentReport:
    return CommentReport.objects.create(vote=vote(), reporter="owner")


LAWS = (
    check(
        "gallery_of_a_trial_names_it",
        gallery,
        *({"kind": "trial"}, {"trial": trial}),
        lawful=({"kind": "trial", "trial": trial},),
    ),
    once(
        "variant_once_a_gallery",
        gallery_item,
        {"position": 2},
        lawful=({"position": 2, "variant": VariantFactory}, {"gallery": gallery}),
    ),
    once(
        "one_item_a_position",
        gallery_item,
        {"variant": VariantFactory},
        lawful=({"position": 2, "variant": VariantFactory}, {"gallery": gallery}),
    ),
    check("link_admits_somebody", link, {"admits": 0}, lawful=({"admits": 1},)),
    once(
        "admitted_once_a_browser",
        _admission,
        {"place": 2},
        lawful=({"place": 2, "viewer": "b"}, {"link": link}),
    ),
    once(
        "one_browser_a_place",
        _admission,
        {"viewer": "b"},
        lawful=({"place": 2, "viewer": "b"}, {"link": link}),
    ),
    once("one_view_a_browser", _view, lawful=({"viewer": "b"}, {"link": link})),
    check(
        "crop_within_the_photo",
        photo,
        *({"crop_left": -0.1}, {"crop_top": -0.1}),
        *({"crop_width": 0}, {"crop_width": 1.0005}, {"crop_height": 0}, {"crop_height": 1.0005}),
        *({"crop_left": 0.1}, {"crop_top": 0.1}),
        {"crop_left": 0.6, "crop_width": 0.5},
        {"crop_top": 0.6, "crop_height": 0.5},
        lawful=(
            {"crop_left": 0.5, "crop_width": 0.5, "crop_top": 0.9, "crop_height": 0.1},
            # Rounded in a form.
            {"crop_left": 0.667, "crop_width": 0.333, "crop_top": 0.6667, "crop_height": 0.3334},
        ),
    ),
    check(
        "no_crop_shown_before_chosen",
        photo,
        {"crop_shown": 1},
        lawful=({"crop_shown": 1, "crops_chosen": 1},),
    ),
    check(
        "upload_no_longer_than_said",
        upload,
        *({"length": 0}, {"received": 11}),
        lawful=({"received": 10},),
    ),
    check(
        "upload_settled_only_when_whole",
        upload,
        *({"photo": photo}, {"refusal": "no_picture"}),
        lawful=({"photo": photo, "received": 10}, {"refusal": "no_picture", "received": 10}),
    ),
    once(
        "one_part_an_offset",
        _part,
        {"name": "other"},
        lawful=({"start": 10}, {"upload": upload}),
    ),
    check("no_empty_part", _part, {"size": 0}),
    once(
        "one_erasure_under_way",
        _erasure,
        lawful=({"scopes": ["votes"]}, {"user": UserFactory}, {"state": "done"}),
    ),
    once("one_export_under_way", _export, lawful=({"state": "ready"}, {"user": UserFactory})),
    once(
        "one_open_objection_a_photo",
        _objection,
        *({"state": state} for state in OPEN_OBJECTIONS),
        lawful=({"state": "kept"}, {"state": "erased"}, {"photo": photo}),
    ),
    check(
        "no_address_without_a_wish",
        voter,
        {"email": "friend@lorgnette.example"},
        lawful=({"email": "friend@lorgnette.example", "wants_news": True},),
    ),
    check(
        "excluded_votes_say_why",
        vote,
        *({"counted": False}, {"excluded_because": "bot"}),
        lawful=({"counted": False, "excluded_because": "bot"},),
    ),
    once(
        "one_reaction_a_frame",
        _reaction,
        {"value": "like"},
        lawful=({"item": gallery_item}, {"vote": vote}),
    ),
    check(
        "a_reaction_says_something",
        _reaction,
        {"value": ""},
        lawful=({"value": "", "rank": 1}, {"value": "", "comment": "Hm."}),
    ),
    once(
        "one_frame_a_place",
        _first_place,
        {"item": gallery_item},
        lawful=({"item": gallery_item, "rank": 2}, {"vote": vote}),
    ),
    check(
        "places_are_1_to_5",
        _first_place,
        *({"rank": 0}, {"rank": 6}),
        lawful=({"rank": 1}, {"rank": 5}),
    ),
    once(
        "one_report_a_person",
        _report,
        {"reason": "Again"},
        lawful=({"reporter": "friend 2"}, {"vote": vote}),
    ),
    check(
        "decided_reports_say_when",
        _report,
        *({"decided_at": NOW}, {"state": "kept"}, {"state": "hidden"}),
        lawful=({"state": "hidden", "decided_at": NOW},),
    ),
)
