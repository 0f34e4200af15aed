"""Pictures of the catalogue, opened to be drawn into a preview."""

from collections.abc import Iterable

from PIL import Image, UnidentifiedImageError

from shop.catalogue.models import FrameImage, Variant


def catalogue_pictures(variants: Iterable[Variant]) -> list[Image.Image]:
    """Return the first picture of each variant, or of its frame; one that is missing is left out.

    Args:
        variants: in the order wanted.

    Returns:
        Decoded pictures in RGB.
    """
    wanted = list(variants)
    images = FrameImage.objects.exclude(image="").filter(
        frame_id__in=[variant.frame_id for variant in wanted]
    )
    own: dict[int, FrameImage] = {}
    common: dict[int, FrameImage] = {}
    for image in images.order_by("position", "pk"):
        if image.variant_id is None:
            common.setdefault(image.frame_id, image)
        else:
            own.setdefault(image.variant_id, image)
    found = [own.get(variant.pk) or common.get(variant.frame_id) for variant in wanted]
    return [picture for image in found if image and (picture := _opened(image))]


def _opened(image: FrameImage) -> Image.Image | None:
    try:
        with image.image.open("rb") as file, Image.open(file) as picture:
            see_through = picture.convert("RGBA")
            white = Image.new("RGBA", see_through.size, "white")
            return Image.alpha_composite(white, see_through).convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        # The catalogue's picture is missing or broken: the card is drawn without it.
        return None
