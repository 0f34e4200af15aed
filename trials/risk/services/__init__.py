"""Deciding on trials that were asked for, by rule and by a person; one module a use case."""
