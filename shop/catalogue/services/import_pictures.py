"""The pictures of an import: found, stored once, hung at the variants that name them."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

from django.core.files.storage import default_storage
from django.db import transaction

from shop.catalogue.errors import PictureUnreadableError
from shop.catalogue.models import Frame, FrameImage, Variant
from shop.catalogue.services.pictures import read_picture, store_picture
from shop.catalogue.shopify.products import Mistake, ParsedImage, ParsedProduct
from shop.catalogue.uploads import frame_image_path
from shop.foundation.outbox import publish


class PictureImport:
    """Brings each frame's pictures to what the file names.

    Attributes:
        stored: names of the files written, to be deleted should the import fail.
        asked: frames and addresses of pictures that are yet to be fetched.
    """

    def __init__(self, folder: Path, mistakes: list[Mistake]) -> None:
        self.folder = folder
        self.mistakes = mistakes
        self.stored: list[str] = []
        self.asked: set[tuple[int, str]] = set()

    def check_only(self, product: ParsedProduct) -> None:
        """Write down missing pictures of a product that will not be imported anyway."""
        for image in product.images:
            self._read(image)

    def take(
        self,
        frame: Frame,
        product: ParsedProduct,
        variants: list[Variant],
        standing: Iterable[FrameImage],
    ) -> bool:
        """Hang up what is missing, take down what the file names no more.

        Args:
            frame: whose pictures.
            product: as the file has it.
            variants: its rows, in the order of ``product.variants``.
            standing: its pictures so far.

        Returns:
            Whether anything changed.
        """
        left = {(image.variant_id, image.source_url): image for image in standing}
        changed = False
        for image in product.images:
            content, source = self._read(image)
            owners: list[Variant | None] = [
                variant
                for variant, each in zip(variants, product.variants, strict=True)
                if each.image_src == image.src
            ]
            file: FrameImage | None = None
            for owner in owners or [None]:
                row = left.pop((owner.pk if owner else None, source), None)
                if row is None:
                    row = FrameImage(frame=frame, variant=owner, source_url=source)
                    self._fill(row, image, content, like=file)
                if not row.image:
                    self._fetch_later(frame, row)
                if row.pk is None or (row.alt, row.position) != (image.alt, image.position):
                    row.alt, row.position = image.alt, image.position
                    row.save()
                    changed = True
                file = row
        for image_row in left.values():
            image_row.delete()
        gone = {row.image.name for row in left.values() if row.image}
        transaction.on_commit(partial(_delete_unused, gone))
        return changed or bool(left)

    def _fetch_later(self, frame: Frame, row: FrameImage) -> None:
        """Have the worker fetch a picture, asked for once however many variants show it."""
        if "://" not in row.source_url:
            return
        key = (frame.pk, row.source_url)
        if row.pk is None and key not in self.asked:
            publish("catalogue.fetch_picture", {"frame_id": frame.pk, "source_url": row.source_url})
        self.asked.add(key)

    def _read(self, image: ParsedImage) -> tuple[bytes, str]:
        if "://" in image.src:
            return b"", image.src
        try:
            return read_picture(self.folder, image.src)
        except PictureUnreadableError as error:
            self.mistakes.append(Mistake(image.line, "Image Src", str(error)))
            return b"", image.src

    def _fill(
        self, row: FrameImage, image: ParsedImage, content: bytes, *, like: FrameImage | None
    ) -> None:
        """Store the picture, or share the file of a variant that has the same one."""
        if like is not None and like.image:
            row.image, row.width, row.height = like.image.name, like.width, like.height
        elif content:
            try:
                name, (row.width, row.height) = store_picture(
                    content, name=frame_image_path(row, "picture.webp")
                )
            except PictureUnreadableError as error:
                self.mistakes.append(Mistake(image.line, "Image Src", f"{image.src}: {error}"))
                return
            row.image = name
            self.stored.append(name)


def _delete_unused(names: set[str]) -> None:
    used = set(FrameImage.objects.filter(image__in=names).values_list("image", flat=True))
    for name in names - used:
        default_storage.delete(name)
