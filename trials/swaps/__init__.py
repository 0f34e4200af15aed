"""Swapping one frame of a trial for another while nobody picks its box yet."""
