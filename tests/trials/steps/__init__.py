"""What may be done to trials at any moment, and what must come of it."""
