"""Numbers of trials: short, easy to read out, and silent about how many there are."""

import secrets

# Without 0, 1, I, L and O, which look alike. 31 is a prime, so the check character below finds
# every single wrong character and every two that changed places.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 6


def check_character(body: str) -> str:
    """Return the check character of ``body``: its weighted sum by the alphabet's length."""
    weighted = sum((place + 2) * ALPHABET.index(each) for place, each in enumerate(body))
    return ALPHABET[weighted % len(ALPHABET)]


def new_number() -> str:
    """Return a random number such as ``T-7K3M9Q2``, which may be taken already."""
    body = "".join(secrets.choice(ALPHABET) for _each in range(LENGTH))
    return f"T-{body}{check_character(body)}"


def is_well_formed(number: str) -> bool:
    """Tell whether ``number`` could be a trial's and was copied without an error."""
    body = number.removeprefix("T-")
    return (
        number.startswith("T-")
        and len(body) == LENGTH + 1
        and set(body) <= set(ALPHABET)
        and check_character(body[:-1]) == body[-1]
    )
