"""``manage.py draw_frames FILE.csv``: draw the pictures a product file names and lacks."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.catalogue.drawing.catalogue import draw_missing
from shop.catalogue.shopify.parsing import CatalogueFileError, parse_products


class Command(BaseCommand):
    """Draw spectacles for every variant picture that is not there yet."""

    help = "Draw the pictures that a Shopify product file names by relative paths and lacks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and where the pictures go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--to", type=Path, help="folder; the file's own if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Draw, and say how many."""
        path: Path = options["file"]
        try:
            products = parse_products(path.read_bytes().decode("utf-8-sig")).products
        except (OSError, UnicodeDecodeError, CatalogueFileError) as error:
            raise CommandError(f"{path} cannot be read as products:\n{error}") from error
        folder: Path = options["to"] or path.parent
        self.stdout.write(f"{draw_missing(products, folder)} pictures drawn into {folder}.")
