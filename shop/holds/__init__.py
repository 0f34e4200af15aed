"""Amounts held on cards: authorised and not taken, renewed before they lapse."""
