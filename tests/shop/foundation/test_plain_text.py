"""Text is kept as it reads, without characters that show nothing or turn what follows."""

import pytest

from shop.foundation.plain_text import one_line, several_lines


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Nora \t Klein ", "Nora Klein"),
        ("Nora\r\nBcc: all@example.com", "Nora Bcc: all@example.com"),
        ("Nora\x07\x00\x1b[31m", "Nora[31m"),
        ("exe\u202egpj.\u2066x\u2069", "exegpj.x"),
        ("\u202e", ""),
        ("Зоя O’Neill-Müller", "Зоя O’Neill-Müller"),
        ("👩‍👧 family", "👩‍👧 family"),
    ],
)
def test_a_line_stays_one_line_of_writing(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_a_comment_keeps_its_lines_and_nothing_else_that_is_no_writing() -> None:
    assert several_lines(" first\r\nsecond\u202e\x07\n\nlast \x00") == "first\nsecond\n\nlast"
