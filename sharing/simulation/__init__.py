"""A year of the shop, played through its own services, to see that nothing gets lost."""
