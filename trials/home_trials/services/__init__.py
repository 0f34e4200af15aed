"""What can be done to a box and to the trial it becomes, one module a use case."""
