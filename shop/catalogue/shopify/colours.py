"""Colours by their names, for files that give no swatch."""

import re
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _


class Swatch(NamedTuple):
    """A colour as it is filtered by and shown.

    Attributes:
        family: one of ``FAMILIES``.
        hex: ``#rrggbb``.
        hex2: the second colour of tortoise and fades; empty for most.
    """

    family: str
    hex: str
    hex2: str = ""


# The families a customer filters by, each with the dot she sees.
FAMILIES = {
    "black": (_("Black"), "#1c1a1b", ""),
    "tortoise": (_("Tortoise"), "#9a5b24", "#2e1a10"),
    "brown": (_("Brown"), "#6b4328", ""),
    "crystal": (_("Crystal"), "#dfe5e4", ""),
    "gold": (_("Gold"), "#c6a15b", ""),
    "silver": (_("Silver"), "#a9adb1", ""),
    "grey": (_("Grey"), "#6d7074", ""),
    "blue": (_("Blue"), "#2f4d7a", ""),
    "green": (_("Green"), "#4a6048", ""),
    "red": (_("Red"), "#8c2030", ""),
    "pink": (_("Pink"), "#d9a09c", ""),
    "other": (_("Other"), "#9b8f86", ""),
}
# Words in a colour's name, most telling first: "tortoise" decides before "blue".
WORDS: dict[str, Swatch] = {
    "tortoise": Swatch("tortoise", "#9a5b24", "#2e1a10"),
    "havana": Swatch("tortoise", "#7d4520", "#241309"),
    "crystal": Swatch("crystal", "#cfd8d6"),
    "clear": Swatch("crystal", "#d5dcda"),
    "gold": Swatch("gold", "#c6a15b"),
    "brass": Swatch("gold", "#b08d57"),
    "silver": Swatch("silver", "#a9adb1"),
    "steel": Swatch("silver", "#8d9299"),
    "gunmetal": Swatch("grey", "#4b4e52"),
    "black": Swatch("black", "#1c1a1b"),
    "noir": Swatch("black", "#1c1a1b"),
    "night": Swatch("black", "#2b2b33"),
    "ink": Swatch("blue", "#232b3d"),
    "navy": Swatch("blue", "#25324f"),
    "blue": Swatch("blue", "#2f4d7a"),
    "green": Swatch("green", "#4a6048"),
    "olive": Swatch("green", "#5b5a34"),
    "moss": Swatch("green", "#37452f"),
    "sage": Swatch("green", "#8a9a80"),
    "red": Swatch("red", "#8c2030"),
    "burgundy": Swatch("red", "#5d1626"),
    "oxblood": Swatch("red", "#701b2c"),
    "rose": Swatch("pink", "#d4a59c"),
    "pink": Swatch("pink", "#dba6a8"),
    "blush": Swatch("pink", "#e7b8b0"),
    "honey": Swatch("brown", "#c98a3d"),
    "brown": Swatch("brown", "#6b4328"),
    "walnut": Swatch("brown", "#5a3a26"),
    "amber": Swatch("brown", "#b3702c"),
    "grey": Swatch("grey", "#6d7074"),
    "gray": Swatch("grey", "#6d7074"),
    "smoke": Swatch("grey", "#7e8084"),
    "white": Swatch("crystal", "#ece8e2"),
}
SECOND_COLOUR = re.compile(r"\s+(?:and|und|with|mit)\s+|\s*[/&+]\s*")
HEX = r"#[0-9a-fA-F]{6}"
GIVEN = re.compile(rf"^\s*(?P<name>.+?)\s*[=: ]\s*(?P<hex>{HEX})(?:\s*/\s*(?P<hex2>{HEX}))?\s*$")


def swatch_by_name(colour: str) -> Swatch | None:
    """Return what a colour's name says; nothing where it says nothing known."""
    # "Noir and Gold" is a black frame with gold on it.
    main, *others = SECOND_COLOUR.split(colour.lower())
    for part in (main, *others):
        words = re.findall(r"\w+", part)
        if found := next((swatch for word, swatch in WORDS.items() if word in words), None):
            return found
    return None


def given_swatches(text: str) -> dict[str, Swatch]:
    """Return the swatches a shop wrote itself, by lower-cased colour name.

    Args:
        text: ``Tortoise #9a5b24/#2e1a10; Noir #1c1a1b``, parted by semicolons.

    Raises:
        ValueError: a part is written otherwise.
    """
    swatches = {}
    for part in filter(str.strip, text.split(";")):
        if not (found := GIVEN.match(part)):
            raise ValueError(part.strip())
        known = swatch_by_name(found["name"])
        swatches[found["name"].lower()] = Swatch(
            known.family if known else "other",
            found["hex"].lower(),
            (found["hex2"] or "").lower(),
        )
    return swatches
