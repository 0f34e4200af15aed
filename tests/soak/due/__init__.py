"""People to each of whom one thing is due, and what must have become of it once."""
