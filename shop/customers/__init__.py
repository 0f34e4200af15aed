"""Who buys: users and their addresses."""
