"""Order numbers: short enough to read out, and telling nothing of how many were sold."""

import secrets

# Without characters that are mistaken for others, as Crockford's base 32 has it.
PREFIX = "L-"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_order_number() -> str:
    """Return a random number such as ``L-7K3M9Q2T``: 40 bits, unique by the table's constraint."""
    return PREFIX + "".join(secrets.choice(ALPHABET) for _ in range(8))
