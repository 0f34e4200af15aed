"""What can be done with holds, one module a use case."""
