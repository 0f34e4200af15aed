"""How a colour's name tells what the material looks like."""

TORTOISE = ("tortoise", "havana", "amber horn", "leopard", "schildpatt")
CRYSTAL = ("crystal", "clear", "transparent", "glass", "kristall")


def finish_of(colour: str, colour2: str) -> str:
    """Return the finish of a colour: ``tortoise``, ``crystal``, ``fade`` or ``solid``.

    Args:
        colour: its name in the catalogue.
        colour2: the second colour as ``#rrggbb``; empty if there is none.
    """
    name = colour.lower()
    if any(word in name for word in TORTOISE):
        return "tortoise"
    if any(word in name for word in CRYSTAL):
        return "crystal"
    return "fade" if "fade" in name and colour2 else "solid"
