"""Reminding a customer of her days, and extending them."""
