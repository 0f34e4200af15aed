"""What people type, without the characters that are no writing."""

import re
import unicodedata

# Control characters and halves of pairs show nothing; the marks that turn the direction of what
# follows can make a line read otherwise than it stands. Joiners stay: emoji and scripts need them.
NO_WRITING = frozenset({"Cc", "Cs"})
TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """Return ``text`` as one line: line ends and runs of spaces become a space, the rest goes."""
    return " ".join(_written(" ".join(text.split())).split())


def several_lines(text: str) -> str:
    """Return ``text`` with plain line feeds, without whatever else is no writing."""
    lines = LINE_ENDS.sub("\n", text).replace("\t", " ").split("\n")
    return "\n".join(_written(line) for line in lines).strip()


def _written(line: str) -> str:
    return "".join(
        each
        for each in line
        if unicodedata.category(each) not in NO_WRITING and each not in TURNING
    )
