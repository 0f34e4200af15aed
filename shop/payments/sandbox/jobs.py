"""What happens by itself when its time comes, by the sandbox's clock."""

from shop.payments.sandbox.store import Transaction


def schedule(tx: Transaction, due: int, action: str, object_id: str) -> None:
    """Have `action` happen to an object at a time, in seconds since 1970."""
    tx.sql("INSERT INTO jobs (due, action, object_id) VALUES (?, ?, ?)", due, action, object_id)


def take_due(tx: Transaction, now: int) -> list[tuple[str, str]]:
    """Take what is due off the list, the earliest first: action and object id."""
    rows = tx.sql(
        "SELECT action, object_id FROM jobs WHERE due <= ? ORDER BY due, seq", now
    ).fetchall()
    tx.sql("DELETE FROM jobs WHERE due <= ?", now)
    return [(action, object_id) for action, object_id in rows]


def any_due(tx: Transaction, now: int) -> bool:
    """Whether anything is due."""
    return tx.sql("SELECT 1 FROM jobs WHERE due <= ? LIMIT 1", now).fetchone() is not None
