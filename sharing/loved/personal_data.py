"""What friends loved: figures of five customers at least, and nobody's."""

from shop.foundation.privacy import not_personal

not_personal(
    "sharing.LovedFrame",
    why="Counts over the galleries of five customers at least; a circle's number.",
)
