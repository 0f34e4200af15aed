"""The rules that count now."""

from datetime import datetime

from django.conf import settings
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.customers.countries import COUNTRIES
from shop.customers.models import User
from shop.customers.queries import addresses_of
from shop.foundation.postgres.queries import PreparedQuery, PreparedValues, Slot
from trials.programme.errors import NoProgrammeError, NotSentThereError, ProgrammeMissingError
from trials.programme.models import Programme, ProgrammeVersion


def programme_names() -> dict[str, str]:
    """Return the names of all programmes by their slugs, those that are over, too; by name."""
    return dict(_NAMES.rows())


_NAMES = PreparedValues(
    lambda: Programme.objects.order_by("name", "pk").values_list("slug", "name")
)


def _valid_versions() -> QuerySet[ProgrammeVersion]:
    """Return what counts now: of each programme its newest version comes first."""
    return _valid_at(timezone.now())


def _valid_at(now: datetime | Slot) -> QuerySet[ProgrammeVersion]:
    return (
        ProgrammeVersion.objects.select_related("programme")
        .filter(programme__active=True, valid_from__lte=now, withdrawn_at=None)
        .order_by("programme_id", "-number")
    )


def _current_in() -> QuerySet[ProgrammeVersion]:
    """Return the versions for a country: those of a programme that names it come first."""
    codes = Programme._meta.get_field("countries")
    here = Q(programme__countries__contains=Slot("here", codes))
    return (
        _valid_at(Slot("now"))
        .filter(here | Q(programme__countries=[]))
        .order_by(Case(When(here, then=0), default=1), "programme_id", "-number")[:1]
    )


_CURRENT = PreparedQuery(_current_in)


def current_version(*, country: str) -> ProgrammeVersion:
    """Return the version new trials in a country are placed under, with its programme: one query.

    Args:
        country: where the box goes, ISO 3166-1 alpha-2. A programme that names it comes before one
            for everywhere.

    Raises:
        NotSentThereError: no programme sends boxes there.
        NoProgrammeError: trials are not offered anywhere.
    """
    version = _CURRENT.first(now=timezone.now(), here=[country])
    if version is None and not _valid_versions().exists():
        raise _not_offered()
    if version is None:
        raise NotSentThereError(
            _("We do not send boxes to %(country)s yet. Choose an address elsewhere.")
            % {"country": COUNTRIES.get(country, country)},
            country=country,
        )
    return version


def country_of(user: User | None) -> str:
    """Return the country a person's boxes likely go to: that of her latest address, or the shop's.

    Args:
        user: nobody where it is not known who looks.
    """
    latest = _COUNTRY.rows(user=user.pk) if user else []
    return str(latest[0][0]) if latest else settings.SHOP_COUNTRY


# Asked for each frame that is put into a box.
_COUNTRY = PreparedValues(lambda: addresses_of(Slot("user")).values_list("country")[:1])


def likely_version(user: User | None) -> ProgrammeVersion:
    """Return the version shown to a person before she has said where her box goes.

    That of her latest address or of the shop's home; where boxes go to neither, any that counts.

    Raises:
        NoProgrammeError: trials are not offered anywhere.
    """
    countries = [country_of(user), settings.SHOP_COUNTRY]
    for country in dict.fromkeys(countries):
        try:
            return current_version(country=country)
        except NotSentThereError:
            continue
    version = _valid_versions().first()
    if version is None:
        raise _not_offered()
    return version


def programmes() -> QuerySet[Programme]:
    """Return all programmes with the version that counts and the one that comes next.

    Returns:
        Each with ``now_number`` and ``next_number``, ``next_from`` beside it; empty if none.
    """
    now = timezone.now()
    kept = ProgrammeVersion.objects.filter(programme=OuterRef("pk"), withdrawn_at=None)
    valid = kept.filter(valid_from__lte=now).order_by("-number")
    coming = kept.filter(valid_from__gt=now).order_by("valid_from", "number")
    return Programme.objects.annotate(
        now_number=Subquery(valid.values("number")[:1]),
        now_from=Subquery(valid.values("valid_from")[:1]),
        next_number=Subquery(coming.values("number")[:1]),
        next_from=Subquery(coming.values("valid_from")[:1]),
    ).order_by("-active", "name", "pk")


def programme_by(slug: str) -> Programme:
    """Return one programme as ``programmes`` does.

    Raises:
        ProgrammeMissingError: there is none of that name.
    """
    found = programmes().filter(slug=slug).first()
    if found is None:
        raise ProgrammeMissingError(_("There is no such programme."))
    return found


def versions_of(programme: Programme) -> QuerySet[ProgrammeVersion]:
    """Return the versions of a programme with who published and withdrew them, latest first."""
    return programme.versions.select_related("programme", "published_by", "withdrawn_by").order_by(
        "-number"
    )


def version_by(slug: str, number: int) -> ProgrammeVersion:
    """Return one version.

    Raises:
        ProgrammeMissingError: there is none of that number.
    """
    found = versions_of(programme_by(slug)).filter(number=number).first()
    if found is None:
        raise ProgrammeMissingError(_("There is no such version."))
    return found


def valid_version_of(programme: Programme) -> ProgrammeVersion | None:
    """Return the version of a programme that counts now, if one does."""
    valid = programme.versions.filter(withdrawn_at=None, valid_from__lte=timezone.now())
    return valid.select_related("programme").order_by("-number").first()


def _not_offered() -> NoProgrammeError:
    return NoProgrammeError(_("Home trials are not offered at the moment. Please come back."))
