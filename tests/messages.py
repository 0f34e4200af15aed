"""``make messages``: collect what is to be translated, compile it, and say what is still to do.

Babel does all of it, so that neither a machine of ours nor a reader's needs GNU gettext.
"""

import io
import sys
from pathlib import Path

from babel.messages import Catalog, Message, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("config", "shop", "trials", "sharing")
LANGUAGES = ("de",)
# The style guide is shown to developers only.
LEFT_OUT = ("shop/styleguide.py", "shop/templates/styleguide.html")
# Words of the libraries that their own German says with "Sie"; ours are looked up first.
BORROWED = ("You do not have permission to perform this action.",)
KEYWORDS = extract.DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def sources() -> list[Path]:
    """Return every file that may hold words for people, in order."""
    found = [path for floor in FLOORS for path in (ROOT / floor).rglob("*")]
    kept = (path for path in found if path.suffix == ".py" or "templates" in path.parts)
    left_out = [ROOT / name for name in LEFT_OUT]
    return sorted(path for path in kept if path.is_file() and path not in left_out)


def extracted() -> Catalog:
    """Return all that code and templates give to be translated."""
    catalogue = Catalog(domain="django")
    for words in BORROWED:
        catalogue.add(words)
    for path in sources():
        text = path.read_text()
        if path.suffix != ".py":
            # Django's own tool makes calls of the tags; what stands before them on a line means
            # nothing, and would be an indentation to Python.
            text = "\n".join(line.strip() for line in templatize(text).splitlines())
        for _line, words, _notes, context in extract.extract(
            "python", io.BytesIO(text.encode()), KEYWORDS
        ):
            catalogue.add(words, context=context)
    return catalogue


def po_file(language: str) -> Path:
    """Return where a language's translations are kept."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def stored(language: str) -> Catalog:
    """Return a language's translations as the repository keeps them."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language, domain="django")


def compiled(catalogue: Catalog) -> bytes:
    """Return translations as Django reads them."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """Return the strings that are not, or not surely, translated in every form."""
    return [name_of(message) for message in catalogue if message.id and not _done(message)]


def name_of(message: Message) -> str:
    """Return a message's words, the singular's where it has two."""
    return message.id if isinstance(message.id, str) else message.id[0]


def _done(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else [message.string]
    return not message.fuzzy and all(forms)


def _renew(language: str) -> Catalog:
    """Bring a language's files up to date with the sources; return its translations."""
    catalogue = stored(language)
    created = catalogue.creation_date
    catalogue.update(extracted(), no_fuzzy_matching=True)
    # A date that changes with every run would be a conflict in every merge.
    catalogue.creation_date = created
    with po_file(language).open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, ignore_obsolete=True)
    po_file(language).with_suffix(".mo").write_bytes(compiled(catalogue))
    return catalogue


def main() -> int:
    """Collect and compile; print what is still to be translated; return 1 if anything is."""
    left = {language: missing(_renew(language)) for language in LANGUAGES}
    for language, strings in left.items():
        print(f"{language}: {len(strings)} to translate")
        print("\n".join(f"  {each}" for each in strings))
    return 1 if any(left.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
