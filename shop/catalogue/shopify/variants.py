"""The variants of one product: its rows with an option value, a SKU or a price."""

import re
import unicodedata
from decimal import Decimal

from shop.catalogue.shopify.colours import FAMILIES, Swatch, given_swatches, swatch_by_name
from shop.catalogue.shopify.products import Mistake, ParsedVariant
from shop.catalogue.shopify.rows import Row
from shop.catalogue.shopify.values import code_of, image_src, price, text_of, whole

# Merchants name options in their own language; compared in lower case.
COLOUR_NAMES = {"colour", "color", "farbe", "couleur", "kleur", "frame color", "frame colour"}
SIZE_NAMES = {"size", "größe", "groesse", "grösse", "taille", "maat", "frame size", "eye size"}
OPTIONS = (1, 2, 3)


class VariantReader:
    """Reads the rows of one handle."""

    def __init__(
        self, handle: str, first: Row, mistakes: list[Mistake], notes: list[Mistake]
    ) -> None:
        self.handle = handle
        self.first = first
        self.mistakes = mistakes
        self.notes = notes
        self.colour_option, self.size_option = self._options()
        self.swatches = self._given_swatches()

    def read(self, rows: list[Row]) -> list[ParsedVariant]:
        """Return the variants; at least one, or a mistake is written down."""
        variants = [self._variant(row) for row in rows if self._has_variant(row)]
        for row in rows:
            if not self._has_variant(row) and not row["image src"] and row is not self.first:
                self.mistakes.append(Mistake(row.line, "", "carries no variant and no picture"))
        if not variants:
            reason = f"“{self.handle}” has no variant: no row has an option, a SKU or a price"
            self.mistakes.append(Mistake(self.first.line, "", reason))
        seen: dict[tuple[str, str], int] = {}
        for variant in variants:
            key = (variant.colour.lower(), variant.size.lower())
            if key in seen:
                reason = f"colour and size stand on line {seen[key]} too"
                self.mistakes.append(Mistake(variant.line, "Option1 Value", reason))
            seen.setdefault(key, variant.line)
        return variants

    def _options(self) -> tuple[int, int]:
        """Return which option is the colour and which the size; 0 for none."""
        colour = size = 0
        for number in OPTIONS:
            name = self.first[f"option{number} name"]
            if name.lower() in COLOUR_NAMES and not colour:
                colour = number
            elif name.lower() in SIZE_NAMES and not size:
                size = number
            elif name and name.lower() != "title":
                reason = f"“{name}” is neither a colour nor a size, the two that frames come in"
                column = self.first.header.name(f"option{number} name")
                self.mistakes.append(Mistake(self.first.line, column, reason))
        return colour, size

    def _given_swatches(self) -> dict[str, Swatch]:
        value, column = self.first.metafield("colours", "colors", "swatches")
        try:
            return given_swatches(value)
        except ValueError as error:
            reason = f"“{error}” is no swatch; write Tortoise #9a5b24/#2e1a10; Noir #1c1a1b"
            self.mistakes.append(Mistake(self.first.line, column, reason))
            return {}

    def _has_variant(self, row: Row) -> bool:
        return any(row[name] for name in ("option1 value", "variant sku", "variant price"))

    def _variant(self, row: Row) -> ParsedVariant:
        colour, size = self._colour(row), self._option(row, self.size_option, 20)
        swatch = self.swatches.get(colour.lower()) or swatch_by_name(colour)
        if swatch is None:
            _label, grey, _none = FAMILIES["other"]
            swatch = Swatch("other", grey)
            reason = f"“{colour}” is no known colour: shown grey until a metafield names its swatch"
            self.notes.append(Mistake(row.line, "Option1 Value", reason))
        cost, before = self._prices(row)
        return ParsedVariant(
            line=row.line,
            sku=code_of(row, "variant sku", 60, self.mistakes) or self._sku(colour, size),
            colour=colour,
            colour_family=swatch.family,
            colour_hex=swatch.hex,
            colour_hex2=swatch.hex2,
            size=size,
            barcode=code_of(row, "variant barcode", 40, self.mistakes),
            price=cost,
            compare_at_price=before,
            quantity=self._quantity(row),
            image_src=image_src(row, "variant image", self.mistakes),
        )

    def _option(self, row: Row, number: int, limit: int) -> str:
        return text_of(row, f"option{number} value", limit, self.mistakes) if number else ""

    def _colour(self, row: Row) -> str:
        if not self.colour_option:
            return text_of(self.first, "title", 60, self.mistakes)
        colour = self._option(row, self.colour_option, 60)
        if not colour:
            column = row.header.name(f"option{self.colour_option} value")
            self.mistakes.append(Mistake(row.line, column, "is empty: which colour is it?"))
        return colour

    def _prices(self, row: Row) -> tuple[Decimal, Decimal | None]:
        before_mistakes = len(self.mistakes)
        cost = price(row, "variant price", self.mistakes)
        column = row.header.name("variant price")
        if cost is None and len(self.mistakes) == before_mistakes:
            self.mistakes.append(Mistake(row.line, column, "is empty: what does it cost?"))
        before = price(row, "variant compare at price", self.mistakes)
        if cost is not None and before is not None and before <= cost:
            if before and before < cost:
                reason = f"{before} is below the price of {cost}: not shown as a former price"
                name = row.header.name("variant compare at price")
                self.notes.append(Mistake(row.line, name, reason))
            before = None
        return cost or Decimal(0), before

    def _quantity(self, row: Row) -> int | None:
        """Return the stock; nothing where the shop does not count it."""
        column = "variant inventory qty"
        # Shopify allows selling into the minus; nothing is on hand then.
        if row[column].startswith("-") and row[column][1:].isdigit():
            reason = f"{row[column]} counts as 0"
            self.notes.append(Mistake(row.line, row.header.name(column), reason))
            return 0
        return whole(row, column, self.mistakes, limit=1_000_000)

    def _sku(self, colour: str, size: str) -> str:
        plain = unicodedata.normalize("NFKD", f"{colour} {size}").encode("ascii", "ignore").decode()
        ending = re.sub(r"[^A-Z0-9]+", "-", plain.upper()).strip("-")
        return f"{self.handle.upper()[: 58 - len(ending)]}-{ending}"[:60]
