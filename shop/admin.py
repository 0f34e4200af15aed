"""The door by which Django's admin finds the rooms' registrations."""
