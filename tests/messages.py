"""``make messages``: collect what is to be translated, and say what still is."""

import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("de",)


def missing(language: str) -> list[str]:
    """Return the strings of a language that are untranslated or fuzzy."""
    catalogue = polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))
    entries = [*catalogue.untranslated_entries(), *catalogue.fuzzy_entries()]
    return [entry.msgid for entry in entries if not entry.obsolete]


def main() -> int:
    """Collect messages; print those missing; return 1 if any are."""
    command = [sys.executable, "manage.py", "makemessages", "--no-location", "--no-wrap"]
    command += ["--ignore", ".venv/*", "--ignore", "var/*", "--ignore", "tests/*"]
    for language in LANGUAGES:
        (ROOT / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        command += ["-l", language]
    subprocess.run(command, cwd=ROOT, check=True)
    left = {language: missing(language) for language in LANGUAGES}
    for language, strings in left.items():
        print(f"{language}: {len(strings)} to translate")
        print("\n".join(f"  {each}" for each in strings))
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
