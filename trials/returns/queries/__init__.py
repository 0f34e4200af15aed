"""What has come back, what has not, and what is owed for it."""
