"""Saved frames with tags, a note and an audience; what friends and colleagues find by them."""
