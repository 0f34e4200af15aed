"""What is on hand: stock records and reservations."""
