"""What make run writes and how it starts its processes tells other users of the machine nothing."""

import sys
from pathlib import Path

from config.embedded.run import _children, _keep_mail_private
from config.embedded.services import Services
from config.embedded.supervisor import Child, start

SERVICES = Services(
    database_url="postgres://shop:database-secret@127.0.0.1/shop",
    redis_url="redis://:redis-secret@127.0.0.1/0",
    stripe_api_base="http://127.0.0.1:8010",
    stripe_secret_key="sk_test_secret",
    stripe_publishable_key="pk_test_anybody",
    stripe_webhook_secret="whsec_secret",
    secret_key="django-secret",
    vapid_private_key="vapid-secret",
)


def test_no_secret_stands_in_a_command_line() -> None:
    children = _children("127.0.0.1", 8000, SERVICES)

    assert not [word for child in children for word in child.command if "secret" in word]
    told = {child.name: child.environment for child in children}
    assert told["stripe"] == {"STRIPE_WEBHOOK_SECRET": "whsec_secret"}


def test_what_a_child_writes_is_its_users_alone(tmp_path: Path) -> None:
    write = "import pathlib; pathlib.Path('mail').mkdir(); pathlib.Path('mail/1.log').touch()"

    assert start(Child("web", [sys.executable, "-c", write]), folder=tmp_path).wait(20) == 0

    assert mode(tmp_path / "mail") == 0o700
    assert mode(tmp_path / "mail/1.log") == 0o600


def test_mail_of_an_earlier_run_is_closed_to_others(tmp_path: Path) -> None:
    mail = tmp_path / "mail"
    mail.mkdir(mode=0o755)
    (mail / "1.log").touch(mode=0o644)

    _keep_mail_private(mail)

    assert (mode(mail), mode(mail / "1.log")) == (0o700, 0o600)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777
