"""Laws of boxes, trials, the days at home and what is changed of them."""

from django.db.models import F
from django.utils import timezone

from tests.factories.shop import UserFactory, VariantFactory
from tests.factories.trials import BoxFactory
from tests.house.laws import check, once
from tests.trials.laws.rows import days, item, trial, unit
from trials.at_home.models import Extension, ExtensionGift
from trials.evidence.models import EvidencePhoto
from trials.home_trials.models import BoxItem
from trials.reports.models import CustomerReport
from trials.swaps.models import FrameSwap

NOW = timezone.now


def _box_item() -> BoxItem:
    return BoxItem.objects.create(box=BoxFactory(), variant=VariantFactory())


def _extension() -> Extension:
    now = NOW()
    return Extension.objects.create(
        trial=trial(), kind="terms", days=5, due_before=now, due_after=days(5)()
    )


def _gift() -> ExtensionGift:
    return ExtensionGift.objects.create(user=UserFactory(), key="thanks", days=5)


def _used_gift() -> ExtensionGift:
    return ExtensionGift.objects.create(
        user=UserFactory(), key="thanks", days=5, extension=_extension()
    )


def _swap() -> FrameSwap:
    one, other = item(), unit()
    return FrameSwap.objects.create(
        item=one,
        variant_before=one.variant,
        unit_before=one.unit,
        price_before=145,
        variant_after=other.variant,
        unit_after=other,
        price_after=145,
    )


def _evidence() -> EvidencePhoto:
    return EvidencePhoto.objects.create(trial=trial(), source="station", original="photo.jpg")


def _broken() -> CustomerReport:
    one = item()
    return CustomerReport.objects.create(trial=one.trial, item=one, kind="broken")


def _sent_back() -> CustomerReport:
    return CustomerReport.objects.create(trial=trial(), kind="sent_back")


LAWS = (
    once(
        "variant_once_a_box", _box_item, lawful=({"box": BoxFactory}, {"variant": VariantFactory})
    ),
    check(
        "paid_before_it_goes_on",
        trial,
        *({"pay_by": NOW, "state": "approved"}, {"pay_by": NOW, "state": "cancelled"}),
        lawful=({"pay_by": NOW}, {"state": "approved"}),
    ),
    check("kept_deposit_not_below_zero", trial, {"kept_deposit": -1}),
    once(
        "unit_in_one_open_trial",
        item,
        {"trial": trial},
        lawful=({"trial": trial, "holds_unit": False},),
    ),
    once(
        "variant_once_a_trial",
        item,
        {"unit": unit},
        {"unit": unit, "holds_unit": False},
        lawful=({"unit": unit, "trial": trial}, {"unit": unit, "variant": VariantFactory}),
    ),
    once(
        "one_extension_a_trial_and_ground",
        _extension,
        lawful=({"kind": "gift"}, {"trial": trial}),
    ),
    check(
        "extension_of_1_to_60_days",
        _extension,
        *({"days": 0}, {"days": 61}),
        lawful=({"days": 1}, {"days": 60}),
    ),
    check(
        "extension_moves_the_end_on",
        _extension,
        *({"due_after": F("due_before")}, {"due_after": days(-1)}),
    ),
    check(
        "gift_of_1_to_60_days",
        _gift,
        *({"days": 0}, {"days": 61}),
        lawful=({"days": 1}, {"days": 60}),
    ),
    check(
        "gift_used_or_withdrawn",
        _used_gift,
        {"withdrawn_at": NOW},
        lawful=({"withdrawn_at": NOW, "extension": None},),
    ),
    check("swapped_for_another", _swap, {"variant_after": F("variant_before")}),
    check(
        "evidence_original_only_while_pending",
        _evidence,
        *({"state": "ready"}, {"state": "refused"}, {"state": "erased"}),
        lawful=({"state": "ready", "original": ""},),
    ),
    once(
        "report_once_a_frame",
        _broken,
        lawful=({"kind": "keeping"}, {"item": item}, {"withdrawn_at": NOW}),
    ),
    once(
        "report_once_a_box",
        _sent_back,
        lawful=({"kind": "never_came"}, {"trial": trial}, {"withdrawn_at": NOW}),
    ),
    check(
        "report_of_a_frame_or_of_the_box",
        _broken,
        {"item": None},
        *({"kind": "sent_back"}, {"kind": "never_came"}),
        lawful=({"kind": "sent_back", "item": None}, {"kind": "never_came", "item": None}),
    ),
    check(
        "report_charged_not_withdrawn",
        _broken,
        {"charged_at": NOW, "withdrawn_at": NOW},
        lawful=({"charged_at": NOW}, {"withdrawn_at": NOW}),
    ),
)
