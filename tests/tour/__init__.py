"""Pictures of the friends' floor for docs/tour.md."""
