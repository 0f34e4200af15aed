"""Lines on pictures: none is left with a lone word while the others are full."""

import pytest

from sharing.galleries.lettering import lines_of, serif

QUESTIONS = (
    "Which of these five pairs should I really keep for work?",
    "Welche dieser fünf Brillen soll ich denn nun für die Arbeit behalten?",
    "Which pair should I keep, friends?",
)


def _width(line: str, size: int) -> float:
    return serif(size)[0].getlength(line)


@pytest.mark.parametrize("question", QUESTIONS)
def test_lines_are_about_as_long(question: str) -> None:
    lines = lines_of(question, serif(84), width=912, most=3)
    assert len(lines) > 1
    assert " ".join(lines) == question
    widths = [_width(line, 84) for line in lines]
    assert max(widths) <= 912
    assert min(widths) > 0.55 * max(widths)


def test_what_does_not_fit_ends_in_dots_and_what_is_one_word_is_broken() -> None:
    long = lines_of("word " * 60, serif(84), width=912, most=3)
    assert len(long) == 3
    assert long[-1].endswith("…")
    assert "".join(lines_of("x" * 60, serif(84), width=912, most=3)) == "x" * 60
    assert lines_of("", serif(84), width=912, most=3) == [""]
