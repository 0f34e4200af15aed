"""Parcels out and back, their labels and tracking."""
