"""What can be done with units, one module a use case."""
