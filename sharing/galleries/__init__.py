"""Galleries and the links that open them."""
