"""Writes of the room: erasing people, erasing what is over, objections, exports."""
