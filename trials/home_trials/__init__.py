"""The box a customer fills and the trial it becomes."""
