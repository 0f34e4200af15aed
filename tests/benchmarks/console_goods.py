"""A shop of two years in a database of its own: a million trials, kept from one run to the next."""

import contextlib
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from psycopg import sql

from shop.customers.models import User
from tests.benchmarks import console_shop_sql, console_sql
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.server import admin, analyse
from tests.databases import migrated_database
from trials.costs.models import CostRates
from trials.home_trials.numbers import ALPHABET
from trials.programme.models import Programme, ProgrammeVersion

FIRST = (
    *("Anna", "Ben", "Clara", "David", "Emma", "Finn", "Greta", "Hannah", "Ida", "Jonas"),
    *("Karl", "Lena", "Mia", "Noah", "Oskar", "Paula", "Quirin", "Rosa", "Sofia", "Theo"),
    *("Ursula", "Viktor", "Wanda", "Xaver", "Yara", "Zoe", "Aylin", "Bogdan", "Chiara", "Duygu"),
)
SYLLABLES = (
    *("Ber", "Hof", "Lind", "Stein", "Wald", "Kor", "Mei", "Nau", "Rei", "Sand", "Tal", "Vog"),
)
ENDINGS = (
    *("mann", "ner", "berg", "feld", "bauer", "hardt", "ler", "stein", "kamp", "ling", "s", "er"),
)
LAST = tuple(one + end for one in SYLLABLES for end in ENDINGS)
STAFF = 20
SLICE = 25_000


@dataclass(frozen=True)
class Size:
    """How much the shop holds.

    Attributes:
        trials: in two years.
        units: that travel; five times the open trials and more.
        customers: who asked for them.
        products: frames in the catalogue, with three variants each.
    """

    trials: int
    units: int
    customers: int
    products: int

    @property
    def open(self) -> int:
        """How many of the latest trials are still open."""
        return self.trials * 3 // 100


LARGE = Size(trials=1_000_000, units=200_000, customers=400_000, products=1000)
SMALL = Size(trials=1000, units=200, customers=200, products=5)


@contextlib.contextmanager
def large_shop(size: Size) -> Iterator[None]:
    """Let this process's connection be to a shop of that size; it is filled where it is not there.

    The database is kept, but for a small one. It is filled anew once the SQL that fills it changes;
    migrations that came since are run.
    """
    own = str(settings.DATABASES["default"]["NAME"])
    name = f"{own}_console_{_fingerprint(size)}"
    with admin() as server:
        rows = server.execute("SELECT datname FROM pg_database").fetchall()
        known = {str(row[0]) for row in rows}
        if name not in known:
            for outdated in known:
                if outdated.startswith(f"{own}_console_"):
                    server.execute(_drop(outdated))
            server.execute(_drop(f"{own}_draft"))
            server.execute(_create(f"{own}_draft"))
    if name not in known:
        with _connected_to(f"{own}_draft"):
            _fill(size)
        with admin() as server:
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            server.execute(rename.format(sql.Identifier(f"{own}_draft"), sql.Identifier(name)))
    try:
        with _connected_to(name):
            call_command("migrate", verbosity=0)
            yield
    finally:
        if size is SMALL:
            with admin() as server:
                server.execute(_drop(name))


def _fingerprint(size: Size) -> str:
    files = (console_shop_sql, console_sql)
    text = "".join(Path(each.__file__).read_text() for each in files) + repr(size)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


def _create(name: str) -> sql.Composed:
    source = migrated_database() if settings.TESTING else "template1"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    return create.format(sql.Identifier(name), sql.Identifier(source))


@contextlib.contextmanager
def _connected_to(name: str) -> Iterator[None]:
    own = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = own


def _fill(size: Size) -> None:
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    ensure_products(size.products)
    values = {**_rules(), **_counts(size)}
    with connection.cursor() as cursor:
        # The shop's own stays on; rows that can be made again need not reach the disk at once.
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET jit = off")
        cursor.execute("SET work_mem = '256MB'")
        _run(console_shop_sql.SHOP, values)
        _say("people and units", began)
        for low in range(1, size.trials + 1, SLICE):
            part = {"low": low, "high": min(low + SLICE - 1, size.trials)}
            _run(console_sql.SLICE, {**values, **part})
            _say(f"{part['high']:,} trials", began)
        cursor.execute("ANALYZE")
        _run(console_sql.REST, values)
    analyse()
    _say("all", began)


def _say(what: str, began: float) -> None:
    print(f"filled: {what}, {time.monotonic() - began:.0f} s", flush=True)


def _run(script: str, values: dict[str, object]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in script.split(";\n"):
            cursor.execute(statement, values)


def _rules() -> dict[str, object]:
    """Make staff, programmes and rates; return the versions that trials name."""
    now = timezone.now()
    long_ago = now - timedelta(days=800)
    staff = [
        User(email=f"ops{n}@shop.example", name=f"Ops {n}", password="!", is_staff=True)
        for n in range(STAFF)
    ]
    staff[0].is_superuser = True
    User.objects.bulk_create(staff)
    Programme.objects.update(active=False)
    versions = []
    for name, countries in (("Germany", ["DE"]), ("Elsewhere", ["AT"])):
        programme = Programme.objects.create(
            name=name, slug=name.lower(), active=True, countries=countries
        )
        version = ProgrammeVersion.objects.create(
            programme=programme, number=1, valid_from=long_ago, published_at=long_ago
        )
        versions.append(version.pk)
    CostRates.objects.create(
        valid_from=long_ago, shipping_out=Decimal("4.19"), shipping_back=Decimal("3.99")
    )
    return {"versions": versions}


def _counts(size: Size) -> dict[str, object]:
    return {
        "trials": size.trials,
        "units": size.units,
        "customers": size.customers,
        "open": size.open,
        "variants": size.products * 3,
        "staff": STAFF,
        "alphabet": ALPHABET,
        "first": list(FIRST),
        "firsts": len(FIRST),
        "last": list(LAST),
        "lasts": len(LAST),
    }
