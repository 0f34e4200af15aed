"""The one table of events and the figures taken from it."""
