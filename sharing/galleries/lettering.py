"""Writing on a picture in the shop's own fonts: what they can write, and where a line ends."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from PIL import ImageDraw, ImageFont

FOLDER = Path(__file__).resolve().parents[2] / "shop" / "static" / "fonts"
# In the last plane, which is nobody's: any font shows its sign for what it lacks.
MISSING = "\U0010fffd"
# Of one family, the first for most of what is written, the next for what that one lacks.
Fonts = tuple[ImageFont.FreeTypeFont, ...]


def serif(size: int) -> Fonts:
    """Return the fonts of headings, ``size`` pixels high."""
    return _font("newsreader-display-latin", size), _font("newsreader-display-latin-ext", size)


def sans(size: int) -> Fonts:
    """Return the fonts of all else, ``size`` pixels high."""
    name = "instrument-sans-{}-wght-normal"
    return _font(name.format("latin"), size), _font(name.format("latin-ext"), size)


def writable(text: str) -> str:
    """Return ``text`` without what the fonts cannot write, such as emoji.

    Nothing is left of a text that would lose most of its letters: half a word says something else.
    """
    whole = unicodedata.normalize("NFC", text)
    left = "".join(each for each in whole if each.isspace() or _font_of(each, serif(68)))
    letters = [sum(map(str.isalnum, each)) for each in (whole, left)]
    return " ".join(left.split()) if letters[1] * 2 > letters[0] else ""


def lines_of(text: str, fonts: Fonts, *, width: int, most: int) -> list[str]:
    """Return ``text`` in the lines it takes, none wider than ``width`` pixels, all about as long.

    Args:
        text: one paragraph.
        fonts: it is written in.
        width: of a line, in pixels.
        most: lines there is room for; the last is ended by an ellipsis where there are more.
    """
    lines = _filled(text, fonts, width)
    if len(lines) > most:
        lines[most - 1 :] = [shortened(f"{lines[most - 1]} …", fonts, width=width)]
        return lines
    # The narrowest that takes no more lines leaves no lone word on the last one.
    widest_word = max((_length(word, fonts) for word in text.split()), default=0)
    narrow, wide = min(widest_word, width), float(width)
    while wide - narrow > 1:
        middle = (narrow + wide) / 2
        if len(_filled(text, fonts, middle)) > len(lines):
            narrow = middle
        else:
            wide = middle
    return _filled(text, fonts, wide)


def _filled(text: str, fonts: Fonts, width: float) -> list[str]:
    """Return the lines of ``text``, each as full as it gets."""
    lines, line = list[str](), ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and _length(longer, fonts) > width:
            lines.append(line)
            longer = word
        # A word that fills more than a line is broken where the line ends.
        while len(fitting := _beginning(longer, fonts, width)) < len(longer):
            lines.append(fitting)
            longer = longer[len(fitting) :]
        line = longer
    lines.append(line)
    return lines


def shortened(text: str, fonts: Fonts, *, width: int) -> str:
    """Return ``text``, ended by an ellipsis where a line of ``width`` does not take it whole."""
    while _length(text, fonts) > width:
        text = text.rstrip("…").rstrip()[:-1].rstrip() + " …"
    return text


def write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fonts: Fonts, colour: str
) -> None:
    """Write one line with its upper left corner ``at``."""
    left, top = at
    for font, run in _runs(text, fonts):
        draw.text((left, top), run, font=font, fill=colour)
        left += font.getlength(run)


@lru_cache(maxsize=16)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / f"{name}.woff2"), size)


@lru_cache(maxsize=1024)
def _font_of(character: str, fonts: Fonts) -> ImageFont.FreeTypeFont | None:
    """Return the font that has a character; nothing where it would be an empty box or no mark."""
    for font in fonts:
        mark = font.getmask(character)
        if mark.getbbox() and bytes(mark) != bytes(font.getmask(MISSING)):
            return font
    return None


def _runs(text: str, fonts: Fonts) -> list[tuple[ImageFont.FreeTypeFont, str]]:
    """Split ``text`` where the font changes."""
    runs: list[tuple[ImageFont.FreeTypeFont, str]] = []
    for each in text:
        font = _font_of(each, fonts) or fonts[0]
        if runs and runs[-1][0] is font:
            runs[-1] = font, runs[-1][1] + each
        else:
            runs.append((font, each))
    return runs


def _length(text: str, fonts: Fonts) -> float:
    return sum(font.getlength(run) for font, run in _runs(text, fonts))


def _beginning(text: str, fonts: Fonts, width: float) -> str:
    """Return as much of ``text`` as a line takes, at least one character."""
    fits = len(text)
    while fits > 1 and _length(text[:fits], fonts) > width:
        fits -= 1
    return text[:fits]
