"""The part of a photo that is shown, as the customer chose it."""

from dataclasses import dataclass

# Of an edge of the photo: less is no face any more.
LEAST = 0.1
# What rounding of numbers in a form may add up to.
SLACK = 0.001


@dataclass(frozen=True)
class Crop:
    """A box in the upright photo, in shares of its edges from 0 to 1.

    Attributes:
        left: where it begins, from the left edge.
        top: where it begins, from the upper edge.
        width: of the photo's width.
        height: of the photo's height.
    """

    left: float = 0.0
    top: float = 0.0
    width: float = 1.0
    height: float = 1.0

    @property
    def fits(self) -> bool:
        """Whether it lies within the photo and shows enough of it."""
        inside = self.left >= 0 and self.top >= 0
        large = LEAST <= self.width <= 1 and LEAST <= self.height <= 1
        right, bottom = self.left + self.width, self.top + self.height
        return inside and large and right <= 1 + SLACK and bottom <= 1 + SLACK

    @property
    def is_whole(self) -> bool:
        """Whether nothing is cut off."""
        return self == WHOLE

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return left, upper, right and lower edge in a photo of this many pixels."""
        left, top = (
            min(round(self.left * width), width - 1),
            min(round(self.top * height), height - 1),
        )
        right = min(width, max(left + 1, round((self.left + self.width) * width)))
        bottom = min(height, max(top + 1, round((self.top + self.height) * height)))
        return left, top, right, bottom


WHOLE = Crop()


def middle(shape: float, *, width: int, height: int) -> Crop:
    """Return the largest box of a shape about the middle, set a little high as faces are.

    Args:
        shape: width by height, such as 0.8.
        width: of the photo, in pixels.
        height: likewise.
    """
    share = shape * height / width
    across, down = (share, 1.0) if share <= 1 else (1.0, 1 / share)
    across, down = max(across, LEAST), max(down, LEAST)
    return Crop((1 - across) / 2, (1 - down) * 0.35, across, down)
