"""Referral codes: seven random characters and one that checks them.

The alphabet is Crockford's (https://www.crockford.com/base32.html): no I, L, O or U, and what
people write for them is read as meant. The check is Luhn's algorithm modulo 32
(https://en.wikipedia.org/wiki/Luhn_mod_N_algorithm), which finds any one wrong character and
nearly every pair swapped, so that a slip of the finger is never somebody else's code.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
KEY_LENGTH = 12
READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def _check(characters: str) -> str:
    base, total, factor = len(ALPHABET), 0, 2
    for each in reversed(characters):
        addend = factor * ALPHABET.index(each)
        total += addend // base + addend % base
        factor = 3 - factor
    return ALPHABET[-total % base]


def new_code() -> str:
    """Return a code nobody can guess from another."""
    characters = "".join(secrets.choice(ALPHABET) for _each in range(LENGTH - 1))
    return characters + _check(characters)


def new_key() -> str:
    """Return the key of an invitation: 60 random bits."""
    return "".join(secrets.choice(ALPHABET) for _each in range(KEY_LENGTH))


def read_code(typed: str) -> str:
    """Return a code as it is kept, however it was typed; empty where it can be none."""
    code = typed.upper().translate(READ_AS)
    if len(code) != LENGTH or any(each not in ALPHABET for each in code):
        return ""
    return code if _check(code[:-1]) == code[-1] else ""


def shown_code(code: str) -> str:
    """Return a code as people read it: in two halves."""
    return f"{code[:4]}-{code[4:]}"
