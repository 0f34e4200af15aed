"""The card a chat shows when a link is sent: the question, and the frames. No face is on it.

Whoever sees the chat sees the card, so the try-on photos stay behind the link.
"""

from io import BytesIO

from PIL import Image, ImageChops, ImageDraw

from sharing.galleries.lettering import lines_of, sans, serif, shortened, write

# The size Open Graph readers ask for (ogp.me, and Meta's "Best practices for images": 1200 by 630).
WIDTH, HEIGHT = 1200, 630
MARGIN = 72
PAPER, STAGE, INK, SOFT, ACCENT = "#fcfbf9", "#f1eee9", "#2a1c20", "#6d5f62", "#701b2c"
LINE_WIDTH = WIDTH - 2 * MARGIN
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
    for line in question_lines(question):
        write(draw, (MARGIN, top), line, serif(68), INK)
        top += 80
    invited = shortened(invitation, sans(32), width=LINE_WIDTH)
    write(draw, (MARGIN, top + 8), invited, sans(32), SOFT)
    name, *_ext = serif(38)
    draw.text((WIDTH - MARGIN, HEIGHT - 40), "Lorgnette", font=name, fill=ACCENT, anchor="rs")
    out = BytesIO()
    # Pillow's "optimize" saves two parts in a hundred and takes four times as long.
    card.save(out, "PNG")
    return out.getvalue()


def question_lines(question: str) -> list[str]:
    """Return the question in the lines it takes on the card, none wider than it is."""
    return lines_of(question, serif(68), width=LINE_WIDTH, most=QUESTION_LINES)


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
        multiply(card, shown, spot)
        left += width + gap


def multiply(card: Image.Image, picture: Image.Image, spot: tuple[int, int]) -> None:
    """Lay a picture with a white ground on a card as the pages do: the ground vanishes."""
    box = (*spot, spot[0] + picture.width, spot[1] + picture.height)
    card.paste(ImageChops.multiply(card.crop(box), picture), spot)
