"""The rules of trials in a market, in versions."""
