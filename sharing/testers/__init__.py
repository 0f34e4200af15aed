"""Testers: panels that try frames before they are released, and say what they think."""
