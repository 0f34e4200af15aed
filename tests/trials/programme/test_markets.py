"""A country is in one active programme, by the form and by the database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from tests.factories.shop import AddressFactory, UserFactory
from trials.programme.errors import CountryTakenError, NoProgrammeError, NotSentThereError
from trials.programme.models import Programme
from trials.programme.queries import country_of, current_version, likely_version
from trials.programme.services import publish_version

pytestmark = pytest.mark.django_db


def test_a_programme_of_the_country_comes_before_one_for_everywhere() -> None:
    everywhere = publish_version(programme_slug="aa-home")
    french = publish_version(programme_slug="fr", countries=("FR", "BE"))

    assert current_version(country="BE") == french
    assert current_version(country="DE") == everywhere


def test_a_country_that_nobody_sends_to_is_told_by_its_name() -> None:
    publish_version(programme_slug="fr", countries=("FR",))

    with pytest.raises(NotSentThereError, match="Switzerland"):
        current_version(country="CH")


def test_before_her_address_is_known_the_shops_home_counts() -> None:
    german = publish_version(programme_slug="de", countries=("DE",))
    french = publish_version(programme_slug="fr", countries=("FR",))
    user = UserFactory()

    assert likely_version(None) == likely_version(user) == german
    AddressFactory(user=user, country="FR")
    assert country_of(user) == "FR"
    assert likely_version(user) == french


def test_where_neither_she_nor_the_shop_is_served_some_terms_are_shown() -> None:
    french = publish_version(programme_slug="fr", countries=("FR",))

    assert likely_version(AddressFactory(country="CH").user) == french
    Programme.objects.update(active=False)
    with pytest.raises(NoProgrammeError):
        likely_version(None)


@pytest.mark.parametrize("countries", [("FR", "BE"), ()])
def test_a_second_programme_in_a_country_is_refused(countries: tuple[str, ...]) -> None:
    publish_version(programme_slug="first", countries=countries)

    with pytest.raises(CountryTakenError, match="first"):
        publish_version(programme_slug="second", countries=countries[:1])
    with pytest.raises(IntegrityError), transaction.atomic():
        Programme.objects.create(slug="third", name="Third", countries=list(countries[:1]))


def test_a_programme_that_is_not_active_takes_no_country_until_it_is() -> None:
    publish_version(programme_slug="first", countries=("FR",))
    old = Programme.objects.create(slug="old", name="Old", countries=["FR"], active=False)

    old.active = True
    with pytest.raises(ValidationError):
        old.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        old.save()


def test_codes_are_written_in_capitals_and_known() -> None:
    programme = Programme(slug="x", name="X", countries=["fr", "FR "])
    programme.full_clean(exclude=["countries"])
    assert programme.countries == ["FR"]

    with pytest.raises(ValidationError, match="XX"):
        Programme(slug="y", name="Y", countries=["XX"]).full_clean()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_take_one_country() -> None:
    written = Event()

    def take(slug: str) -> bool:
        try:
            with transaction.atomic():
                if slug == "second":
                    written.wait(timeout=10)
                Programme.objects.create(slug=slug, name=slug, countries=["FR"])
                written.set()
                # Not committed yet when the second writes.
                sleep(0.3)
        except IntegrityError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(take, ["first", "second"])) == [True, False]
