"""Who is written to about what, how, and how she ends it."""
