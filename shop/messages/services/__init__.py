"""Writes of the room: telling, sending, choosing, ending."""
