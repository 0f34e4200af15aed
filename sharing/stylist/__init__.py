"""The stylist: customers ask, staff answer, and how long that takes is measured."""
