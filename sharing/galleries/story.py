"""The picture for a story: the question, frames or faces, and a code that opens the gallery.

1080 by 1920 is the size Instagram asks for; it lays its own bars over the uppermost and lowest
14 percent, so nothing is written there.
"""

from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageOps

from sharing.galleries.lettering import lines_of, sans, serif, shortened, write
from sharing.galleries.preview import ACCENT, INK, PAPER, SOFT, STAGE, multiply

WIDTH, HEIGHT = 1080, 1920
MARGIN = 84
LINE_WIDTH = WIDTH - 2 * MARGIN
# What is free of the app's own bars.
TOP, BOTTOM = 250, 1650
CODE = 300
GAP = 20
# How many stand in each row, by how many there are: a face is high, and needs its chin; a frame is
# wide.
FACES = {1: (1,), 2: (1, 1), 3: (2, 1), 4: (2, 2), 5: (2, 3)}
FRAMES = {**FACES, 5: (2, 2, 1)}
QUALITY = 90


def story_picture(
    *,
    question: str,
    invitation: str,
    hint: str,
    url: str,
    pictures: list[Image.Image],
    faces: bool,
) -> bytes:
    """Compose the picture.

    Args:
        question: what friends are asked.
        invitation: the line below it, such as "Mia asks you. It takes 20 seconds".
        hint: beside the code, such as "Scan the code and vote".
        url: what the code opens.
        pictures: in their order; up to five are shown.
        faces: they are photos, which fill their places; frames on white stand in theirs.

    Returns:
        A JPEG of 1080 by 1920 pixels.
    """
    story = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(story)
    top = TOP
    for line in lines_of(question, serif(84), width=LINE_WIDTH, most=3):
        write(draw, (MARGIN, top), line, serif(84), INK)
        top += 98
    invited = shortened(invitation, sans(38), width=LINE_WIDTH)
    write(draw, (MARGIN, top + 14), invited, sans(38), SOFT)
    _lay(story, pictures[: max(FACES)], (top + 110, BOTTOM - CODE - 50), faces=faces)
    story.paste(_code(url), (MARGIN, BOTTOM - CODE))
    beside, width = MARGIN + CODE + 44, LINE_WIDTH - CODE - 44
    top = BOTTOM - CODE + 40
    for line in lines_of(hint, serif(54), width=width, most=3):
        write(draw, (beside, top), line, serif(54), INK)
        top += 64
    name, *_ext = serif(46)
    draw.text((beside, BOTTOM - 4), "Lorgnette", font=name, fill=ACCENT, anchor="ls")
    out = BytesIO()
    story.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _lay(
    story: Image.Image, pictures: list[Image.Image], between: tuple[int, int], *, faces: bool
) -> None:
    """Lay them in rows of equal height; each row is filled."""
    if not pictures:
        return
    rows, left = (FACES if faces else FRAMES)[len(pictures)], iter(pictures)
    top, bottom = between
    height = (bottom - top - GAP * (len(rows) - 1)) // len(rows)
    for row, columns in enumerate(rows):
        width = (LINE_WIDTH - GAP * (columns - 1)) // columns
        for column in range(columns):
            spot = (MARGIN + column * (width + GAP), top + row * (height + GAP))
            _place(story, next(left), spot, (width, height), faces=faces)


def _place(
    story: Image.Image,
    picture: Image.Image,
    spot: tuple[int, int],
    size: tuple[int, int],
    *,
    faces: bool,
) -> None:
    ground = Image.new("RGB", size, STAGE)
    if faces:
        ground = ImageOps.fit(picture, size, Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    else:
        shown = ImageOps.contain(picture, (size[0] - 60, size[1] - 40), Image.Resampling.LANCZOS)
        middle = ((size[0] - shown.width) // 2, (size[1] - shown.height) // 2)
        multiply(ground, shown, middle)
    corners = Image.new("L", size, 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), 28, fill=255)
    story.paste(ground, spot, corners)


def _code(url: str) -> Image.Image:
    """Return the QR code, black on white: chats and cameras read nothing else as surely."""
    matrix = segno.make_qr(url, error="m").matrix
    quiet = 2
    side = len(matrix) + 2 * quiet
    code = Image.new("1", (side, side), 1)
    for row, cells in enumerate(matrix):
        for column, dark in enumerate(cells):
            if dark:
                code.putpixel((column + quiet, row + quiet), 0)
    return code.resize((CODE, CODE), Image.Resampling.NEAREST).convert("RGB")
