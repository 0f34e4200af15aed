"""What of the house is looked through."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# From the ground up: each may use those before it.
FLOORS = ("shop", "trials", "sharing")
ROOMS = {
    "shop": (
        "foundation",
        "analytics",
        "customers",
        "messages",
        "catalogue",
        "inventory",
        "payments",
        "holds",
        "orders",
    ),
    "trials": (
        "programme",
        "costs",
        "units",
        "home_trials",
        "at_home",
        "shipping",
        "fulfilment",
        "swaps",
        "evidence",
        "reports",
        "claims",
        "returns",
        "risk",
        "economics",
        "planning",
        "console",
    ),
    "sharing": (
        "photos",
        "galleries",
        "votes",
        "referrals",
        "stylist",
        "circles",
        "bookmarks",
        "loved",
        "ideas",
        "testers",
        "privacy",
        "simulation",
    ),
}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Yield every file of the floors but migrations, parsed."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT), ast.parse(path.read_text())


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Yield every call of a function or method of that name."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if called == name:
                    yield path, node


def furniture(piece: str) -> list[str]:
    """Return the dotted names of every room's module of that name, such as ``models``."""
    return [
        f"{floor}.{room}.{piece}"
        for floor in FLOORS
        for room in ROOMS[floor]
        if (ROOT / floor / room / f"{piece}.py").exists()
    ]
