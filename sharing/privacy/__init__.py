"""Erasing, exporting and objecting: the rights of whoever the shop holds something of."""
