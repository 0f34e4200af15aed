"""Voters, votes and their tally."""
