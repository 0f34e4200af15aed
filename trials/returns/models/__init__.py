"""What came back, in which condition, and what is owed for what did not."""
