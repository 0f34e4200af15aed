"""What each parameter must look like, and Stripe's refusal when it does not.

A field turns the raw value (string, dict or list as `wire.decode` gives it) into a Python value.
An empty string means *unset*, as in Stripe's API, and comes out as None.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shop.payments.sandbox.errors import Json, invalid, missing, unknown

Field = Callable[[Any, str], Any]
Spec = Mapping[str, Field]

_CURRENCIES = frozenset(
    [
        "aed",
        "aud",
        "bgn",
        "brl",
        "cad",
        "chf",
        "czk",
        "dkk",
        "eur",
        "gbp",
        "hkd",
        "huf",
        "inr",
        "isk",
        "jpy",
        "krw",
        "mxn",
        "myr",
        "nok",
        "nzd",
        "pln",
        "ron",
        "sek",
        "sgd",
        "thb",
        "try",
        "usd",
        "zar",
    ]
)


def _scalar(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise invalid(f"Invalid string: {name} must be a single value.", name)
    return value.strip()


def text(longest: int = 5000) -> Field:
    """A string of at most `longest` characters."""

    def read(value: Any, name: str) -> str | None:
        found = _scalar(value, name)
        if len(found) > longest:
            raise invalid(f"Invalid string: must be at most {longest} characters", name)
        return found or None

    return read


def integer(least: int | None = None, most: int | None = None) -> Field:
    """A whole number, within bounds where given."""

    def read(value: Any, name: str) -> int:
        found = _scalar(value, name)
        if found == "":
            raise invalid(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt "
                f"to unset a parameter; however '{name}' cannot be unset.",
                name,
                "parameter_invalid_empty",
            )
        if not re.fullmatch(r"-?\d{1,15}", found):
            raise invalid(f"Invalid integer: {name}", name, "parameter_invalid_integer")
        number = int(found)
        if least is not None and number < least:
            raise invalid(
                f"This value must be greater than or equal to {least}.",
                name,
                "parameter_invalid_integer",
            )
        if most is not None and number > most:
            raise invalid(
                f"This value must be less than or equal to {most}.",
                name,
                "parameter_invalid_integer",
            )
        return number

    return read


def seconds(value: Any, name: str) -> float:
    """A length of time up to a day, fractions allowed."""
    found = _scalar(value, name)
    if not re.fullmatch(r"\d{1,5}(\.\d{1,6})?", found) or float(found) > 86400:
        raise invalid(f"Invalid number of seconds: {name}", name)
    return float(found)


def boolean(value: Any, name: str) -> bool:
    """`true` or `false`."""
    found = _scalar(value, name).lower()
    if found not in ("true", "false"):
        raise invalid(f"Invalid boolean: {name} must be either true or false.", name)
    return found == "true"


def one_of(*choices: str) -> Field:
    """One of the words listed; unset allowed."""

    def read(value: Any, name: str) -> str | None:
        found = _scalar(value, name)
        if found and found not in choices:
            raise invalid(f"Invalid {name}: must be one of {', '.join(choices)}", name)
        return found or None

    return read


def currency(value: Any, name: str) -> str:
    """A three-letter ISO code, in lower case as Stripe keeps it."""
    found = _scalar(value, name).lower()
    if found not in _CURRENCIES:
        raise invalid(
            f"Invalid currency: {found[:12]}. Stripe currently supports these currencies: "
            f"{', '.join(sorted(_CURRENCIES))}",
            name,
        )
    return found


def array(item: Field) -> Field:
    """A list, written `name[]=…` or `name[0]=…`."""

    def read(value: Any, name: str) -> list[Any]:
        if value == "":
            return []
        if isinstance(value, dict) and all(key.isdigit() for key in value):
            value = [value[key] for key in sorted(value, key=int)]
        if not isinstance(value, list):
            raise invalid("Invalid array", name)
        return [item(each, f"{name}[{place}]") for place, each in enumerate(value)]

    return read


def group(spec: Spec, required: Sequence[str] = ()) -> Field:
    """A nested object with fields of its own."""

    def read(value: Any, name: str) -> Json | None:
        if value == "":
            return None
        if not isinstance(value, dict):
            raise invalid("Invalid object", name)
        return _read(value, spec, required, name)

    return read


def mapping(value: Any, name: str) -> Json | None:
    """Metadata: up to 50 string pairs, keys to 40, values to 500 characters; None clears all."""
    if value == "":
        return None
    if not isinstance(value, dict):
        raise invalid("Invalid object", name)
    if len(value) > 50:
        raise invalid("You can specify up to 50 metadata keys.", name)
    for key, found in value.items():
        if len(key) > 40:
            raise invalid("Metadata keys can be up to 40 characters long.", f"{name}[{key[:40]}]")
        if not isinstance(found, str):
            raise invalid("Metadata values must be strings.", f"{name}[{key}]")
        if len(found) > 500:
            raise invalid("Metadata values can be up to 500 characters.", f"{name}[{key}]")
    return dict(value)


def opaque(value: Any, name: str) -> Any:
    """A value kept as it came, whose inside the sandbox does not use."""
    return None if value == "" else value


def created_range(value: Any, name: str) -> Json:
    """`created=…` or `created[gte|gt|lte|lt]=…`, in seconds since 1970."""
    if isinstance(value, str):
        return {"eq": integer()(value, name)}
    bounds = {bound: integer() for bound in ("gt", "gte", "lt", "lte")}
    return _read(value, bounds, (), name) if isinstance(value, dict) else {}


ADDRESS = group(
    {name: text() for name in ("line1", "line2", "city", "state", "postal_code", "country")}
)
SHIPPING = group(
    {
        "address": ADDRESS,
        "name": text(),
        "phone": text(),
        "carrier": text(),
        "tracking_number": text(),
    }
)
BILLING_DETAILS = group(
    {
        "address": ADDRESS,
        "email": text(),
        "name": text(),
        "phone": text(),
        "tax_id": text(),
    }
)


def read(raw: Json, spec: Spec, required: Sequence[str] = ()) -> Json:
    """Check a request's parameters. Gives only those sent.

    Raises `ApiError` 400: `parameter_unknown`, `parameter_missing`, or the field's own refusal.
    """
    return _read(raw, spec, required, "")


def _read(raw: Json, spec: Spec, required: Sequence[str], inside: str) -> Json:
    def path(name: str) -> str:
        return f"{inside}[{name}]" if inside else name

    strange = [path(name) for name in raw if name not in spec]
    if strange:
        raise unknown(strange)
    for name in required:
        if name not in raw:
            raise missing(path(name))
    return {name: spec[name](value, path(name)) for name, value in raw.items()}
