"""The card a chat shows when a link is sent: the question, and the frames. No face is on it.

Whoever sees the chat sees the card, so the try-on photos stay behind the link.
"""

from functools import lru_cache
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

# The size Open Graph readers ask for (ogp.me, and Meta's "Best practices for images": 1200 by 630).
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
PAPER, STAGE, INK, SOFT, ACCENT = "#fcfbf9", "#f1eee9", "#2a1c20", "#6d5f62", "#701b2c"
FONTS = Path(__file__).resolve().parents[2] / "shop" / "static" / "fonts"
QUESTION_LINES = 2
FRAMES_SHOWN = 5


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
    for line in _lines(draw, question):
        draw.text((MARGIN, top), line, font=_serif(68), fill=INK)
        top += 80
    draw.text((MARGIN, top + 8), invitation, font=_sans(32), fill=SOFT)
    draw.text((WIDTH - MARGIN, HEIGHT - 40), "Lorgnette", font=_serif(38), fill=ACCENT, anchor="rs")
    out = BytesIO()
    card.save(out, "PNG", optimize=True)
    return out.getvalue()


@lru_cache(maxsize=4)
def _serif(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "newsreader-display-latin.woff2"), size)


@lru_cache(maxsize=4)
def _sans(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONTS / "instrument-sans-latin-wght-normal.woff2"), size)


def _lines(draw: ImageDraw.ImageDraw, words: str) -> list[str]:
    lines, line = [], ""
    for word in words.split():
        longer = f"{line} {word}".strip()
        if line and draw.textlength(longer, font=_serif(68)) > WIDTH - 2 * MARGIN:
            lines.append(line)
            longer = word
        line = longer
    lines.append(line)
    if len(lines) > QUESTION_LINES:
        lines = [*lines[: QUESTION_LINES - 1], lines[QUESTION_LINES - 1] + " …"]
    return lines


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
