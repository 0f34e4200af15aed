"""A customer is given all that is held of her: she alone, for some days."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from sharing.privacy.models import DataExport
from sharing.privacy.services.exporting import (
    EXPORTS_A_DAY,
    build_export,
    delete_expired,
    request_export,
)
from shop.foundation.errors import TooManyError
from shop.foundation.outbox import carry_out_due
from shop.foundation.privacy import personal_data
from tests.factories.shop import StaffFactory, UserFactory
from tests.sharing.privacy.anna import WORDS, anna
from tests.sharing.privacy.searching import files_under

pytestmark = pytest.mark.django_db
# Not told to her: what stands in mails still on their way.
NOT_TOLD = {"waiting message"}


def made(user) -> DataExport:
    export = request_export(user=user, by=user)
    build_export(export.pk)
    export.refresh_from_db()
    return export


def archive(client, export) -> zipfile.ZipFile:
    answer = client.get(reverse("sharing:export_file", args=[export.pk]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_everything_registered_is_in_it_and_each_word_of_hers(client):
    her = anna()
    client.force_login(her.user)
    found = archive(client, made(her.user))

    topics = {f"{each.name.replace('.', '-')}.json" for each in personal_data() if each.export}
    assert topics <= set(found.namelist())
    told = "".join(found.read(name).decode() for name in topics)
    json.loads(found.read("shop-orders.json"))
    assert {what for what, word in WORDS.items() if word not in told} == NOT_TOLD
    photos = [name for name in found.namelist() if name.startswith("photos/")]
    assert len(photos) == 2
    assert all(found.read(name).startswith(b"\xff\xd8") for name in photos)


def test_nobody_else_can_fetch_it(client):
    export = made(UserFactory())
    for other in (UserFactory(), StaffFactory()):
        client.force_login(other)
        for name in ("sharing:export_file", "api-export-file"):
            assert client.get(reverse(name, args=[export.pk])).status_code == 404


def test_she_is_written_to_when_it_is_ready(client, mailoutbox):
    user = UserFactory()
    client.force_login(user)
    assert client.post(reverse("sharing:export_request")).status_code == 302
    carry_out_due()
    carry_out_due()

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == ([user.email], "Your data is ready")
    page = client.get(reverse("sharing:privacy")).content.decode()
    assert reverse("sharing:export_file", args=[DataExport.objects.get().pk]) in page


def test_after_seven_days_it_is_gone(client, private_files):
    user = UserFactory()
    export = made(user)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)):
        client.force_login(user)
        address = reverse("sharing:export_file", args=[export.pk])
        assert client.get(address).status_code == 404
        assert (delete_expired(), delete_expired()) == (1, 0)
        carry_out_due()
    assert files_under(private_files) == {}


def test_one_is_made_at_a_time_and_few_a_day():
    user = UserFactory()
    assert request_export(user=user, by=user) == request_export(user=user, by=user)
    for _each in range(EXPORTS_A_DAY):
        made(user)
    with pytest.raises(TooManyError):
        request_export(user=user, by=user)
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        made(user)


def test_made_twice_there_is_one_file(private_files):
    user = UserFactory()
    export = request_export(user=user, by=user)
    build_export(export.pk)
    DataExport.objects.update(state="requested")
    build_export(export.pk)

    assert len(files_under(private_files / "exports")) >= 1
    assert len(list((private_files / "exports").iterdir())) == 1


def test_the_files_name_cannot_be_guessed():
    names = {made(UserFactory()).file for _each in range(3)}
    assert len(names) == 3
    assert all(len(name.removeprefix("exports/").removesuffix(".zip")) == 40 for name in names)


def test_programs_ask_list_and_fetch(client):
    client.force_login(UserFactory())
    asked = client.post(reverse("api-exports"))
    assert (asked.status_code, asked.json()["url"]) == (202, "")
    carry_out_due()
    (listed,) = client.get(reverse("api-exports")).json()["results"]
    assert listed["state"] == "ready"
    assert client.get(listed["url"])["Content-Type"] == "application/zip"
