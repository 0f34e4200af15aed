"""What the room tells the rooms below: a swap is a way to take what is held."""

from trials.swaps.queries import cannot_swap
from trials.units.turns import register_turn_check

register_turn_check("swaps", cannot_swap)
