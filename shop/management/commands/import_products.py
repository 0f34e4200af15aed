"""``manage.py import_products FILE.csv``: bring the catalogue to what a Shopify export says."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from shop.catalogue.shopify.parsing import CatalogueFileError
from shop.foundation.errors import LorgnetteError
from shop.inventory.intake import import_catalogue


class Command(BaseCommand):
    """Import products and their stock."""

    help = (
        "Import a Shopify product export. Every mistake is named with line and column, and then "
        "nothing is imported; the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file and where its pictures lie."""
        parser.add_argument("file", type=Path, help="the CSV, in UTF-8")
        parser.add_argument(
            "--images",
            type=Path,
            help="folder of pictures that Image Src names without https://; the file's own if "
            "not given",
        )
        parser.add_argument("--currency", default="", help="of the prices; the shop's by default")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what changed or what is wrong."""
        path: Path = options["file"]
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(
                f"{path} is not in UTF-8 (byte {error.start}). Save it as “CSV UTF-8”."
            ) from error
        try:
            report = import_catalogue(
                text=text,
                pictures=options["images"] or path.parent,
                currency=options["currency"],
            )
        except CatalogueFileError as error:
            for mistake in error.mistakes:
                self.stderr.write(str(mistake))
            many = len(error.mistakes)
            raise CommandError(
                f"{many} mistake{'s' if many > 1 else ''} in {path.name}: nothing was imported."
            ) from error
        except LorgnetteError as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        for note in report.notes:
            self.stdout.write(f"note: {note}")
        self.stdout.write(
            f"{report.created} frames created, {report.updated} updated, "
            f"{report.unchanged} unchanged; {report.retired} variants no longer sold; "
            f"{report.pictures_added} pictures stored."
        )
        if report.pictures_waiting:
            self.stdout.write(
                f"{report.pictures_waiting} pictures lie at an address: the worker fetches them."
            )
