"""Making rules: always a new version, so that running trials keep their terms."""

from collections.abc import Collection
from datetime import datetime
from typing import TypedDict, Unpack

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.locks import lock_row
from trials.programme.errors import (
    CountryTakenError,
    MayNotChangeProgrammeError,
    MayNotPublishError,
    NotWithdrawableError,
    OvertakenError,
    ProgrammeExistsError,
    ProgrammeInvalidError,
    RulesInvalidError,
)
from trials.programme.models import DayCount, Mode, Programme, ProgrammeVersion

PERMISSION = "trials.add_programmeversion"
MAKES, CHANGES = "trials.add_programme", "trials.change_programme"

COPIED = (
    "frames_per_box",
    "days_at_home",
    "grace_days",
    "shipping_days",
    "fee",
    "open_trials_per_customer",
    "mode",
    "deposit",
    "hold",
    "most_value",
    "cool_down_days",
    "day_count",
    "reminder_days",
    "extension_days",
    "longest_wait_days",
    "unreturned_percent",
    "damaged_percent",
    "late_fee",
    "late_fee_cap",
    "late_return_days",
    "late_return_percent",
)


class Rules(TypedDict, total=False):
    """The rules of a version; days are calendar days in the customer's zone."""

    frames_per_box: int
    days_at_home: int
    grace_days: int
    shipping_days: int
    fee: Money
    open_trials_per_customer: int
    mode: Mode
    deposit: Money
    hold: Money
    most_value: Money
    cool_down_days: int
    day_count: DayCount
    reminder_days: list[int]
    extension_days: int
    longest_wait_days: int
    unreturned_percent: int
    damaged_percent: int
    late_fee: Money
    late_fee_cap: Money
    late_return_days: int
    late_return_percent: int
    valid_from: datetime


def create_programme(
    *, slug: str, name: str, countries: Collection[str] = (), active: bool = True, by: User
) -> Programme:
    """Make a programme; no box is sent by it before its first version counts.

    Args:
        slug: names it in addresses.
        name: as people read it.
        countries: where boxes are sent, ISO 3166-1 alpha-2; none for everywhere.
        active: whether it is offered.
        by: who makes it, with the permission ``trials.add_programme``.

    Raises:
        MayNotChangeProgrammeError: the person may not.
        ProgrammeExistsError: another has this slug.
        ProgrammeInvalidError: there is no name, or no parcels go to one of the countries.
        CountryTakenError: another active programme is in one of the countries.
    """
    check_may_make(by)
    with transaction.atomic():
        if Programme.objects.filter(slug=slug).exists():
            raise _exists()
        programme = Programme(slug=slug, name=name, countries=list(countries), active=active)
        _check(programme)
        _save(programme)
        LogEntry.objects.log_actions(by.pk, [programme], ADDITION, [{"added": {}}])
        return programme


def change_programme(
    *,
    programme_id: int,
    name: str | None = None,
    countries: Collection[str] | None = None,
    active: bool | None = None,
    by: User,
) -> Programme:
    """Change what a programme is called, where it is offered and whether it is.

    Trials under way keep their terms. What is so already changes nothing.

    Args:
        programme_id: which.
        name: as people read it; as it is if not given.
        countries: as of ``create_programme``; as they are if not given.
        active: whether it is offered; as it is if not given.
        by: who changes it, with the permission ``trials.change_programme``.

    Raises:
        MayNotChangeProgrammeError: the person may not.
        ProgrammeInvalidError: there is no name, or no parcels go to one of the countries.
        CountryTakenError: another active programme is in one of the countries.
    """
    check_may_change(by)
    where = None if countries is None else list(countries)
    given = {"name": name, "countries": where, "active": active}
    wanted = {field: value for field, value in given.items() if value is not None}
    with transaction.atomic():
        programme = lock_row(Programme, programme_id)
        before = {field: getattr(programme, field) for field in wanted}
        for field, value in wanted.items():
            setattr(programme, field, value)
        _check(programme)
        changed = [each for each in wanted if getattr(programme, each) != before[each]]
        if changed:
            _save(programme, changed)
            # As the admin writes it down, whose history of a programme so tells of both. The
            # fields' names are their words there.
            told = [{"changed": {"fields": changed}}]
            LogEntry.objects.log_actions(by.pk, [programme], CHANGE, told)
        return programme


def check_may_make(by: User) -> None:
    """Make sure that somebody may make programmes.

    Raises:
        MayNotChangeProgrammeError: she may not.
    """
    _check_may(by, MAKES)


def check_may_change(by: User) -> None:
    """Make sure that somebody may change programmes.

    Raises:
        MayNotChangeProgrammeError: she may not.
    """
    _check_may(by, CHANGES)


def _check_may(by: User, permission: str) -> None:
    if not by.has_perm(permission):
        raise MayNotChangeProgrammeError(_("Only a manager makes and changes programmes. Ask one."))


def _check(programme: Programme) -> None:
    try:
        programme.full_clean()
    except ValidationError as error:
        words = " ".join(error.messages)
        taken = set(error.message_dict) == {"countries"} and programme.active and programme.rival()
        raise (CountryTakenError if taken else ProgrammeInvalidError)(words) from error


def _save(programme: Programme, fields: Collection[str] | None = None) -> None:
    """Save what was checked; somebody may have taken its slug or a country in that moment."""
    try:
        with transaction.atomic():
            programme.save(force_insert=fields is None, update_fields=fields)
    except IntegrityError as error:
        if fields is None and Programme.objects.filter(slug=programme.slug).exists():
            raise _exists() from error
        raise _just_taken() from error


def _exists() -> ProgrammeExistsError:
    return ProgrammeExistsError(_("Another programme has this name in addresses. Choose another."))


def _just_taken() -> CountryTakenError:
    return CountryTakenError(_("Another programme has just taken this country."))


def publish_version(
    *,
    programme_slug: str,
    name: str = "",
    countries: tuple[str, ...] = (),
    by: User | None = None,
    after: int | None = None,
    **rules: Unpack[Rules],
) -> ProgrammeVersion:
    """Publish the next version of a programme, which is made if it is new.

    Args:
        programme_slug: names the programme.
        name: of a new programme, as people read it; its slug if empty.
        countries: of a new programme, ISO 3166-1 alpha-2; none for everywhere.
        by: who publishes, with the permission ``trials.add_programmeversion``; nobody where a
            command does.
        after: the number of the newest version she has seen; not checked if not given.
        rules: what changes; what is not named stays as in the version before.

    Returns:
        The version, numbered one above the last.

    Raises:
        RulesInvalidError: the rules cannot be kept, such as a box of no frames.
        CountryTakenError: another active programme is in one of the countries.
        MayNotPublishError: the person may not.
        OvertakenError: somebody has published since.
    """
    check_may_publish(by)
    with transaction.atomic():
        programme = lock_row(Programme, _programme(programme_slug, name, countries).pk)
        version = next_version(programme, **rules)
        if after is not None:
            check_not_overtaken(version, after=after)
        version.published_by = by
        version.save()
        return version


def next_version(programme: Programme, **rules: Unpack[Rules]) -> ProgrammeVersion:
    """Return what would be published next, checked and not saved: what a preview shows.

    Args:
        programme: whose.
        rules: what changes against the last version that was not withdrawn.

    Raises:
        RulesInvalidError: the rules cannot be kept.
    """
    last, version = _begun(programme, **rules)
    try:
        version.full_clean()
    except ValidationError as error:
        raise RulesInvalidError(" ".join(error.messages)) from error
    if last is not None and version.valid_from < last.valid_from:
        raise RulesInvalidError(
            _("Version %(number)s is valid later than that. Withdraw it first.")
            % {"number": last.number}
        )
    return version


def check_not_overtaken(version: ProgrammeVersion, *, after: int) -> None:
    """Make sure that the next version follows the newest one somebody has seen.

    Args:
        version: as of ``next_version``.
        after: the number of what she has seen.

    Raises:
        OvertakenError: somebody has published since.
    """
    if version.number != after + 1:
        raise OvertakenError(
            _("Version %(number)s was published meanwhile. Look at it first.")
            % {"number": version.number - 1},
            number=version.number - 1,
        )


def begin_version(programme: Programme, **rules: Unpack[Rules]) -> ProgrammeVersion:
    """Return what the next version begins with, not checked and not saved.

    Terms of before may break a rule that came after them; they are put right where they are shown.

    Args:
        programme: whose.
        rules: as of ``next_version``.
    """
    return _begun(programme, **rules)[1]


def _begun(
    programme: Programme, **rules: Unpack[Rules]
) -> tuple[ProgrammeVersion | None, ProgrammeVersion]:
    """Return the last version that was not withdrawn, and the next one by its rules and these."""
    numbers = programme.versions.order_by("-number")
    newest, last = numbers.first(), numbers.filter(withdrawn_at=None).first()
    values = {field: getattr(last, field) for field in COPIED} if last else {}
    number = newest.number + 1 if newest else 1
    return last, ProgrammeVersion(programme=programme, number=number, **{**values, **rules})


def withdraw_version(*, version_id: int, by: User) -> ProgrammeVersion:
    """Call a version off before it is valid; one withdrawn before stays as it is.

    Args:
        version_id: which.
        by: who does.

    Raises:
        NotWithdrawableError: it is valid, so trials may have been placed under it.
        MayNotPublishError: the person may not.
    """
    check_may_publish(by)
    programme_id = ProgrammeVersion.objects.values_list("programme_id", flat=True).get(
        pk=version_id
    )
    with transaction.atomic():
        lock_row(Programme, programme_id)
        version = ProgrammeVersion.objects.select_related("programme").get(pk=version_id)
        if version.withdrawn_at is not None:
            return version
        now = timezone.now()
        if version.valid_from <= now:
            raise NotWithdrawableError(
                _("Version %(number)s counts already. Publish another in its place.")
                % {"number": version.number}
            )
        version.withdrawn_at, version.withdrawn_by = now, by
        version.save(update_fields=["withdrawn_at", "withdrawn_by"])
        return version


def check_may_publish(by: User | None) -> None:
    """Make sure that somebody may set terms; nobody is the shop itself.

    Raises:
        MayNotPublishError: she may not.
    """
    if by is not None and not by.has_perm(PERMISSION):
        raise MayNotPublishError(_("Only a manager sets the terms of trials. Ask one."))


def _programme(slug: str, name: str, countries: tuple[str, ...]) -> Programme:
    found = Programme.objects.filter(slug=slug).first()
    if found is not None:
        return found
    new = Programme(slug=slug, name=name or slug, countries=list(countries))
    try:
        new.full_clean()
    except ValidationError as error:
        raise CountryTakenError(" ".join(error.messages)) from error
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        # Somebody made it, or took its country, at the same moment.
        made = Programme.objects.filter(slug=slug).first()
        if made is None:
            raise _just_taken() from None
        return made
    return new
