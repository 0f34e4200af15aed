"""What is read from the environment stands in the manual and in the example, and nothing else."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
READERS = frozenset({"str", "int", "bool", "list", "dict", "email_url"})
# How tests and the supervisor speak to the processes they start; nobody else sets them.
INNER = frozenset({"LORGNETTE_TESTING", "LORGNETTE_TEST_DB"})
# Of embedded mode and of tests: a served shop has no use for them.
NOT_SERVED = frozenset({"BUSY", "HOST", "PORT", "TEST_DATABASE_URL", "TEST_REDIS_URL"})


def read_in(path: Path) -> set[str]:
    """Return the names a module reads by ``env`` or from ``os.environ``."""
    found = set()
    for call in ast.walk(ast.parse(path.read_text())):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
            continue
        of, name = ast.unparse(call.func.value), call.args[0]
        asks = (of == "env" and call.func.attr in READERS) or (
            of == "os.environ" and call.func.attr == "get"
        )
        if asks and isinstance(name, ast.Constant):
            found.add(str(name.value))
    return found


def settings_read() -> set[str]:
    """Return all that the house reads for whoever runs it."""
    return set[str]().union(*(read_in(path) for path in (ROOT / "config").rglob("*.py"))) - INNER


def test_the_manual_names_every_setting_and_none_that_is_not_read() -> None:
    manual = (ROOT / "docs" / "running.md").read_text()
    read = settings_read()
    assert "GALLERY_KEPT_DAYS" in read
    assert read - set(re.findall(r"\b[A-Z][A-Z_]+\b", manual)) == set()
    table = manual.partition("| setting |")[2].partition("\n\n")[0]
    rows = (row.split("|")[1] for row in table.splitlines()[1:] if row.startswith("| `"))
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == read - {
        each for each in NOT_SERVED if each.startswith("TEST_")
    }


def test_the_example_names_what_a_served_shop_sets() -> None:
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#?([A-Z][A-Z_]+)=", example, flags=re.MULTILINE))
    assert named == settings_read() - NOT_SERVED
