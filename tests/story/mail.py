"""Mail of the running shop, read from the folder it is written into."""

import email
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

LINE_BETWEEN = "-" * 79


def mails(folder: Path, to: str) -> list[EmailMessage]:
    """Return the mails to somebody, in the order of their writing.

    Args:
        folder: where Django's file backend writes.
        to: an address.
    """
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns)
    parts = [part for path in files for part in path.read_text().split(LINE_BETWEEN)]
    found = [email.message_from_string(part.strip(), policy=default) for part in parts]
    return [each for each in found if isinstance(each, EmailMessage) and each["To"] == to]


def subjects(folder: Path, to: str) -> list[str]:
    """Return the subjects of the mails to somebody, in the order of their writing."""
    return [str(each["Subject"]) for each in mails(folder, to)]
