"""Writes of the room, by use case."""
