"""What a file of products says, once it is understood."""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing wrong, or left aside, in a file.

    Attributes:
        line: the file's own line number, counted from 1, where the row begins.
        column: the header's name for it; empty where the whole row is meant.
        reason: what is wrong and what would be right.
    """

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f"line {self.line}, {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.reason}"


@dataclass
class ParsedVariant:
    """One colour and size, as the file has it."""

    line: int
    sku: str
    colour: str
    colour_family: str
    colour_hex: str
    colour_hex2: str
    size: str
    barcode: str
    price: Decimal
    compare_at_price: Decimal | None
    quantity: int | None
    image_src: str


@dataclass
class ParsedImage:
    """One picture, as the file names it."""

    line: int
    src: str
    alt: str
    position: int


@dataclass
class ParsedProduct:
    """One handle with its variants and pictures."""

    line: int
    handle: str
    name: str
    brand: str
    description: str
    shape: str
    material: str
    width: str
    lens_width_mm: int | None
    bridge_mm: int | None
    temple_mm: int | None
    tags: list[str]
    published: bool
    variants: list[ParsedVariant] = field(default_factory=list)
    images: list[ParsedImage] = field(default_factory=list)


@dataclass
class ParsedFile:
    """A whole file: its products, and what was left aside and why."""

    products: list[ParsedProduct]
    notes: list[Mistake]
