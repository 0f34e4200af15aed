"""How many units of which frame to own."""
