"""Make the people to whom something is due, or report what became of it; run in the clone."""

import json
import sys
from collections import defaultdict
from dataclasses import asdict
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.conf import settings

from shop.customers.models import User
from shop.foundation.models import OutboxMessage
from shop.foundation.money import to_minor
from shop.holds.models import Hold
from shop.payments.models import LedgerEntry, PaymentCustomer
from tests.soak.due.kinds import KINDS, Due, address
from tests.soak.due.people import People, bank
from trials.home_trials.models import Trial
from trials.returns.models.charges import TrialCharge


def make(each: int) -> None:
    """Make so many people of each kind; the mails of the making are thrown away."""
    people = People()
    for kind in KINDS:
        for number in range(each):
            people.make(kind, number)
    people.finish()
    for file in _mail_files():
        file.unlink()


def report(each: int) -> dict[str, Any]:
    """Return what became of everybody that is not as it must be, and counts of the whole."""
    mails, sent_again = _mails()
    charges = _charges_at_stripe()
    wrong = {}
    for kind, due in KINDS.items():
        for number in range(each):
            found = _found(address(kind, number), mails, charges)
            found["mails"] = _by_words(found["mails"], due.mails)
            if found != (wanted := json.loads(json.dumps(asdict(due)))):
                wrong[address(kind, number)] = {
                    name: [wanted[name], found[name]]
                    for name in wanted
                    if wanted[name] != found[name]
                }
    waiting = OutboxMessage.objects.filter(done_at=None)
    return {
        "wrong": wrong,
        "mails": sum(len(each) for each in mails.values()),
        "mails_sent_again": sent_again,
        "charges_at_stripe": sum(len(each) for each in charges.values()),
        "trials": Trial.objects.count(),
        "waiting": waiting.filter(gave_up_at=None).count(),
        "given_up": waiting.exclude(gave_up_at=None).count(),
        "tried_again": OutboxMessage.objects.filter(attempts__gt=1).count(),
    }


def _found(email: str, mails: dict[str, list[str]], charges: dict[str, Any]) -> dict[str, Any]:
    user = User.objects.get(email=email)
    trial = Trial.objects.filter(user=user).first()
    customer = PaymentCustomer.objects.filter(user=user).first()
    booked = LedgerEntry.objects.filter(user=user, account=LedgerEntry.Account.STRIPE)
    owed = TrialCharge.objects.filter(trial__user=user)
    found = Due(
        mails=tuple(sorted(mails[email])),
        stripe=tuple(sorted(charges[customer.stripe_customer_id])) if customer else (),
        charges=tuple(sorted(owed.values_list("purpose", "state"))),
        booked=sum(to_minor(each.amount) for each in booked),
        holds=tuple(sorted(Hold.objects.filter(user=user).values_list("state", flat=True))),
        trial=trial.state if trial else "",
    )
    as_json: dict[str, Any] = json.loads(json.dumps(asdict(found)))
    return as_json


def _by_words(subjects: list[str], wanted: tuple[str, ...]) -> list[str]:
    """Return the words that were looked for, in their order, then every subject beyond them."""
    left, seen = list(subjects), []
    for words in wanted:
        fits = next((each for each in left if words in each), None)
        if fits is not None:
            left.remove(fits)
            seen.append(words)
    return seen + left


def _mail_files() -> list[Path]:
    return list(Path(settings.EMAIL_FILE_PATH).glob("*.log"))


def _mails() -> tuple[dict[str, list[str]], int]:
    """Return the subjects to each address, and how many mails were handed over again.

    The same Message-ID is the same mail: a worker was killed before it could note that it was sent.
    """
    found, seen, again = defaultdict[str, list[str]](list), set(), 0
    for file in _mail_files():
        for text in file.read_bytes().split(b"-" * 79):
            mail = message_from_bytes(text.strip(), policy=policy.default)
            name = mail["Message-ID"]
            again += name in seen
            if name and name not in seen:
                seen.add(name)
                found[str(mail["To"])].append(str(mail["Subject"]))
    return found, again


def _charges_at_stripe() -> dict[str, list[tuple[str, int]]]:
    found = defaultdict[str, list[tuple[str, int]]](list)
    for each in bank().v1.charges.list({"limit": 100}).auto_paging_iter():
        found[str(each.customer)].append((str(each.status), int(each.amount_captured)))
    return found


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(int(sys.argv[2]))
    else:
        print(json.dumps(report(int(sys.argv[2]))))
