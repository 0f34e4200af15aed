"""Photos for the story: a drawn face that wears frames of the demo catalogue.

They lie in ``sharing/photos/demo``, for the demo shop shows them, too, and drawing them takes
longer than the story may. To draw them anew:
``manage.py shell -c "from tests.story.portraits import draw_photos; draw_photos()"``.
"""

import base64
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from string import Template

import pillow_heif
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from shop.catalogue.drawing.catalogue import look_of
from shop.catalogue.drawing.outlines import Point, lens_outline, mirrored
from shop.catalogue.drawing.spectacles import (
    MIDDLE,
    PICTURE,
    PIXELS_PER_MM,
    SIZE,
    WIDEST_MM,
    Look,
    draw_spectacles,
)
from shop.catalogue.shopify.parsing import parse_products
from tests import chromium

pillow_heif.register_heif_opener()

WIDTH, HEIGHT = 1200, 1500
SAVED = (960, 1200)
HERE = Path(__file__).parent
PHOTOS = HERE.parent.parent / "sharing/photos/demo"
FACE = Template((HERE / "portrait.svg").read_text())
PRODUCTS = HERE.parent.parent / "shop/catalogue/demo/products.csv"
# The middle of the bridge in a drawn picture.
PIVOT: Point = (MIDDLE[0], MIDDLE[1] + (PICTURE[1] - SIZE[1]) // 2)
# Where the bridge sits on the drawn face, and how large a millimetre is there.
BRIDGE: Point = (600, 700)
FACE_PIXELS_PER_MM = 3.95

CALM = (
    '<path d="M494 958C530 944 566 932 584 934C594 936 606 936 616 934C634 932 670 944 706 958'
    'C670 962 640 966 600 966C560 966 530 962 494 958Z" fill="#a54e4b"/>'
    '<path d="M494 958C540 964 660 964 706 958C676 1004 640 1016 600 1016'
    'C560 1016 524 1004 494 958Z" fill="url(#lip)"/>'
    '<path d="M482 950C520 968 680 968 718 950" fill="none" stroke="#6f2f2c" stroke-width="5"'
    ' stroke-linecap="round"/>'
    '<ellipse cx="588" cy="992" rx="40" ry="9" fill="#fff" opacity=".32" filter="url(#soft-3)"/>'
)
LAUGHING = (
    '<path d="M478 946C520 936 566 928 584 930C594 932 606 932 616 930C634 928 680 936 722 946'
    'C700 1010 650 1036 600 1036C550 1036 500 1010 478 946Z" fill="#b55b56"/>'
    '<path d="M496 954C550 948 650 948 704 954C684 996 648 1014 600 1014'
    'C552 1014 516 996 496 954Z" fill="#6b2a2a"/>'
    '<path d="M500 954C550 949 650 949 700 954C688 982 650 992 600 992'
    'C550 992 512 982 500 954Z" fill="#fbf6f0"/>'
    '<path d="M470 938C474 944 478 946 484 948M730 938C726 944 722 946 716 948" fill="none"'
    ' stroke="#6f2f2c" stroke-width="5" stroke-linecap="round"/>'
)


@dataclass(frozen=True)
class Pose:
    """One afternoon before the camera."""

    wall: tuple[str, str]
    knit: tuple[str, str]
    tilt: float
    mouth: str


POSES = (
    Pose(("#f3ece3", "#d9c9b8"), ("#8a2a3a", "#571422"), -3, CALM),
    Pose(("#e4ebe4", "#b9c7bb"), ("#e9dcc8", "#c9b598"), 4, LAUGHING),
    Pose(("#e6ebee", "#bccad2"), ("#d99a4e", "#ad7430"), 2, CALM),
    Pose(("#f5e6df", "#ddbfb2"), ("#3d5a6c", "#263c4a"), -5, LAUGHING),
    Pose(("#efe7d6", "#d3c29d"), ("#4a5d45", "#2f3f2c"), 5, LAUGHING),
)


# What she tries on in the story: handle and colour of the demo's catalogue, in her order of trying.
TRIED = (
    ("ada", "Tortoise"),
    ("clara", "Oxblood"),
    ("iris", "Gold"),
    ("klee", "Forest Green"),
    ("thea", "Rose Crystal"),
)


def photo(handle: str) -> Image.Image:
    """Return the photo of her in a frame, as it lies in the repository."""
    return Image.open(PHOTOS / f"{handle}.webp").convert("RGB")


def encoded(image: Image.Image, file_format: str) -> bytes:
    """Return a photo as a file of a format that Pillow knows."""
    out = BytesIO()
    image.save(out, file_format, quality=88)
    return out.getvalue()


def _lens(look: Look) -> list[Point]:
    """Return the outline of the right lens in millimetres from the bridge, as it is drawn."""
    away = look.bridge_mm / 2 + look.lens_mm / 2
    outline = [(x + away, y) for x, y in lens_outline(look.shape, look.lens_mm)]
    fits = min(1.0, WIDEST_MM / max(x for x, _y in outline))
    return [(x * fits, y * fits) for x, y in outline]


def _cut_out(look: Look) -> Image.Image:
    """Return the frame without what a face hides: the temples seen through the lenses."""
    image = draw_spectacles(look)
    draw = ImageDraw.Draw(image)
    lens = _lens(look)
    centre = sum(x for x, _y in lens) / len(lens)
    # A hair inside the rim, so that its edge stays soft.
    inner = [(centre + (x - centre) * 0.975, y * 0.975) for x, y in lens]
    for side in (inner, mirrored(inner)):
        draw.polygon(
            [(PIVOT[0] + x * PIXELS_PER_MM, PIVOT[1] + y * PIXELS_PER_MM) for x, y in side],
            fill="white",
        )
    return image


def _worn(look: Look) -> str:
    """Return the frame as it sits on the drawn face, with a breath of light on its lenses."""
    data = base64.b64encode(encoded(_cut_out(look), "PNG")).decode()
    scale = FACE_PIXELS_PER_MM / PIXELS_PER_MM
    lenses = "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in side) + "Z"
        for side in (_lens(look), mirrored(_lens(look)))
    )
    return (
        f'<image href="data:image/png;base64,{data}"'
        f' x="{BRIDGE[0] - PIVOT[0] * scale:.1f}" y="{BRIDGE[1] - PIVOT[1] * scale:.1f}"'
        f' width="{PICTURE[0] * scale:.1f}" height="{PICTURE[1] * scale:.1f}"'
        ' style="mix-blend-mode:multiply"/><clipPath id="lenses"><path transform="'
        f'translate({BRIDGE[0]} {BRIDGE[1]}) scale({FACE_PIXELS_PER_MM})" d="{lenses}"/></clipPath>'
        '<g clip-path="url(#lenses)" fill="#fff"><rect x="300" y="560" width="600" height="260"'
        ' opacity=".03"/><path d="M340 800L480 560L530 560L390 800ZM700 800L840 560L890 560L750'
        ' 800Z" opacity=".09"/></g>'
    )


def draw_photos() -> None:
    """Draw all photos anew; a browser does it, for it can blur and blend."""
    products = {
        each.handle: each for each in parse_products(PRODUCTS.read_text("utf-8-sig")).products
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        for pose, (handle, colour) in zip(POSES, TRIED, strict=True):
            product = products[handle]
            variant = next(each for each in product.variants if each.colour == colour)
            face = FACE.substitute(
                wall_light=pose.wall[0],
                wall_dark=pose.wall[1],
                knit_light=pose.knit[0],
                knit_dark=pose.knit[1],
                tilt=pose.tilt,
                mouth=pose.mouth,
                frame=_worn(look_of(product, variant)),
            )
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{face}")
            image = Image.open(BytesIO(page.screenshot())).convert("RGB")
            image.resize(SAVED).save(PHOTOS / f"{handle}.webp", quality=86, method=6)
        browser.close()
