"""The card a chat shows when a link is sent: the question, and the frames. No face is on it.

Whoever sees the chat sees the card, so the try-on photos stay behind the link.
"""

import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

# The size Open Graph readers ask for (ogp.me, and Meta's "Best practices for images": 1200 by 630).
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
PAPER, STAGE, INK, SOFT, ACCENT = "#fcfbf9", "#f1eee9", "#2a1c20", "#6d5f62", "#701b2c"
FONTS = Path(__file__).resolve().parents[2] / "shop" / "static" / "fonts"
LINE_WIDTH = WIDTH - 2 * MARGIN
QUESTION_LINES = 2
FRAMES_SHOWN = 5
# In the last plane, which is nobody's: any font shows its sign for what it lacks.
MISSING = "\U0010fffd"
# Of one family, the first for most of what is written, the next for what that one lacks.
Fonts = tuple[ImageFont.FreeTypeFont, ...]


def preview_card(*, question: str, invitation: str, pictures: list[Image.Image]) -> bytes:
    """Compose the card.

    Args:
        question: what friends are asked.
        invitation: the line below it, such as "Mia asks: vote in 20 seconds".
        pictures: of the frames, in their order; up to five are shown.

    Returns:
        A PNG of 1200 by 630 pixels.
    """
    card = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _lay_frames(card, pictures[:FRAMES_SHOWN])
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, WIDTH, 10), fill=ACCENT)
    top = 62
    for line in question_lines(question):
        _write(draw, (MARGIN, top), line, _serif(68), INK)
        top += 80
    _write(draw, (MARGIN, top + 8), _shortened(invitation, _sans(32)), _sans(32), SOFT)
    name, *_ext = _serif(38)
    draw.text((WIDTH - MARGIN, HEIGHT - 40), "Lorgnette", font=name, fill=ACCENT, anchor="rs")
    out = BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


def writable(text: str) -> str:
    """Return ``text`` without what the card's fonts cannot write, such as emoji.

    Nothing is left of a text that would lose most of its letters: half a word says something else.
    """
    whole = unicodedata.normalize("NFC", text)
    left = "".join(each for each in whole if each.isspace() or _font_of(each, _serif(68)))
    letters = [sum(map(str.isalnum, each)) for each in (whole, left)]
    return " ".join(left.split()) if letters[1] * 2 > letters[0] else ""


def question_lines(question: str) -> list[str]:
    """Return the question in the lines it takes on the card, none wider than it is."""
    fonts, lines, line = _serif(68), list[str](), ""
    for word in question.split():
        longer = f"{line} {word}".strip()
        if line and _length(longer, fonts) > LINE_WIDTH:
            lines.append(line)
            longer = word
        # A word that fills more than a line is broken where the line ends.
        while len(fitting := _beginning(longer, fonts)) < len(longer):
            lines.append(fitting)
            longer = longer[len(fitting) :]
        line = longer
    lines.append(line)
    if len(lines) > QUESTION_LINES:
        lines[QUESTION_LINES - 1 :] = [_shortened(f"{lines[QUESTION_LINES - 1]} …", fonts)]
    return lines


def _serif(size: int) -> Fonts:
    return _font("newsreader-display-latin", size), _font("newsreader-display-latin-ext", size)


def _sans(size: int) -> Fonts:
    name = "instrument-sans-{}-wght-normal"
    return _font(name.format("latin"), size), _font(name.format("latin-ext"), size)


@lru_cache(maxsize=8)
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / f"{name}.woff2"), size)


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


def _write(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, fonts: Fonts, colour: str
) -> None:
    left, top = at
    for font, run in _runs(text, fonts):
        draw.text((left, top), run, font=font, fill=colour)
        left += font.getlength(run)


def _beginning(text: str, fonts: Fonts) -> str:
    """Return as much of ``text`` as a line takes, at least one character."""
    fits = len(text)
    while fits > 1 and _length(text[:fits], fonts) > LINE_WIDTH:
        fits -= 1
    return text[:fits]


def _shortened(text: str, fonts: Fonts) -> str:
    """Return ``text``, ended by an ellipsis where a line does not take it whole."""
    while _length(text, fonts) > LINE_WIDTH:
        text = text.rstrip("…").rstrip()[:-1].rstrip() + " …"
    return text


def _lay_frames(card: Image.Image, pictures: list[Image.Image]) -> None:
    if not pictures:
        return
    top, height, gap = 300, 230, 16
    width = (WIDTH - 2 * MARGIN - gap * (len(pictures) - 1)) // len(pictures)
    width = min(width, 420)
    left = (WIDTH - width * len(pictures) - gap * (len(pictures) - 1)) // 2
    draw = ImageDraw.Draw(card)
    for picture in pictures:
        place = (left, top, left + width, top + height)
        draw.rounded_rectangle(place, radius=20, fill=STAGE)
        shown = picture.copy()
        shown.thumbnail((width - 24, height - 24), Image.Resampling.LANCZOS)
        spot = (left + (width - shown.width) // 2, top + (height - shown.height) // 2)
        _multiply(card, shown, spot)
        left += width + gap


def _multiply(card: Image.Image, picture: Image.Image, spot: tuple[int, int]) -> None:
    """Lay a picture with a white ground on the card as the pages do: the ground vanishes."""
    box = (*spot, spot[0] + picture.width, spot[1] + picture.height)
    card.paste(ImageChops.multiply(card.crop(box), picture), spot)
