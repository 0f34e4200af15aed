"""Whether the database holds what was acknowledged."""

from django.db import connection

from shop.foundation.invariants import all_invariants, breaches
from tests.benchmarks.bench import Bench


def audit(bench: Bench) -> None:
    """Run every invariant of the shop and note those that are broken."""
    for each in all_invariants():
        if broken := breaches(each, limit=3):
            bench.findings.append(f"invariant {each.number}, {each.name}: {broken}")


def durability() -> str:
    """Return the server's version and whether a commit reaches the disk before it is answered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version'), current_setting('fsync'),"
            " current_setting('synchronous_commit')"
        )
        version, fsync, synchronous = cursor.fetchone()
    return f"{version}, fsync {fsync}, synchronous_commit {synchronous}"
